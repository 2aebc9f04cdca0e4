"""tf2_ros has no wheel: a stand-in takes its place, and real tf is untested."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest
from geometry_msgs.msg import TransformStamped
from rclpy.context import Context
from rclpy.node import Node
from rclpy.time import Time
from std_msgs.msg import Header

from fastdepth_ros.errors import UserError
from fastdepth_ros.ros.transforms import TfLookup


class LookupFailed(Exception):
    pass


class Buffer:
    def lookup_transform(self, target: str, source: str, time: Time) -> TransformStamped:
        assert time.nanoseconds == 0
        if target == 'nowhere':
            raise LookupFailed(f'"{target}" does not exist')
        assert (target, source) == ('base_link', 'camera_optical_frame')
        found = TransformStamped()
        found.transform.translation.z = 0.4
        rotation = found.transform.rotation
        rotation.x, rotation.y, rotation.z, rotation.w = -0.5, 0.5, -0.5, 0.5
        return found


@pytest.fixture
def node() -> Node:
    context = Context()
    context.init()
    yield Node('n', context=context)
    context.shutdown()


@pytest.fixture
def tf(monkeypatch: pytest.MonkeyPatch, node: Node) -> TfLookup:
    module = ModuleType('tf2_ros')
    module.Buffer, module.TransformException = Buffer, LookupFailed
    module.TransformListener = lambda buffer, node: SimpleNamespace(buffer=buffer, node=node)
    monkeypatch.setitem(sys.modules, 'tf2_ros', module)
    return TfLookup(node, 'use_tf')


def test_the_transform_leads_from_the_image_s_frame(tf: TfLookup) -> None:
    found = tf.lookup('base_link', Header(frame_id='camera_optical_frame'))
    np.testing.assert_allclose(found @ (0, 0, 2, 1), (2, 0, 0.4, 1))


def test_what_tf_does_not_know_is_one_line(tf: TfLookup) -> None:
    header = Header(frame_id='camera_optical_frame')
    with pytest.raises(UserError, match='tf from camera_optical_frame to nowhere: .*not exist'):
        tf.lookup('nowhere', header)
    header.stamp.sec = -1
    with pytest.raises(UserError, match='no tf is of that time'):
        tf.lookup('base_link', header)


def test_without_tf2_ros_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, node: Node
) -> None:
    monkeypatch.setitem(sys.modules, 'tf2_ros', None)
    with pytest.raises(UserError, match='use_tf needs tf2_ros: apt install'):
        TfLookup(node, 'use_tf')
