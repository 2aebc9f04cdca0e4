"""The ROS 2 node of the demo: listens to camera and depth node, and takes their figures."""

from __future__ import annotations

import time
from collections import OrderedDict

import numpy as np
from rclpy.node import Node
from sensor_msgs.msg import CameraInfo, Image

from fastdepth_ros.demo.figures import FrameCount, Sample, SpreadSamples
from fastdepth_ros.ros.session import reliable
from fastdepth_ros.stamps import stamp_ns

SAMPLE_PERIOD = 0.4  # s between two frames that are kept to be measured, at least
MOST_OPEN = 6  # stamps whose parts are kept while others are on their way
INFO, IMAGE = '/camera/camera_info', '/camera/image_raw'
TRUTH, DEPTH = '/camera/depth_true', '/depth/image'


class DemoListener(Node):
    """Counts every frame, times every depth, and keeps some frames whole.

    `truth`: whether the camera publishes its true depth. Its topic may be found seconds after the
    others are, so looking for it is no way to know.
    """

    def __init__(self, truth: bool) -> None:
        super().__init__('fastdepth_demo')
        self.count = FrameCount()
        self.latencies: list[float] = []  # ms from the camera's stamp to here
        self.samples = SpreadSamples()
        self._open: OrderedDict[int, dict[str, np.ndarray]] = OrderedDict()
        self._next_sample = 0.0
        self._wanted = {IMAGE, DEPTH} | ({TRUTH} if truth else set())
        self.create_subscription(CameraInfo, INFO, self._on_info, reliable(50))
        self.create_subscription(Image, IMAGE, self._on_image, reliable(2))
        self.create_subscription(Image, TRUTH, self._on_truth, reliable(2))
        self.create_subscription(Image, DEPTH, self._on_depth, reliable(10))

    def _on_info(self, message: CameraInfo) -> None:
        self.count.published(stamp_ns(message))

    def _on_image(self, message: Image) -> None:
        self.count.published(stamp_ns(message))
        shape = (message.height, message.width, 3)
        self._add(IMAGE, message, np.frombuffer(message.data, np.uint8).reshape(shape))

    def _on_truth(self, message: Image) -> None:
        self._add(TRUTH, message, _metres(message))

    def _on_depth(self, message: Image) -> None:
        now, stamp = time.time_ns(), stamp_ns(message)
        self.latencies.append((now - stamp) / 1e6)
        self.count.answered(stamp)
        self._add(DEPTH, message, _metres(message))

    def _add(self, topic: str, message: Image, values: np.ndarray) -> None:
        """Keeps the arrays of the latest stamps until one is whole and a sample is due."""
        parts = self._open.setdefault(stamp_ns(message), {})
        parts[topic] = values
        if len(self._open) > MOST_OPEN:
            self._open.popitem(last=False)
        if self._wanted <= parts.keys() and time.monotonic() >= self._next_sample:
            self._next_sample = time.monotonic() + SAMPLE_PERIOD
            self.samples.add(Sample(parts[IMAGE], parts[DEPTH], parts.get(TRUTH)))


def _metres(message: Image) -> np.ndarray:
    """(height, width) float32 of a 32FC1 message: its memory, which nobody else uses."""
    return np.frombuffer(message.data, np.float32).reshape(message.height, message.width)
