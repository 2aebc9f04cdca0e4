from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from conftest import Describe


def of_kind(entities: list[Any], kind: str) -> list[Any]:
    return [entity for entity in entities if type(entity).__name__ == kind]


@pytest.mark.parametrize('name', ['simulation', 'two_cameras'])
def test_every_argument_is_described(describe: Describe, name: str) -> None:
    arguments = of_kind(describe(name), 'DeclareLaunchArgument')
    assert arguments
    assert all(len(argument.description) > 10 for argument in arguments)


@pytest.mark.parametrize('name', ['simulation', 'two_cameras'])
def test_the_node_is_started_by_its_own_launch_file(describe: Describe, name: str) -> None:
    for include in of_kind(describe(name), 'IncludeLaunchDescription'):
        assert include.args[0].args[0][1:] == ['launch', 'depth.launch.py']


def test_the_simulated_camera_has_the_size_and_the_rate(describe: Describe) -> None:
    (camera,) = of_kind(describe('simulation'), 'Node')
    assert camera.executable == 'simulated_camera'
    options = dict(zip(camera.arguments[::2], camera.arguments[1::2], strict=True))
    assert {name: value.args[0] for name, value in options.items()} == {
        '--size': 'size',
        '--rate': 'rate',
    }


@pytest.mark.parametrize(
    ('distribution', 'variable'),
    [
        ('humble', 'FASTRTPS_DEFAULT_PROFILES_FILE'),
        ('kilted', 'FASTDDS_DEFAULT_PROFILES_FILE'),
    ],
)
def test_the_profile_is_set_before_any_process_starts_unless_the_user_has_one(
    describe: Describe, monkeypatch: pytest.MonkeyPatch, distribution: str, variable: str
) -> None:
    monkeypatch.setenv('ROS_DISTRO', distribution)
    entities = describe('simulation')
    (setting,) = of_kind(entities, 'SetEnvironmentVariable')
    name, value = setting.args
    assert (name, value.args) == (variable, (variable,))
    assert value.default_value.args[0][1:] == ['config', 'fastdds_shm.xml']
    assert entities.index(setting) < entities.index(of_kind(entities, 'Node')[0])


def viewers(describe: Describe, tf: str, rviz: str) -> list[Any]:
    (function,) = of_kind(describe('simulation'), 'OpaqueFunction')
    context = SimpleNamespace(launch_configurations={'tf': tf, 'rviz': rviz})
    return list(function.function(context))


def test_tf_and_rviz_are_started_only_when_asked_for(describe: Describe) -> None:
    assert viewers(describe, 'false', 'false') == []
    assert [n.package for n in viewers(describe, 'true', 'false')] == ['tf2_ros', 'tf2_ros']
    nodes = viewers(describe, 'false', 'true')
    assert [node.package for node in nodes] == ['rviz2', 'tf2_ros', 'tf2_ros']
    assert nodes[0].arguments[1].args[0][1:] == ['config', 'depth.rviz']


def test_a_missing_package_ends_the_launch_before_anything_runs(describe: Describe) -> None:
    entities = describe('simulation')
    (function,) = of_kind(entities, 'OpaqueFunction')
    started = of_kind(entities, 'Node') + of_kind(entities, 'IncludeLaunchDescription')
    assert entities.index(function) < min(entities.index(entity) for entity in started)


def test_the_optical_frame_looks_ahead(describe: Describe) -> None:
    cv2 = pytest.importorskip('cv2')
    _, optical = viewers(describe, 'true', 'false')
    values = dict(option.removeprefix('--').split('=') for option in optical.arguments)
    assert values['frame-id'] == 'camera_frame'
    assert values['child-frame-id'] == 'camera_optical_frame'
    turn = [cv2.Rodrigues(np.eye(3)[i] * float(values.get(name, 0)))[0]
            for i, name in enumerate(('roll', 'pitch', 'yaw'))]  # fmt: skip
    rotation = turn[2] @ turn[1] @ turn[0]
    np.testing.assert_allclose(rotation[:, 2], [1, 0, 0], atol=1e-9)  # its z is ahead
    np.testing.assert_allclose(rotation[:, 0], [0, -1, 0], atol=1e-9)  # its x is to the right


def test_two_cameras_have_a_namespace_each(describe: Describe) -> None:
    entities = describe('two_cameras')
    defaults = {a.args[0]: a.default_value for a in of_kind(entities, 'DeclareLaunchArgument')}
    assert (defaults['left'], defaults['right']) == ('left', 'right')
    assert not defaults['image_topic'].startswith('/')  # relative: in the namespace
    assert defaults['params_file'].args[0][1:] == ['config', 'two_cameras.yaml']
    given = [dict(i.launch_arguments) for i in of_kind(entities, 'IncludeLaunchDescription')]
    assert [names['namespace'].args for names in given] == [('left',), ('right',)]
