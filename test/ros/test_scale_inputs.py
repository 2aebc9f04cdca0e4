"""Sensor messages into the camera's optical frame; tf is a stand-in, real tf is untested."""

from __future__ import annotations

import array
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from rclpy.node import Node
from rclpy.parameter import Parameter
from sensor_msgs.msg import Imu, LaserScan, PointCloud2, PointField, Range
from std_msgs.msg import Header

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.pose import in_optical_frame, pose_matrix
from fastdepth_ros.ros import scale_inputs
from fastdepth_ros.ros.node import DepthNode
from fastdepth_ros.ros.scale_inputs import ScaleInputs
from fastdepth_ros.ros.scale_parameters import ScaleParameters
from fastdepth_ros.scale.evidence import KnownFloor
from fastdepth_ros.scale.gravity import G

IMAGE = 'camera_optical_frame'


class Topics:
    """Messages by topic, in place of subscriptions."""

    def __init__(self) -> None:
        self.waiting: dict[str, Any] = {}
        self.open: set[str] = set()

    def make(self, _: Node, kind: type, topic: str, changes_only: bool) -> Any:
        assert not changes_only
        self.open.add(topic)
        topics = self

        class Fake:
            def take(self) -> Any:
                message = topics.waiting.pop(topic, None)
                assert message is None or isinstance(message, kind)
                return message

            def destroy(self) -> None:
                topics.open.remove(topic)

        fake: Any = Fake()
        fake.topic = '/' + topic
        return fake


class Tf:
    """Knows the pose of some frames in others, from one time to another."""

    def __init__(self, **poses: np.ndarray) -> None:
        self.poses, self.latest = poses, math.inf

    def lookup(self, target: str, header: Header) -> np.ndarray:
        if header.stamp.sec > self.latest:
            raise UserError(f'tf from {header.frame_id} to {target}: would extrapolate')
        if header.frame_id not in self.poses and target not in self.poses:
            raise UserError(f'tf from {header.frame_id} to {target}: "{target}" does not exist')
        return self.poses.get(header.frame_id, self.poses.get(target))


@pytest.fixture
def topics(monkeypatch: pytest.MonkeyPatch) -> Topics:
    made = Topics()
    monkeypatch.setattr(scale_inputs, 'LatestMessage', made.make)
    return made


def inputs(tf: Tf | None = None, **asked: Any) -> ScaleInputs:
    return ScaleInputs(None, ScaleParameters(**asked), tf)


def header(sec: int = 100, frame: str = IMAGE) -> Header:
    made = Header(frame_id=frame)
    made.stamp.sec = sec
    return made


def scan(sec: int = 100) -> LaserScan:
    ranges = [math.nan, 2.0, math.inf]
    return LaserScan(
        header=header(sec, 'laser'),
        angle_min=-0.5,
        angle_increment=0.5,
        range_min=0.1,
        range_max=10.0,
        ranges=array.array('f', ranges),
    )


def cloud(points: np.ndarray) -> PointCloud2:
    points = points.astype(np.float32)
    message = PointCloud2(header=header(frame='lidar'), height=1, width=len(points), point_step=12)
    message.row_step = 12 * len(points)
    message.fields = [
        PointField(name=n, offset=4 * i, datatype=PointField.FLOAT32, count=1)
        for i, n in enumerate('xyz')
    ]
    message.data.frombytes(points.tobytes())
    return message


def test_every_kind_of_range_arrives_in_the_optical_frame(topics: Topics) -> None:
    found = inputs(
        scan_topic='scan',
        scan_extrinsics='0 0 0.2 0 0 0',
        range_topic='sonar',
        range_extrinsics='0.1 0 0 0 0 0',
        cloud_topic='points',
        cloud_extrinsics='0 0 0 0 0 1.5707963',
    )
    topics.waiting = {
        'scan': scan(),
        'sonar': Range(header=header(), min_range=0.1, max_range=4.0, range=1.0),
        'points': cloud(np.array([[1, -3, 0.5]])),
    }
    points = found.evidence(header()).points
    np.testing.assert_allclose(points['scan'], [[0, -0.2, 2]], atol=1e-6)
    np.testing.assert_allclose(points['range'], [[0, 0, 1.1]], atol=1e-6)
    np.testing.assert_allclose(points['cloud'], [[-1, -0.5, 3]], atol=1e-6)
    assert found.evidence(header()).points == {}, 'nothing new has come'
    assert found.evidence(header()).floor is None, 'the ground is no source'
    found.destroy()
    assert not topics.open


def test_of_a_large_cloud_some_points_are_read(topics: Topics) -> None:
    found = inputs(cloud_topic='points')
    topics.waiting['points'] = cloud(np.ones((50_000, 3)))
    assert len(found.evidence(header()).points['cloud']) == scale_inputs.MOST_POINTS


def test_a_message_of_another_time_or_malformed_is_a_reason(topics: Topics) -> None:
    found = inputs(scan_topic='scan', cloud_topic='points')
    bad = cloud(np.ones((3, 3)))
    bad.width = 4
    topics.waiting = {'scan': scan(90), 'points': bad}
    points = found.evidence(header()).points
    assert points['scan'].startswith("its stamp is -10.0 s from the image's")
    assert 'do not fit its row_step' in points['cloud']


