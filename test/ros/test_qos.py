from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
import pytest
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import HistoryPolicy, ReliabilityPolicy
from ros_harness import BEST_EFFORT, RELIABLE, Peer, make_image
from sensor_msgs.msg import Image

from fastdepth_ros.ros import qos
from fastdepth_ros.ros.qos import ImageSubscription, choose_reliability
from fastdepth_ros.ros.qos_events import SubscriptionEventCallbacks, subscription_events


@pytest.mark.parametrize(
    ('choice', 'offered', 'expected'),
    [
        ('auto', [RELIABLE], RELIABLE),
        ('auto', [RELIABLE, RELIABLE], RELIABLE),
        ('auto', [RELIABLE, BEST_EFFORT], BEST_EFFORT),
        ('auto', [BEST_EFFORT], BEST_EFFORT),
        ('auto', [ReliabilityPolicy.UNKNOWN], BEST_EFFORT),
        ('reliable', [BEST_EFFORT], RELIABLE),
        ('best_effort', [RELIABLE], BEST_EFFORT),
    ],
)
def test_reliability_follows_the_publishers_only_when_auto(choice, offered, expected) -> None:
    assert choose_reliability(choice, offered, BEST_EFFORT) == expected
    assert choose_reliability(choice, offered, RELIABLE) == expected


def test_without_publishers_auto_keeps_what_it_has() -> None:
    assert choose_reliability('auto', [], RELIABLE) == RELIABLE
    assert choose_reliability('auto', [], BEST_EFFORT) == BEST_EFFORT


def subscribed(peer: Peer, reliability: ReliabilityPolicy) -> bool:
    """Whether the node comes to subscribe to `image` like that, and only like that."""
    topic = peer.node.resolve_topic_name('image')

    def found() -> bool:
        infos = peer.node.get_subscriptions_info_by_topic(topic)
        return [info.qos_profile.reliability for info in infos] == [reliability]

    return peer.spin_until(found)


def frame() -> Image:
    """One that every node of these tests can read."""
    return make_image(np.full((48, 80), 51, np.uint8), 'mono8')


@pytest.mark.ros
def test_auto_follows_publishers_that_come_and_go(start) -> None:
    _, peer = start()
    assert subscribed(peer, BEST_EFFORT)
    reliable = peer.camera(RELIABLE)
    assert subscribed(peer, RELIABLE)
    peer.depth_of(reliable, frame())
    best_effort = peer.camera(BEST_EFFORT)
    assert subscribed(peer, BEST_EFFORT)
    peer.depth_of(best_effort, frame())
    peer.depth_of(reliable, frame())
    peer.node.destroy_publisher(best_effort)
    assert subscribed(peer, RELIABLE)
    peer.depth_of(reliable, frame())
    peer.node.destroy_publisher(reliable)
    best_effort = peer.camera(BEST_EFFORT)
    assert subscribed(peer, BEST_EFFORT)
    peer.depth_of(best_effort, frame())


@pytest.mark.ros
def test_a_chosen_reliability_stays(running) -> None:
    _, peer = running  # with reliability:=reliable
    camera = peer.camera(BEST_EFFORT)
    assert subscribed(peer, RELIABLE)
    peer.spin(0.6)  # some looks at the publishers
    assert subscribed(peer, RELIABLE)
    peer.node.destroy_publisher(camera)


@pytest.mark.ros
def test_qos_overrides_win_over_the_parameter(start) -> None:
    names = 'qos_overrides./cam/image.subscription', 'qos_overrides./cam/depth.publisher'
    _, peer = start(
        *('-r', 'image:=/cam/image', '-r', 'depth/image:=/cam/depth', '-p', 'reliability:=auto'),
        *('-p', f'{names[0]}.reliability:=best_effort', '-p', f'{names[0]}.depth:=3'),
        *('-p', f'{names[1]}.reliability:=best_effort'),
    )
    peer.camera(RELIABLE, '/cam/image')
    peer.spin(0.8)

    def reliabilities(infos: list) -> list[ReliabilityPolicy]:
        return [info.qos_profile.reliability for info in infos]

    subscriptions = peer.node.get_subscriptions_info_by_topic
    assert peer.spin_until(lambda: bool(subscriptions('/cam/image')))
    assert reliabilities(subscriptions('/cam/image')) == [BEST_EFFORT]
    publishers = peer.node.get_publishers_info_by_topic
    assert peer.spin_until(lambda: bool(publishers('/cam/depth')))
    assert reliabilities(publishers('/cam/depth')) == [BEST_EFFORT]


def test_overrides_survive_a_new_subscription() -> None:
    """rclpy declares the parameters of an override once, at the first subscription."""
    context = Context()
    context.init()
    prefix = 'qos_overrides./image.subscription.'
    given = [Parameter(f'{prefix}depth', value=3), Parameter(f'{prefix}history', value='keep_all')]
    node = Node('n', context=context, parameter_overrides=given)
    subscription = ImageSubscription(node, 'auto', [].append)
    node.create_publisher(Image, 'image', 1)
    for _ in range(600):
        subscription.update()
        if subscription.reliability == RELIABLE:
            break
        time.sleep(0.1)
    assert subscription.reliability == RELIABLE
    (profile,) = [s.qos_profile for s in node.subscriptions if s.topic_name == '/image']
    assert profile.reliability == RELIABLE
    assert (profile.depth, profile.history) == (3, HistoryPolicy.KEEP_ALL)
    context.shutdown()


def test_what_the_middleware_lost_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[SubscriptionEventCallbacks] = []

    def events(*given: object) -> SubscriptionEventCallbacks:
        made.append(subscription_events(*given))
        return made[-1]

    monkeypatch.setattr(qos, 'subscription_events', events)
    context = Context()
    context.init()
    subscription = ImageSubscription(Node('n', context=context), 'auto', [].append)
    for change in (3, 1):
        made[-1].message_lost(SimpleNamespace(total_count_change=change))
    assert subscription.lost == 4
    context.shutdown()


def test_on_humble_images_come_without_information(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(qos, 'TELLS_OF_MESSAGES', False)
    context = Context()
    context.init()
    node, executor = Node('n', context=context), SingleThreadedExecutor(context=context)
    executor.add_node(node)
    found: list[tuple[Image, object]] = []
    subscription = ImageSubscription(node, 'auto', lambda *given: found.append(given))
    publisher = node.create_publisher(Image, 'image', 1)
    for _ in range(600):
        publisher.publish(frame())
        executor.spin_once(timeout_sec=0.1)
        subscription.update()
        if found:
            break
    assert found[0][1] == {}
    context.shutdown()
