from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('rosbags')

from fastdepth_ros.bags.static_transforms import StaticTransforms
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.pose import in_optical_frame, parse_pose
from fastdepth_ros.geometry.quaternion import transform_matrix
from fastdepth_ros.offline.record.extrinsics import find_extrinsics, parse_extrinsics

POSE = transform_matrix((0.1, -0.2, 0.3), (0.5, -0.5, 0.5, 0.5))
NUMBERS = ['0.1', '-0.2', '0.3', '0.5', '-0.5', '0.5', '0.5']
TF_STATIC = """\
transforms:
- header: {stamp: {sec: 0, nanosec: 0}, frame_id: base}
  child_frame_id: camera
  transform: {translation: {x: 1.0, y: 0.0, z: 0.0}, rotation: {x: 0.0, y: 0.0, z: 0.0, w: 1.0}}
---
transforms:
- header: {frame_id: base}
  child_frame_id: laser
  transform: {translation: {x: 0.0, y: 2, z: 0.0}, rotation: {x: 0, y: 0, z: 0, w: 1}}
---
"""


@pytest.mark.parametrize(
    'words', [NUMBERS, [' '.join(NUMBERS)], [', '.join(NUMBERS)], [n + ',' for n in NUMBERS]]
)
def test_seven_numbers_are_a_pose(words: list[str]) -> None:
    np.testing.assert_allclose(parse_extrinsics(words), POSE)


@pytest.mark.parametrize('text', ['-0.08 0 -0.12 0 0 0.5', '-0.08, 0, -0.12, 0, 0, 0.5'])
def test_six_numbers_are_as_the_nodes_parameter(text: str) -> None:
    found = parse_extrinsics(text.split())
    np.testing.assert_allclose(found, in_optical_frame(parse_pose('scan_extrinsics', text)))
    np.testing.assert_allclose(found[:3, 3], [0, 0.12, -0.08], atol=1e-12)  # below and behind


@pytest.mark.parametrize(
    'text',
    [
        'translation: [0.1, -0.2, 0.3]\nrotation: [0.5, -0.5, 0.5, 0.5]\n',
        'translation: {x: 0.1, y: -0.2, z: 0.3}\nrotation: {x: 0.5, y: -0.5, z: 0.5, w: 0.5}\n',
    ],
)
def test_a_file_can_hold_the_pose(tmp_path: Path, text: str) -> None:
    (tmp_path / 'a.yaml').write_text(text)
    np.testing.assert_allclose(parse_extrinsics([str(tmp_path / 'a.yaml')]), POSE)


def test_a_file_can_be_what_ros2_topic_echo_prints(tmp_path: Path) -> None:
    (tmp_path / 'tf.yaml').write_text(TF_STATIC)
    given = parse_extrinsics([str(tmp_path / 'tf.yaml')])
    found = find_extrinsics(given, StaticTransforms(), 'camera', 'laser')
    assert found is not None
    np.testing.assert_allclose(found[0], transform_matrix((-1, 2, 0), (0, 0, 0, 1)))
    assert find_extrinsics(given, StaticTransforms(), 'camera', 'sonar') is None


def test_what_is_given_wins_over_the_bags_tf() -> None:
    tf = StaticTransforms()
    tf.add('camera', 'laser', np.eye(4))
    matrix, source = find_extrinsics(POSE, tf, 'camera', 'laser')
    np.testing.assert_array_equal(matrix, POSE)
    assert source == '--extrinsics'
    assert find_extrinsics(None, tf, 'camera', 'laser')[1] == '/tf_static'


@pytest.mark.parametrize(
    ('words', 'reason'),
    [
        (NUMBERS[:5], 'are 5 numbers: --extrinsics takes x y z roll pitch yaw'),
        ([*NUMBERS[:5], 'inf'], '--extrinsics is .* inf.: six numbers'),
        ([*NUMBERS[:6], 'nan'], 'are 7 numbers: --extrinsics takes'),
        ([*NUMBERS[:3], '0', '0', '0', '0'], 'no unit quaternion'),
        (['1', 'two', '3'], "is '1 two 3': --extrinsics takes"),
        (['gone.yaml'], "cannot read the extrinsics 'gone.yaml'"),
    ],
)
def test_what_is_no_pose_says_what_is(words: list[str], reason: str) -> None:
    with pytest.raises(UserError, match=reason) as error:
        parse_extrinsics(words)
    assert '\n' not in str(error.value)


@pytest.mark.parametrize(
    ('text', 'reason'),
    [
        ('a: [', 'cannot read'),
        ('a: 1', 'has no extrinsics'),
        ('translation: [1, 2]\nrotation: [0, 0, 0, 1]', 'are 6 numbers'),
        ('translation: {x: 1, y: 2}\nrotation: [0, 0, 0, 1]', 'translation is'),
        ('translation: [1, 2, 3, 0]\nrotation: [0, 0, 1]', 'are 7 numbers'),
        ('transforms: [1]', 'a transform without frames'),
        ('transforms: [{header: {frame_id: a}, child_frame_id: b, transform: 3}]', 'without tr'),
    ],
)
def test_a_file_without_extrinsics_says_so(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / 'a.yaml').write_text(text)
    with pytest.raises(UserError, match=reason) as error:
        parse_extrinsics([str(tmp_path / 'a.yaml')])
    assert '\n' not in str(error.value)
