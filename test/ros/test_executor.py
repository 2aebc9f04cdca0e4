"""The node's executor: images and timers always, services and events now and then."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from rcl_interfaces.srv import ListParameters
from rclpy.context import Context
from rclpy.node import Node
from ros_harness import PATIENCE

from fastdepth_ros.ros import executor as module
from fastdepth_ros.ros.executor import PERIOD, ImageExecutor


@pytest.fixture
def node() -> Iterator[Node]:
    context = Context()
    context.init()
    yield Node('n', context=context)
    context.shutdown()


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
