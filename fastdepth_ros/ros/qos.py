"""Quality of service: latest frame wins, and the reliability that loses least."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from rcl_interfaces.msg import SetParametersResult
from rclpy.node import Node
from rclpy.qos import HistoryPolicy, QoSProfile, ReliabilityPolicy
from rclpy.qos_overriding_options import QoSOverridingOptions
from rclpy.subscription import Subscription
from sensor_msgs.msg import Image

from fastdepth_ros.ros.qos_events import (
    UnsupportedEventTypeError,
    describe_mismatch,
    subscription_events,
)

RELIABILITIES = {
    'reliable': ReliabilityPolicy.RELIABLE,
    'best_effort': ReliabilityPolicy.BEST_EFFORT,
}
AUTO = 'auto'
# whether callbacks may ask for the middleware's information on a message: not on Humble
TELLS_OF_MESSAGES = hasattr(Subscription, 'CallbackType')
OVERRIDES_ALLOWED = (
    'qos_overrides may be reliability: reliable, best_effort; history: keep_last, keep_all; '
    'depth: an integer from 1'
)


def latest_only(reliability: ReliabilityPolicy) -> QoSProfile:
    """Keep-last 1: a frame that waited behind another one is older than what the robot sees."""
    return QoSProfile(history=HistoryPolicy.KEEP_LAST, depth=1, reliability=reliability)


def choose_reliability(
    choice: str, offered: Iterable[ReliabilityPolicy], current: ReliabilityPolicy
) -> ReliabilityPolicy:
    """The subscription's reliability for what the topic's publishers offer.

    auto: reliable loses least (large images are sent in fragments, and best effort drops a frame
    for one lost fragment), but a best-effort publisher would not be heard at all, so one of those
    decides. Without publishers there is nothing to learn: `current` stays.
    """
    if choice != AUTO:
        return RELIABILITIES[choice]
    offered = list(offered)
    if not offered:
        return current
    reliable = all(policy == ReliabilityPolicy.RELIABLE for policy in offered)
    return ReliabilityPolicy.RELIABLE if reliable else ReliabilityPolicy.BEST_EFFORT


def checked_overrides(qos: QoSProfile) -> SetParametersResult:
    """Refuses what rclpy would hand to the middleware unseen; called after qos_overrides."""
    if qos.depth < 1:
        return SetParametersResult(successful=False, reason=f'depth is {qos.depth}')
    return SetParametersResult(successful=True)


def overridable() -> QoSOverridingOptions:
    """Lets `qos_overrides` parameters win over history, depth and reliability."""
    return QoSOverridingOptions.with_default_policies(callback=checked_overrides)


class ImageSubscription:
    """The subscription to images, made anew when `reliability: auto` finds other publishers."""

    def __init__(
        self,
        node: Node,
        choice: str,
        callback: Callable[[Any, Any], None],
        message_type: type = Image,
        topic: str = 'image',
    ) -> None:
        """`callback` gets the message and rclpy's information on it, which is {} on Humble."""
        self._node = node
        self._choice = choice
        self._callback = callback
        self._message_type = message_type
        self.topic = node.resolve_topic_name(topic)
        self.problem = ''  # why a publisher is not heard, and what to do
        self.lost = 0  # messages, as far as the middleware tells
        self._overridden = False
        # hears every publisher, so it is the one to start with
        self.reliability = choose_reliability(choice, (), ReliabilityPolicy.BEST_EFFORT)
        self._subscription = self._subscribe()

    def update(self) -> None:
        """Looks at the publishers and subscribes anew if another reliability fits them better."""
        publishers = self._node.get_publishers_info_by_topic(self.topic)
        offered = [publisher.qos_profile.reliability for publisher in publishers]
        if self._choice != AUTO or self._overridden:
            deaf = self.reliability == ReliabilityPolicy.RELIABLE
            if not (deaf and ReliabilityPolicy.BEST_EFFORT in offered):
                self.problem = ''
            return
        reliability = choose_reliability(AUTO, offered, self.reliability)
        if reliability == self.reliability:
            return
        self.reliability = reliability
        self.destroy()
        self._subscription = self._subscribe()
        self._node.get_logger().info(
            f'{self.topic}: subscribed as {reliability.name.lower()}, as its publishers offer'
        )

    def destroy(self) -> None:
        """No image comes any more."""
        self._node.destroy_subscription(self._subscription)

    def _subscribe(self) -> Subscription:
        self.problem = ''
        try:
            return self._subscribe_with(self._count_lost)
        except UnsupportedEventTypeError:  # this middleware does not tell
            return self._subscribe_with(None)

    def _subscribe_with(self, lost: Callable[[int], None] | None) -> Subscription:
        # rclpy takes the value of the first subscription for the default of the override's
        # parameter for ever. So the default says "not overridden", and _apply_choice fills it in.
        return self._node.create_subscription(
            self._message_type,
            self.topic,
            self._callback if TELLS_OF_MESSAGES else self._without_information,
            latest_only(ReliabilityPolicy.SYSTEM_DEFAULT),
            event_callbacks=subscription_events(self._on_incompatible, lost),
            qos_overriding_options=QoSOverridingOptions.with_default_policies(
                callback=self._apply_choice
            ),
        )

    def _without_information(self, message: Any) -> None:
        self._callback(message, {})

    def _count_lost(self, count: int) -> None:
        self.lost += count

    def _on_incompatible(self, kind: Any) -> None:
        if self._choice == AUTO and not self._overridden:
            return  # update() will follow it
        self.problem = describe_mismatch(self.topic, 'publisher', kind)
        self._node.get_logger().warning(self.problem)

    def _apply_choice(self, qos: QoSProfile) -> SetParametersResult:
        """Called with the profile after qos_overrides, which win."""
        self._overridden = qos.reliability != ReliabilityPolicy.SYSTEM_DEFAULT
        if self._overridden:
            self.reliability = qos.reliability
        else:
            qos.reliability = self.reliability
        return checked_overrides(qos)
