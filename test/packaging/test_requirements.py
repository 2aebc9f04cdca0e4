from __future__ import annotations

from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PYPI_NAMES = {  # where it is not that of the Python package
    'ament_index_python': 'ros-ament-index-python',
    'cv2': 'opencv-python-headless',
    'cv_bridge_boost': 'cv-bridge',
    'diagnostic_msgs': 'ros-diagnostic-msgs',
    'lifecycle_msgs': 'ros-lifecycle-msgs',
    'rcl_interfaces': 'ros-rcl-interfaces',
    'rclpy': 'ros-rclpy',
    'rosgraph_msgs': 'ros-rosgraph-msgs',
    'sensor_msgs': 'ros-sensor-msgs',
    'std_msgs': 'ros-std-msgs',
    'yaml': 'PyYAML',
}
ONLY_WITH_ROS = {'launch', 'launch_ros', 'tf2_msgs', 'tf2_ros'}  # not on PyPI


@pytest.fixture(scope='module')
def extras() -> dict[str, list[Requirement]]:
    """What setup.py asks for: '' always, and each extra."""
    pytest.importorskip('setuptools')
    from distutils.core import run_setup  # setuptools' own, also on Python 3.12 and later

    package = run_setup(str(ROOT / 'setup.py'), stop_after='init')
    lists = {'': package.install_requires, **package.extras_require}
    return {extra: [Requirement(line) for line in lines] for extra, lines in lists.items()}


def names(requirements: list[Requirement]) -> set[str]:
    return {canonicalize_name(requirement.name) for requirement in requirements}


def test_everything_that_is_imported_is_in_an_extra(
    extras: dict[str, list[Requirement]], imported: dict[str, set[str]]
) -> None:
    everything = {name for extra in extras.values() for name in names(extra)}
    for name, folders in imported.items():
        if name not in ONLY_WITH_ROS:
            wanted = canonicalize_name(PYPI_NAMES.get(name, name))
            assert wanted in everything, f'{name} is imported in {folders}'


@pytest.mark.parametrize('extra', ['run', 'demo', 'offline'])
def test_torch_is_only_for_training(extra: str, extras: dict[str, list[Requirement]]) -> None:
    assert not {'torch', 'torchvision'} & names(extras[extra])
    assert {'torch', 'torchvision'} <= names(extras['train'])


def test_every_machine_gets_an_engine(extras: dict[str, list[Requirement]]) -> None:
    engines = [r for r in extras['run'] if r.name in ('openvino', 'onnxruntime')]
    for machine in ('x86_64', 'aarch64', 'arm64', 'riscv64'):
        chosen = [r for r in engines if r.marker.evaluate({'platform_machine': machine})]
        assert len(chosen) == 1


def test_every_requirement_is_pinned_to_a_version_that_it_allows(
    extras: dict[str, list[Requirement]],
) -> None:
    lines = (ROOT / 'constraints.txt').read_text(encoding='utf-8').splitlines()
    pins = [Requirement(line) for line in lines if not line.startswith('#')]
    for python in ('3.10', '3.11', '3.12', '3.13'):
        here = {
            canonicalize_name(pin.name): str(pin.specifier).removeprefix('==')
            for pin in pins
            if pin.marker is None or pin.marker.evaluate({'python_version': python})
        }
        for requirement in (r for extra in extras.values() for r in extra):
            version = here[canonicalize_name(requirement.name)]
            assert requirement.specifier.contains(version), requirement
