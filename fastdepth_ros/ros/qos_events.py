"""What the middleware says when two ends of a topic do not fit, or when it drops a message."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from rclpy.node import Node
from rclpy.qos import QoSPolicyKind

try:
    from rclpy.event_handler import (
        PublisherEventCallbacks,
        SubscriptionEventCallbacks,
        UnsupportedEventTypeError,
    )
except ImportError:  # Humble
    from rclpy.qos_event import (
        PublisherEventCallbacks,
        SubscriptionEventCallbacks,
        UnsupportedEventTypeError,
    )

__all__ = [
    'PublisherEventCallbacks',
    'SubscriptionEventCallbacks',
    'UnsupportedEventTypeError',
    'describe_mismatch',
    'publisher_events',
    'subscription_events',
]
REMEDIES = {
    QoSPolicyKind.RELIABILITY: "set the subscriber's reliability to best_effort, or the "
    "publisher's to reliable",
    QoSPolicyKind.DURABILITY: "set the subscriber's durability to volatile",
}


def policy_name(kind: Any) -> str:
    """RELIABILITY and the like, from an event's last_policy_kind."""
    return QoSPolicyKind(kind).name


def describe_mismatch(topic: str, other: str, kind: Any) -> str:
    """One line with the remedy; `other` is the end that does not fit."""
    remedy = REMEDIES.get(QoSPolicyKind(kind), 'give both ends the same')
    return f'{topic}: a {other} with another {policy_name(kind)} is not heard: {remedy}'


def publisher_events(node: Node, topic: str) -> PublisherEventCallbacks:
    """Warns of subscribers that ask for more than the publisher offers."""
    name = node.resolve_topic_name(topic)

    def warn(event: Any) -> None:
        node.get_logger().warning(describe_mismatch(name, 'subscriber', event.last_policy_kind))

    return PublisherEventCallbacks(incompatible_qos=warn)


def subscription_events(
    incompatible: Callable[[Any], None], lost: Callable[[int], None] | None
) -> SubscriptionEventCallbacks:
    """`incompatible` gets the event's last_policy_kind, `lost` the number of messages.

    `lost` is None for a middleware that cannot tell (UnsupportedEventTypeError).
    """
    return SubscriptionEventCallbacks(
        incompatible_qos=lambda event: incompatible(event.last_policy_kind),
        message_lost=lost and (lambda event: lost(event.total_count_change)),
    )