def test_extrinsics_by_tf_and_why_there_are_none(topics: Topics) -> None:
    tf = Tf(laser=in_optical_frame(pose_matrix((0, 0, 0.2), (0, 0, 0))))
    found = inputs(tf, scan_topic='scan', scan_extrinsics='tf')
    topics.waiting['scan'] = scan()
    np.testing.assert_allclose(found.evidence(header()).points['scan'], [[0, -0.2, 2]], atol=1e-6)
    tf.latest = 99
    topics.waiting['scan'] = scan()
    late = found.evidence(header()).points['scan']
    assert late == f'tf from laser to {IMAGE}: would extrapolate'
    tf.latest = math.inf
    tf.poses.clear()
    topics.waiting['scan'] = scan()
    assert 'does not exist' in found.evidence(header()).points['scan']


def test_up_and_height_of_the_mount() -> None:
    floor = inputs(camera_height=0.4, camera_pitch=90.0).evidence(header()).floor
    assert isinstance(floor, KnownFloor)
    assert floor.height == 0.4
    np.testing.assert_allclose(floor.up, (0, 0, -1), atol=1e-12)


def test_up_and_height_by_tf(topics: Topics) -> None:
    # 0.6 m above base_footprint, level and looking ahead
    pose = np.array([[0, 0, 1, 0], [-1, 0, 0, 0], [0, -1, 0, 0.6], [0, 0, 0, 1]], float)
    tf = Tf(base_footprint=pose)
    floor = inputs(tf, up_source='tf').evidence(header()).floor
    assert floor.height == pytest.approx(0.6)
    np.testing.assert_allclose(floor.up, (0, -1, 0))
    assert inputs(tf, up_source='tf', camera_height=0.5).evidence(header()).floor.height == 0.5
    tf.poses['base_footprint'] = np.diag([1.0, 1, 1, 1])
    said = inputs(tf, up_source='tf').evidence(header()).floor
    assert said.startswith('tf has the camera 0.00 m above base_footprint: base_frame must be')
    tf.poses.clear()
    said = inputs(tf, up_source='tf', base_frame='map').evidence(header()).floor
    assert said == f'tf from {IMAGE} to map: "map" does not exist'


def test_up_by_the_imu_where_it_sits_until_it_falls_silent(topics: Topics) -> None:
    turned = f'0 0 0 {math.pi} 0 0'  # mounted upside down
    found = inputs(camera_height=0.4, up_source='imu', imu_extrinsics=turned)
    assert found.evidence(header()).floor == 'no Imu has come on /imu'
    message = Imu(header=header(frame='imu'))
    message.orientation_covariance[0] = -1.0
    message.linear_acceleration.z = -G
    topics.waiting['imu'] = message
    np.testing.assert_allclose(found.evidence(header()).floor.up, (0, -1, 0), atol=1e-12)
    np.testing.assert_allclose(found.evidence(header()).floor.up, (0, -1, 0), atol=1e-12)
    assert found.evidence(header(102)).floor == 'the last Imu on /imu is 2.0 s old'
    assert topics.open == {'imu'}


def test_an_imu_without_the_ground_is_not_listened_to(topics: Topics) -> None:
    inputs(up_source='imu')
    assert not topics.open


@pytest.mark.parametrize(
    ('override', 'reason'),
    [('depth:=0', 'depth is 0'), ('depth:=x', "'x' of type 'STRING'"), ('history:=a', '`a`')],
)
def test_qos_overrides_that_cannot_be_are_refused_and_the_source_before_goes_on(
    make: Callable[..., DepthNode], override: str, reason: str
) -> None:
    overrides = '-p', f'qos_overrides./scan.subscription.{override}'
    node = make(*overrides, '-p', 'range_topic:=/sonar')
    node.autostart()
    for _ in range(2):
        result = node.set_parameters_atomically([Parameter('scan_topic', value='/scan')])
        assert not result.successful
        assert 'cannot listen to the sources of the scale: ' in result.reason
        assert reason in result.reason
        assert '\n' not in result.reason
    topics = [subscription.topic_name for subscription in node.subscriptions]
    assert topics.count('/sonar') == 1
    assert '/scan' not in topics


def test_which_parameters_ask_for_tf() -> None:
    asked = ScaleParameters(
        scan_extrinsics='tf', range_topic='sonar', range_extrinsics='tf', imu_extrinsics='tf'
    )
    assert asked.tf_users == ['range_extrinsics'], 'the others are not in use'


@pytest.mark.parametrize(
    ('values', 'message'),
    [
        ({'scan_extrinsics': '0 0 0'}, "parameter scan_extrinsics is '0 0 0': six numbers"),
        ({'up_source': 'imu', 'imu_topic': ''}, 'up_source imu needs one'),
        ({'up_source': 'tf', 'base_frame': ''}, 'up_source tf needs one'),
    ],
)
def test_parameters_that_do_not_do_are_refused(values: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        ScaleParameters(**values).check_scale()
