from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from fastdepth_ros.__main__ import COMMANDS
from fastdepth_ros.share import RECIPES, SHIPPED

if TYPE_CHECKING:
    from conftest import Installed

MODEL_SUFFIXES = ('safetensors', 'onnx', 'int8.onnx')


def test_the_executables_are_the_commands(installed: Installed) -> None:
    files = list((installed.prefix / 'lib/fastdepth_ros').iterdir())
    assert {path.name for path in files} == set(COMMANDS)
    assert all(os.access(path, os.X_OK) for path in files)


def test_nothing_reaches_everybodys_path(installed: Installed) -> None:
    assert not (installed.prefix / 'bin').exists()


def test_every_executable_runs(installed: Installed) -> None:
    pytest.importorskip('torch')
    folder = installed.prefix / 'lib/fastdepth_ros'
    waiting = {name: installed.start(folder / name, '--help') for name in COMMANDS}
    for name, wait in waiting.items():
        done = wait()
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(f'usage: fastdepth_ros {name} ')


def test_an_executable_passes_the_exit_code_on(installed: Installed) -> None:
    done = installed.run(installed.prefix / 'lib/fastdepth_ros/evaluate', '--no-such-option')
    assert done.returncode == 2


def test_the_installed_package_is_the_one_that_runs(installed: Installed) -> None:
    done = installed.run('python3', '-c', 'import fastdepth_ros as f; print(f.__file__)')
    assert done.stdout.startswith(str(installed.work.parent)), done.stderr


def test_the_share_directory_holds_launch_config_and_models(installed: Installed) -> None:
    pytest.importorskip('ament_index_python')
    code = """
from ament_index_python.packages import get_package_prefix, get_package_share_directory
print(get_package_prefix('fastdepth_ros'))
print(get_package_share_directory('fastdepth_ros'))
"""
    done = installed.run('python3', '-c', code)
    share = installed.prefix / 'share/fastdepth_ros'
    assert done.stdout.split() == [str(installed.prefix), str(share)], done.stderr
    expected = ['package.xml', 'launch/depth.launch.py', 'config/depth.yaml']
    expected += [f'models/{name}.{suffix}' for name in SHIPPED for suffix in MODEL_SUFFIXES]
    expected += [f'config/{name}.yaml' for name in RECIPES]
    expected.append('models/NOTICE')
    assert [name for name in expected if not (share / name).is_file()] == []


def test_the_default_model_is_found(installed: Installed) -> None:
    code = """
from fastdepth_ros.share import resolve_model
print(resolve_model('default', '.onnx'), resolve_model('default', '.safetensors'), sep='\\n')
"""
    done = installed.run('python3', '-c', code)
    assert done.returncode == 0, done.stderr
    onnx, safetensors = done.stdout.split()
    for path in (onnx, safetensors):
        assert path.startswith(str(installed.work.parent))
