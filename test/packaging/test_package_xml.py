from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from fastdepth_ros import __version__

ROOT = Path(__file__).resolve().parents[2]
# rosdep's keys for Python packages that have one; checked against rosdistro's python.yaml.
ROSDEP_KEYS = {
    'cv2': 'python3-opencv',
    'h5py': 'python3-h5py',
    'jinja2': 'python3-jinja2',
    'matplotlib': 'python3-matplotlib',
    'numpy': 'python3-numpy',
    'psutil': 'python3-psutil',
    'rosbags': 'python3-rosbags-pip',
    'scipy': 'python3-scipy',
    'tensorboard': 'python3-tensorboard-pip',
    'tf2_ros': 'tf2_ros_py',  # the Python module; the package tf2_ros is C++ and does not need it
    'torch': 'python3-torch',
    'torchvision': 'python3-torchvision',
    'tqdm': 'python3-tqdm',
    'yaml': 'python3-yaml',
}
WITHOUT_KEY = {
    *('av', 'embreex', 'onnx', 'onnxruntime', 'openvino', 'pyoidn', 'safetensors')
}  # pip: README.md
OF_PYPIS_CV_BRIDGE = {'cv_bridge_boost'}
NEEDED_BY_THE_NODE = {
    *('demo', 'engines', 'geometry', 'launch', 'navigation', 'pictures', 'processes', 'room'),
    *('ros', 'simulation'),
}  # folders


@pytest.fixture
def root() -> ET.Element:
    return ET.parse(ROOT / 'package.xml').getroot()


def test_the_versions_agree(root: ET.Element) -> None:
    setup = (ROOT / 'setup.py').read_text(encoding='utf-8')
    changelog = (ROOT / 'CHANGELOG.rst').read_text(encoding='utf-8')
    assert root.findtext('version') == __version__
    assert re.findall(r"version='(.*)'", setup) == [__version__]
    assert re.findall(r'^(\S+) \(.*\)\n-+$', changelog, re.MULTILINE)[0] == __version__


def test_it_is_an_ament_python_package_of_format_3(root: ET.Element) -> None:
    assert root.get('format') == '3'
    assert root.findtext('export/build_type') == 'ament_python'
    assert root.findtext('license') == 'Apache-2.0'


def test_catkin_pkg_has_nothing_against_it() -> None:
    catkin_pkg = pytest.importorskip('catkin_pkg.package')
    warnings: list[str] = []
    catkin_pkg.parse_package(str(ROOT / 'package.xml'), warnings=warnings)
    assert warnings == []


def test_only_training_needs_torch() -> None:
    catkin_pkg = pytest.importorskip('catkin_pkg.package')
    package = catkin_pkg.parse_package(str(ROOT / 'package.xml'))

    def needed(environment: dict[str, str]) -> set[str]:
        package.evaluate_conditions(environment)
        return {d.name for d in package.exec_depends if d.evaluated_condition}

    node = {'rclpy', 'sensor_msgs', 'cv_bridge', 'python3-numpy', 'python3-opencv'}
    training = {'python3-torch', 'python3-torchvision', 'python3-h5py'}
    assert node <= needed({})
    assert not training & needed({})
    assert node | training <= needed({'FASTDEPTH_TRAINING': '1'})


def test_everything_that_is_imported_is_named(
    root: ET.Element, imported: dict[str, set[str]]
) -> None:
    named = {e.text: e.get('condition') for e in root if e.tag == 'exec_depend'}
    for name, folders in imported.items():
        if name in WITHOUT_KEY | OF_PYPIS_CV_BRIDGE:
            continue
        key = ROSDEP_KEYS.get(name, name)
        assert key in named, f'{name} is imported in {folders}'
        if folders & NEEDED_BY_THE_NODE and name != 'torch':  # engines: one of three
            assert named[key] is None, f'{name} is imported in {folders}'


def test_the_test_runner_is_named(root: ET.Element) -> None:
    assert 'python3-pytest' in {e.text for e in root if e.tag == 'test_depend'}
