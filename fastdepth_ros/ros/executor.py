"""The executor of the depth node: it waits for images, and looks at all else now and then."""

from __future__ import annotations

import time
from typing import Any

from rclpy.client import Client
from rclpy.context import Context
from rclpy.executors import SingleThreadedExecutor
from rclpy.logging import get_logger
from rclpy.service import Service
from rclpy.waitable import Waitable

from fastdepth_ros.ros.quiet import QUIET

LOGGER = get_logger('depth_node.executor')
SKIPPED = 'what was being done is left undone'
PERIOD = 0.1  # s
RARE = (Service, Client, Waitable)  # Waitable: the events of QoS


class ImageExecutor(SingleThreadedExecutor):
    """A single-threaded executor that seldom looks at services and events while images come.

    rclpy waits by making a set of all that a node has, in Python, for every message: 30 services
    and events of the depth node, which are hardly ever used. They are in the set at most PERIOD
    apart; where nothing else comes, always, so that they are then served at once.
    """

    def __init__(self, *, context: Context | None = None) -> None:
        super().__init__(context=context)
        self._due = 0.0
        self._looks = True  # this turn, at all
        self._looked = False

    def can_execute(self, entity: Any) -> bool:
        """Whether the entity is to be waited for in this turn."""
        if isinstance(entity, RARE):
            if not self._looks:
                return False
            self._looked = True
        return super().can_execute(entity)

    def _take_subscription(self, sub: Any) -> Any:
        """None for a message that could not be taken.

        An exception from here would leave its callback group locked for ever. rclpy raises where
        there is no memory for the message.
        """
        try:
            return super()._take_subscription(sub)
        except (MemoryError, RuntimeError) as error:
            LOGGER.error(
                f'a message on {sub.topic_name} is lost, probably for lack of memory: {error}',
                throttle_duration_sec=QUIET,
            )
            return None

    def spin_once(self, timeout_sec: float | None = None) -> None:
        """Waits for one callback and runs it."""
        self._looks = time.monotonic() >= self._due
        try:
            super().spin_once(timeout_sec)
        except MemoryError as error:
            LOGGER.error(f'out of memory: {str(error) or SKIPPED}', throttle_duration_sec=QUIET)
        if self._looked:
            self._due, self._looked = time.monotonic() + PERIOD, False
