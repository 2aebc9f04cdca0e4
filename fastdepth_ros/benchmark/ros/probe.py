"""Listens beside a node: which images the camera has sent, and when their depth came."""

from __future__ import annotations

import time
from collections.abc import Callable

from rclpy.executors import Executor
from rclpy.node import Node
from rclpy.subscription import Subscription
from sensor_msgs.msg import CameraInfo, Image

from fastdepth_ros.ros.session import WAIT, reliable
from fastdepth_ros.stamps import stamp_ns

IMAGE, INFO, DEPTH = '/camera/image_raw', '/camera/camera_info', '/depth/image'


class Probe(Node):
    """Counts every image by its CameraInfo, which is small enough not to get lost."""

    def __init__(self, received: list[int]) -> None:
        """A signal that is noted in `received` ends all waiting with a KeyboardInterrupt."""
        super().__init__('fastdepth_benchmark')
        self.sent: list[int] = []  # stamps, ns
        self.answers: dict[int, int] = {}  # stamp to when its depth was here, ns
        self._received = received
        self._depth: Subscription | None = None
        self.create_subscription(CameraInfo, INFO, self._on_info, reliable(50))

    def listen(self, to_depth: bool) -> None:
        """Forgets what was, and subscribes to the depth or lets it be."""
        self.sent.clear()
        self.answers.clear()
        if self._depth is not None:
            self.destroy_subscription(self._depth)
        self._depth = None
        if to_depth:
            self._depth = self.create_subscription(Image, DEPTH, self._on_depth, reliable(10))

    def spin(self, executor: Executor, seconds: float, done: Callable[[], bool]) -> bool:
        """Listens until `done` or for that long; whether it came to that."""
        end = time.monotonic() + seconds
        while not (finished := done()) and time.monotonic() < end:
            executor.spin_once(timeout_sec=min(WAIT, max(0.0, end - time.monotonic())))
            if self._received:
                raise KeyboardInterrupt
        return finished

    def _on_info(self, message: CameraInfo) -> None:
        self.sent.append(stamp_ns(message))

    def _on_depth(self, message: Image) -> None:
        self.answers[stamp_ns(message)] = time.time_ns()
