"""A subscription that is asked, rather than one that calls."""

from __future__ import annotations

from typing import Any

from rclpy.callback_groups import CallbackGroup
from rclpy.node import Node
from rclpy.qos import ReliabilityPolicy
from rclpy.serialization import deserialize_message

from fastdepth_ros.ros import qos
from fastdepth_ros.ros.quiet import QUIET
from fastdepth_ros.ros.topics import reason_of

AFTER_STAMP = 12  # bytes of a serialised message that begins with a Header: 4 of CDR, 8 of stamp


class LatestMessage:
    """The newest message of a topic that is looked at when an image comes.

    The executor is not woken by them.
    """

    def __init__(self, node: Node, kind: type, topic: str, changes_only: bool = True) -> None:
        """`kind` begins with a std_msgs/Header.

        `changes_only`, of messages that hardly differ, as CameraInfo's: one that differs from the
        last in nothing but its stamp is not even made an object of.
        """
        self._node, self._kind, self._changes_only = node, kind, changes_only
        # Best effort hears every publisher, and a lost message is like the next one.
        self._subscription = node.create_subscription(
            kind,
            topic,
            lambda _: None,
            qos.latest_only(ReliabilityPolicy.BEST_EFFORT),
            callback_group=NeverCalled(),
            qos_overriding_options=qos.overridable(),
            raw=True,
        )
        self._last = b''

    @property
    def topic(self) -> str:
        """The resolved name."""
        return str(self._subscription.topic_name)

    def take(self) -> Any | None:
        """The newest since the last call; None where there is none, or nothing new in it.

        One that is malformed is none, and the log says so.
        """
        newest = None
        while (message := self._take()) is not None:  # qos_overrides may keep several
            newest = message
        if newest is None:
            return None
        if self._changes_only and newest[AFTER_STAMP:] == self._last:
            return None
        try:
            message = deserialize_message(newest, self._kind)
        except (MemoryError, RuntimeError) as error:  # RMWError
            self._node.get_logger().warning(
                f'{self.topic}: a message of {len(newest)} bytes is left out: {reason_of(error)}',
                throttle_duration_sec=QUIET,
            )
            return None
        if self._changes_only:
            self._last = newest[AFTER_STAMP:]
        return message

    def _take(self) -> bytes | None:
        subscription = self._subscription
        with subscription.handle:  # as rclpy's executor and its wait_for_message take one
            taken = subscription.handle.take_message(subscription.msg_type, True)
        return None if taken is None else taken[0]

    def destroy(self) -> None:
        """Nothing comes any more."""
        self._node.destroy_subscription(self._subscription)


class NeverCalled(CallbackGroup):
    """Keeps a subscription out of every executor's wait."""

    def can_execute(self, entity: Any) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def beginning_execution(self, entity: Any) -> bool:  # noqa: ARG002
        """Never."""
        return False

    def ending_execution(self, entity: Any) -> None:
        """Nothing has begun."""
