from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from fastdepth_ros.engines.registry import ENGINES
from fastdepth_ros.ros.parameters import NodeParameters

if TYPE_CHECKING:
    from conftest import Describe


@pytest.fixture
def entities(describe: Describe) -> list[Any]:
    """What the launch file describes."""
    return describe('depth')


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
        *('image_topic', 'camera_info_topic', 'image_transport', 'params_file', 'namespace'),
        *('node_name', 'model', 'engine', 'num_threads', 'autostart', 'respawn'),
        *('transport_profile', 'log_level'),
    ]
    assert all(len(argument.description) > 10 for argument in entities[:-1])


def test_the_choices_are_those_of_the_node(entities: list[Any]) -> None:
    choices = {argument.args[0]: vars(argument).get('choices') for argument in entities[:-1]}
    assert choices['engine'] == ['', 'auto', *ENGINES]
    field = NodeParameters.__dataclass_fields__['image_transport']
    assert choices['image_transport'] == ['', *field.metadata['choices']]


def test_the_defaults_read_the_camera_and_leave_the_params_file_alone(node) -> None:
    started = node()
    assert (started.package, started.executable) == ('fastdepth_ros', 'depth_node')
    assert started.remappings == [('image', '/camera/image_raw')]
    params_file, overrides = started.parameters
    assert params_file.args[0][1:] == ['config', 'depth.yaml']
    assert overrides == {}
    assert (started.name, started.namespace) == ('depth_node', '')
    assert started.arguments == ['--ros-args', '--log-level', 'info']
    assert len(started.additional_env) == 1
    assert started.respawn is False


def test_what_is_given_wins_over_the_params_file(node) -> None:
    started = node(model='/m.onnx', engine='onnxruntime', num_threads='2', params_file='/p.yaml')
    assert started.parameters == [
        '/p.yaml',
        {'model': '/m.onnx', 'engine': 'onnxruntime', 'num_threads': 2},
    ]


def test_autostart_reaches_the_node_as_a_boolean(node) -> None:
    assert node(autostart='false').parameters[1]['autostart'] is False
    assert node(autostart='true').parameters[1]['autostart'] is True


def test_a_wrong_number_is_left_to_the_node_to_refuse(node) -> None:
    assert node(num_threads='two').parameters[1] == {'num_threads': 'two'}


def test_topics_name_and_namespace_are_passed_on(node) -> None:
    started = node(
        image_topic='/a/image', camera_info_topic='/b/info', namespace='front', node_name='depth'
    )
    assert started.remappings == [('image', '/a/image'), ('camera_info', '/b/info')]
    assert (started.name, started.namespace) == ('depth', 'front')


def test_respawn_waits_a_little(node) -> None:
    started = node(respawn='true')
    assert started.respawn is True
    assert started.respawn_delay > 0


@pytest.mark.parametrize(
    ('distribution', 'variable'),
    [
        ('humble', 'FASTRTPS_DEFAULT_PROFILES_FILE'),
        ('jazzy', 'FASTRTPS_DEFAULT_PROFILES_FILE'),
        ('kilted', 'FASTDDS_DEFAULT_PROFILES_FILE'),
        ('', 'FASTDDS_DEFAULT_PROFILES_FILE'),
    ],
)
def test_fast_dds_loads_the_profile_by_its_distributions_variable(
    monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest, distribution, variable
) -> None:
    monkeypatch.setenv('ROS_DISTRO', distribution)
    [(name, value)] = request.getfixturevalue('node')().additional_env.items()
    prefix, path = value.default_value
    assert (name, value.args, prefix) == (variable, (variable,), '')  # a user's own value stays
    assert path.args[0][1:] == ['config', 'fastdds_shm.xml']


def test_the_middlewares_own_settings_can_be_had(node) -> None:
    assert node(transport_profile='').additional_env == {}


def test_cyclone_dds_loads_the_profile_as_a_uri(node) -> None:
    [(name, value)] = node(transport_profile='cyclonedds').additional_env.items()
    prefix, path = value.default_value
    assert (name, prefix) == ('CYCLONEDDS_URI', 'file://')
    assert path.args[0][1:] == ['config', 'cyclonedds.xml']
