"""CameraInfo is taken when an image needs it, and read only where it differs."""

from __future__ import annotations

import time

import pytest
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.serialization import deserialize_message, serialize_message
from ros_harness import PATIENCE, make_info
from sensor_msgs.msg import CameraInfo

from fastdepth_ros.ros import latest_message as module
from fastdepth_ros.ros.latest_message import LatestMessage


def test_only_what_differs_in_more_than_its_stamp_is_new(node: Node) -> None:
    latest = LatestMessage(node, CameraInfo, 'camera_info')
    publisher = node.create_publisher(CameraInfo, 'camera_info', 1)
    message = make_info(80, 48, 100.0)

    def sent_and_taken() -> CameraInfo | None:
        message.header.stamp.sec += 1
        publisher.publish(message)
        time.sleep(0.05)
        return latest.take()

    assert latest.take() is None
    end = time.monotonic() + PATIENCE
    while (first := sent_and_taken()) is None and time.monotonic() < end:
        pass  # the two find each other
    assert first == message
    assert [sent_and_taken() for _ in range(3)] == [None, None, None]
    message.k[0] = 90.0
    while (second := sent_and_taken()) is None and time.monotonic() < end:
        pass
    assert second == message
    assert latest.topic == '/camera_info'
    latest.destroy()


def test_the_newest_counts_where_several_are_kept() -> None:
    context = Context()
    context.init()
    keep_all = Parameter('qos_overrides./camera_info.subscription.history', value='keep_all')
    node = Node('n', context=context, parameter_overrides=[keep_all])
    latest = LatestMessage(node, CameraInfo, 'camera_info')
    publisher = node.create_publisher(CameraInfo, 'camera_info', 10)
    end = time.monotonic() + PATIENCE
    while latest.take() is None and time.monotonic() < end:  # the two find each other
        publisher.publish(make_info(80, 48, 110.0))
        time.sleep(0.05)
    for focal_length in (100.0, 90.0, 80.0):
        publisher.publish(make_info(80, 48, focal_length))
    time.sleep(0.3)
    newest = latest.take()
    assert newest is not None
    assert newest.k[0] == 80
    assert latest.take() is None
    context.shutdown()


def test_its_messages_wake_no_executor(node: Node) -> None:
    executor = SingleThreadedExecutor(context=node.context)
    executor.add_node(node)
    LatestMessage(node, CameraInfo, 'camera_info')
    assert not any(map(executor.can_execute, node.subscriptions))
    executor.shutdown()


def test_a_malformed_message_is_said_and_left_out(
    node: Node, capfd: pytest.CaptureFixture[str]
) -> None:
    latest = LatestMessage(node, CameraInfo, 'camera_info')
    publisher = node.create_publisher(CameraInfo, 'camera_info', 1)
    end, said = time.monotonic() + PATIENCE, ''
    while 'left out' not in said and time.monotonic() < end:  # the two find each other
        publisher.publish(bytes([0, 1, 0, 0]) + bytes(12))
        time.sleep(0.05)
        assert latest.take() is None
        said += capfd.readouterr().err
    assert '/camera_info: a message of 16 bytes is left out: failed to deserialize' in said
    message = make_info(80, 48, 100.0)
    while (found := latest.take()) is None and time.monotonic() < end:
        publisher.publish(message)
        time.sleep(0.05)
    assert found == message


def test_a_message_that_there_is_no_memory_for_is_taken_when_it_comes_again(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    latest = LatestMessage(node, CameraInfo, 'camera_info')
    errors, serialised = [MemoryError()], serialize_message(make_info(80, 48, 100.0))

    def no_memory_once(data: bytes, kind: type) -> CameraInfo:
        if errors:
            raise errors.pop()
        return deserialize_message(data, kind)

    monkeypatch.setattr(module, 'deserialize_message', no_memory_once)
    for found in (None, make_info(80, 48, 100.0), None):
        came = [serialised]
        monkeypatch.setattr(latest, '_take', lambda: came.pop() if came else None)  # noqa: B023
        assert latest.take() == found
