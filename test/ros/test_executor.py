"""The node's executor: images and timers always, services and events now and then."""

from __future__ import annotations

import time
from types import SimpleNamespace

import pytest
from rcl_interfaces.srv import ListParameters
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from ros_harness import PATIENCE
from std_msgs.msg import Header

from fastdepth_ros.ros import executor as module
from fastdepth_ros.ros.executor import PERIOD, ImageExecutor


def test_services_and_events_are_in_the_wait_now_and_then(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [10.0]
    monkeypatch.setattr(module, 'time', SimpleNamespace(monotonic=lambda: now[0]))
    executor = ImageExecutor(context=node.context)
    executor.add_node(node)
    timer, service = node.create_timer(0.001, lambda: None), next(iter(node.services))

    def waited_for() -> tuple[bool, bool]:
        executor.spin_once(timeout_sec=1)
        return executor.can_execute(timer), executor.can_execute(service)

    assert waited_for() == (True, True)
    executor.spin_once(timeout_sec=1)
    assert waited_for() == (True, False)
    now[0] += PERIOD
    assert waited_for() == (True, True)
    executor.shutdown()


def test_a_service_answers_although_something_else_comes_all_the_time(node: Node) -> None:
    executor = ImageExecutor(context=node.context)
    executor.add_node(node)
    node.create_timer(0.001, lambda: None)
    client = node.create_client(ListParameters, 'n/list_parameters')
    assert client.wait_for_service(PATIENCE)
    answered = client.call_async(ListParameters.Request())
    end = time.monotonic() + PATIENCE
    while not answered.done() and time.monotonic() < end:
        executor.spin_once(timeout_sec=1)
    assert 'use_sim_time' in answered.result().result.names
    executor.shutdown()


def test_a_message_without_memory_is_lost_and_the_next_one_comes(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As rclpy's take_message does where there is no memory: with either exception."""
    errors = [RuntimeError('no object'), MemoryError()]
    take = SingleThreadedExecutor._take_subscription

    def fails_twice(executor: ImageExecutor, subscription: object) -> object:
        if errors:
            raise errors.pop()
        return take(executor, subscription)

    monkeypatch.setattr(SingleThreadedExecutor, '_take_subscription', fails_twice)
    executor, heard = ImageExecutor(context=node.context), []
    executor.add_node(node)
    node.create_subscription(Header, 'topic', heard.append, 10)
    publisher = node.create_publisher(Header, 'topic', 10)
    node.create_timer(0.01, lambda: publisher.publish(Header()))
    end = time.monotonic() + PATIENCE
    while not heard and time.monotonic() < end:
        executor.spin_once(timeout_sec=1)
    assert heard
    assert not errors
    executor.shutdown()


def test_a_callback_that_runs_out_of_memory_is_called_again(node: Node) -> None:
    executor, calls = ImageExecutor(context=node.context), []
    executor.add_node(node)

    def callback() -> None:
        calls.append(None)
        raise MemoryError

    node.create_timer(0.001, callback)
    end = time.monotonic() + PATIENCE
    while len(calls) < 3 and time.monotonic() < end:
        executor.spin_once(timeout_sec=1)
    assert len(calls) >= 3
    executor.shutdown()
