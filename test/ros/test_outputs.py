"""Every output over real ROS 2, and only what somebody subscribes to."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import pytest
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile
from ros_harness import Peer, make_image, make_info
from sensor_msgs.msg import Image, LaserScan, PointCloud2, PointField
from std_msgs.msg import Header

from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.view import plan_view
from fastdepth_ros.ros.outputs import TOPICS, Depth, Outputs
from fastdepth_ros.ros.parameters import NodeParameters

pytestmark = pytest.mark.ros

F = 100.0  # of an 80 x 48 camera
NEAR, FAR = 51, 204


def frame() -> Image:
    """Near on the left, far on the right."""
    pixels = np.full((48, 80), NEAR, np.uint8)
    pixels[:, 40:] = FAR
    image = make_image(pixels, 'mono8')
    image.header.frame_id = 'camera_optical_frame'
    return image


def metres(grey: int) -> float:
    return (0.5 + 4 * grey / 255) * F * np.sqrt(96 / 80 * 64 / 48) / 80


def received(peer: Peer, kind: type, topic: str, image: Image) -> Any:
    """The message of `topic` for an image, with no other subscription in the way."""
    found: list[Any] = []
    subscription = peer.node.create_subscription(kind, topic, found.append, 10)
    peer.send_info(make_info(80, 48, F))
    sent: set[int] = set()

    def answered() -> list[Any]:
        return [m for m in found if m.header.stamp.sec in sent]

    for _ in range(100):
        peer.info.publish(make_info(80, 48, F))
        peer.send(peer.image, image)
        sent.add(image.header.stamp.sec)
        if peer.spin_until(lambda: bool(answered()), 0.5):
            break
    peer.node.destroy_subscription(subscription)
    return answered()[-1]


@pytest.mark.parametrize('topic', list(TOPICS))
def test_only_what_is_subscribed_to_is_made(topic: str) -> None:
    context = Context()
    context.init()
    node = Node('n', context=context)
    outputs = Outputs(node, NodeParameters())
    assert outputs.wanted() == []
    heard: list[Any] = []
    node.create_subscription(TOPICS[topic], topic, heard.append, 10)
    executor = SingleThreadedExecutor(context=context)
    executor.add_node(node)
    while outputs.wanted() != [topic]:
        executor.spin_once(timeout_sec=0.1)
    camera = CameraModel.pinhole(Intrinsics(F, F, 40, 24, 80, 48))
    view = plan_view(camera, (80, 48), (96, 64))
    depth = np.full((64, 96), 2.0, np.float32)
    header = Header(frame_id='camera_optical_frame')
    # colours are not asked for: making them would fail
    outputs.publish(Depth(header, depth, view, lambda: pytest.fail('rgb')), outputs.wanted())
    while not heard:
        executor.spin_once(timeout_sec=0.1)
    assert type(heard[0]) is TOPICS[topic]
    context.shutdown()


def test_a_subscriber_that_asks_for_too_much_is_told_of_with_the_remedy(start) -> None:
    node, peer = start()
    profile = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)
    peer.node.create_subscription(Image, 'depth/image', [].append, profile)
    line = node.wait_for('a subscriber with another DURABILITY is not heard')
    assert 'depth/image' in line
    assert "set the subscriber's durability to volatile" in line


def test_points_are_organised_and_packed(start) -> None:
    _, peer = start('-p', 'points_color:=true', '-p', 'points_stride:=2')
    image = frame()
    cloud = received(peer, PointCloud2, 'depth/points', image)
    assert cloud.header.frame_id == 'camera_optical_frame'
    assert (cloud.width, cloud.height, cloud.point_step, cloud.row_step) == (48, 32, 16, 768)
    assert not cloud.is_dense
    assert [(f.name, f.offset, f.datatype, f.count) for f in cloud.fields] == [
        (name, 4 * i, PointField.FLOAT32, 1) for i, name in enumerate(('x', 'y', 'z', 'rgb'))
    ]
    data = bytes(cloud.data)
    fx, fy, cx, cy = F * 96 / 80, F * 64 / 48, 48, 32
    for row, column, grey in ((3, 5, NEAR), (20, 40, FAR)):
        x, y, z = struct.unpack_from('<fff', data, row * 768 + column * 16)
        assert z == pytest.approx(metres(grey), rel=1e-4)
        assert x == pytest.approx((2 * column - cx) * z / fx, rel=1e-4)
        assert y == pytest.approx((2 * row - cy) * z / fy, rel=1e-4)
        assert tuple(data[row * 768 + column * 16 + 12 :][:4]) == (grey, grey, grey, 0)


def test_the_scan_has_the_nearest_to_the_left(start) -> None:
    _, peer = start('-p', 'max_range:=9.0')
    scan = received(peer, LaserScan, 'depth/scan', frame())
    assert scan.header.frame_id == 'camera_frame'
    assert scan.range_max == 9
    angles = scan.angle_min + scan.angle_increment * np.arange(len(scan.ranges))
    ranges = np.array(scan.ranges)
    assert scan.angle_max == pytest.approx(angles[-1], abs=1e-5)
    left, right = ranges[angles > 0.05], ranges[angles < -0.05]
    np.testing.assert_allclose(left * np.cos(angles[angles > 0.05]), metres(NEAR), rtol=1e-2)
    np.testing.assert_allclose(right * np.cos(angles[angles < -0.05]), metres(FAR), rtol=1e-2)


def test_the_preview_is_blue_near_and_yellow_far(start) -> None:
    _, peer = start()
    color = received(peer, Image, 'depth/color', frame())
    assert (color.encoding, color.width, color.height, color.step) == ('bgr8', 96, 64, 288)
    pixels = np.frombuffer(color.data, np.uint8).reshape(64, 96, 3).astype(int)
    assert pixels[30, 10, 0] > pixels[30, 10, 2]
    assert pixels[30, 90, 2] > pixels[30, 90, 0]


def test_an_uncalibrated_camera_has_no_cloud_and_says_so(start) -> None:
    node, peer = start()
    peer.node.create_subscription(PointCloud2, 'depth/points', [].append, 10)
    peer.depth_of(peer.image, frame())
    peer.depth_of(peer.image, frame())
    assert 'the camera is not calibrated' in node.wait_for('no depth/points')


def test_a_distorted_camera_is_rectified(start) -> None:
    _, peer = start()
    info = make_info(80, 48, F)
    info.d = [-0.2, 0.05, 0.0, 0.0, 0.0]
    info.p[0] = 90.0
    peer.send_info(info)
    image = frame()
    peer.depth_of(peer.image, image)
    found = peer.info_of(image)
    assert not any(found.d)
    assert found.k[0] == found.p[0] == pytest.approx(90 * 96 / 80)


def test_a_rectified_topic_is_not_rectified_again(start) -> None:
    _, peer = start('-r', 'image:=image_rect')
    info = make_info(80, 48, F)
    info.d = [-0.2, 0.05, 0.0, 0.0, 0.0]
    peer.send_info(info)
    image = frame()
    peer.depth_of(peer.camera(topic='image_rect'), image)
    assert peer.info_of(image).d[0] == -0.2


def test_an_unknown_distortion_costs_only_the_rectification(start) -> None:
    node, peer = start()
    info = make_info(80, 48, F)
    info.d, info.distortion_model = [0.3] * 6, 'wavy'
    peer.send_info(info)
    peer.depth_of(peer.image, frame())
    assert "distortion_model 'wavy'" in node.wait_for('is not rectified')
