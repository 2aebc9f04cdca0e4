from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fastdepth_ros.__main__ import COMMANDS

ROOT = Path(__file__).resolve().parents[2]
ROS = ('ament_index_python', 'cv_bridge', 'launch', 'launch_ros', 'lifecycle_msgs')
ROS += ('rcl_interfaces', 'rclpy', 'rosgraph_msgs', 'sensor_msgs', 'std_msgs')
OFFLINE = ('av', 'h5py', 'jinja2', 'matplotlib', 'onnx', 'onnxscript', 'rosbags', 'safetensors')
OFFLINE += ('scipy', 'torch', 'torchvision')


def modules(*folders: str) -> list[str]:
    """Every module below the package's `folders`."""
    package = ROOT / 'fastdepth_ros'
    paths = [p for folder in folders for p in (package / folder).rglob('*.py')]
    names = {'.'.join(path.relative_to(ROOT).with_suffix('').parts) for path in paths}
    return sorted(name.removesuffix('.__init__') for name in names)


def run_without(absent: tuple[str, ...], code: str) -> subprocess.CompletedProcess[str]:
    """Runs `code` in a Python where importing any of `absent` is a ModuleNotFoundError."""
    hide = f'import sys\nfor name in {absent!r}:\n    sys.modules[name] = None\n'
    command = [sys.executable, '-c', hide + code]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def import_all(names: list[str]) -> str:
    return f'import importlib\nfor name in {names!r}:\n    importlib.import_module(name)\n'


def test_everything_but_the_node_imports_without_ros() -> None:
    pytest.importorskip('torch')
    folders = {path.name for path in (ROOT / 'fastdepth_ros').iterdir() if path.is_dir()}
    plain = modules(*sorted(folders - {'ros', '__pycache__'}))
    plain = [name for name in plain if 'ros' not in name.split('.')]  # as benchmark.ros
    commands = [module for module, _ in COMMANDS.values()]  # ROS is imported when they run
    done = run_without(ROS, import_all([*plain, *commands]))
    assert done.returncode == 0, done.stderr


def test_the_node_imports_without_torch_and_the_offline_packages() -> None:
    pytest.importorskip('rclpy')
    done = run_without(OFFLINE, import_all(modules('ros', 'geometry')))
    assert done.returncode == 0, done.stderr


def test_the_demo_imports_without_torch_and_the_offline_packages() -> None:
    pytest.importorskip('rclpy')
    done = run_without(
        OFFLINE, import_all(modules('demo', 'navigation', 'pictures', 'processes', 'simulation'))
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize('engine', ['openvino', 'onnxruntime'])
def test_the_default_model_runs_without_torch_and_ros(engine: str) -> None:
    pytest.importorskip(engine)
    others = {'openvino', 'onnxruntime'} - {engine}
    code = """
import numpy as np
from fastdepth_ros.engines.estimator import DepthEstimator
estimator = DepthEstimator()
depth = estimator.estimate(np.full((48, 64, 3), 90, np.uint8))
print(estimator.engine.name, depth.dtype, (depth > 0).mean() > 0.5)
"""
    done = run_without((*ROS, *OFFLINE, *others), code)
    assert done.stdout == f'{engine} float32 True\n', done.stderr


def test_training_without_torch_says_what_is_missing() -> None:
    code = 'from fastdepth_ros.__main__ import main\nsys.exit(main(["train", "--help"]))'
    done = run_without(('torch',), code)
    assert done.returncode == 2
    assert "error: the command 'train' needs the Python package 'torch'" in done.stderr
