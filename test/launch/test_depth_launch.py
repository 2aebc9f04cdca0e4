"""The launch file against stand-ins for `launch`, which is on no package index.

They record what the file declares; `ros2 launch` itself is for a machine that has it.
"""

from __future__ import annotations

import importlib.util
import sys
import types
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from fastdepth_ros.engines.registry import ENGINES

LAUNCH_FILE = Path(__file__).parents[2] / 'launch' / 'depth.launch.py'
STAND_INS = {
    'launch': (),
    'launch.actions': ('DeclareLaunchArgument', 'OpaqueFunction'),
    'launch.launch_context': ('LaunchContext',),
    'launch.launch_description': ('LaunchDescription',),
    'launch.substitutions': ('PathJoinSubstitution',),
    'launch_ros': (),
    'launch_ros.actions': ('Node',),
    'launch_ros.substitutions': ('FindPackageShare',),
}


class Recorded(SimpleNamespace):
    """Keeps what it was made with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(args=args, **kwargs)


@pytest.fixture
def entities(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """What the launch file describes."""
    for name, classes in STAND_INS.items():
        module = types.ModuleType(name)
        module.__dict__.update({c: type(c, (Recorded,), {}) for c in classes})
        monkeypatch.setitem(sys.modules, name, module)
    spec = importlib.util.spec_from_file_location('depth_launch', LAUNCH_FILE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return list(module.generate_launch_description().args[0])


@pytest.fixture
def node(entities: list[Any]) -> Callable[..., Any]:
    """node(num_threads='2') -> the node that `ros2 launch ... num_threads:=2` would start."""

    def start(**given: str) -> Any:
        values = {a.args[0]: a.default_value for a in entities[:-1]} | given
        (made,) = entities[-1].function(SimpleNamespace(launch_configurations=values))
        return made

    return start


def test_every_argument_is_described(entities: list[Any]) -> None:
    names = [argument.args[0] for argument in entities[:-1]]
    assert names == [
        *('image_topic', 'camera_info_topic', 'params_file', 'namespace'),
        *('model', 'engine', 'num_threads', 'log_level'),
    ]
    assert all(len(argument.description) > 10 for argument in entities[:-1])


def test_the_engines_to_choose_from_are_all_engines(entities: list[Any]) -> None:
    (engine,) = [argument for argument in entities[:-1] if argument.args[0] == 'engine']
    assert engine.choices == ['', 'auto', *ENGINES]


def test_the_defaults_read_the_camera_and_leave_the_params_file_alone(node) -> None:
    started = node()
    assert (started.package, started.executable) == ('fastdepth_ros', 'depth_node')
    assert started.remappings == [('image', '/camera/image_raw')]
    params_file, overrides = started.parameters
    assert params_file.args[0][1:] == ['config', 'depth.yaml']
    assert overrides == {}
    assert started.namespace == ''
    assert started.arguments == ['--ros-args', '--log-level', 'info']


def test_what_is_given_wins_over_the_params_file(node) -> None:
    started = node(model='/m.onnx', engine='onnxruntime', num_threads='2', params_file='/p.yaml')
    assert started.parameters == [
        '/p.yaml',
        {'model': '/m.onnx', 'engine': 'onnxruntime', 'num_threads': 2},
    ]


def test_a_wrong_number_is_left_to_the_node_to_refuse(node) -> None:
    assert node(num_threads='two').parameters[1] == {'num_threads': 'two'}


def test_topics_and_namespace_are_passed_on(node) -> None:
    started = node(image_topic='/a/image', camera_info_topic='/b/info', namespace='front')
    assert started.remappings == [('image', '/a/image'), ('camera_info', '/b/info')]
    assert started.namespace == 'front'
