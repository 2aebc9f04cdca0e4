"""A camera that a fault can do anything to, and a listener to the depth of its images."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from rclpy.clock import Clock, ClockType
from rclpy.node import Node
from rclpy.subscription import Subscription
from rclpy.time import Time
from sensor_msgs.msg import CameraInfo, Image
from std_msgs.msg import Header

from fastdepth_ros.benchmark.ros.probe import DEPTH, IMAGE, INFO
from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.ros.camera_info import write_camera_info
from fastdepth_ros.ros.image_messages import ImageWriter
from fastdepth_ros.ros.sending import send
from fastdepth_ros.ros.session import reliable
from fastdepth_ros.simulation.camera import HFOV
from fastdepth_ros.simulation.ros.camera_node import FRAME_ID
from fastdepth_ros.stamps import stamp_ns

DEPTH_INFO = '/depth/camera_info'


@dataclass(frozen=True)
class Answer:
    """A depth; both times in seconds of the steady clock."""

    sent: float  # when its image was
    came: float


class Peer(Node):
    """Publishes images with their CameraInfo, and knows which of them were answered."""

    def __init__(self, size: tuple[int, int], rate: float) -> None:
        """`size`: (width, height) px; `rate`: Hz."""
        super().__init__('fastdepth_faults')
        self.sends = True
        self.intrinsics: Intrinsics | None = Intrinsics.from_hfov(*size, HFOV)  # None: no info
        self.now: Callable[[], Time] = self.get_clock().now
        self.answers: list[Answer] = []
        self.lens: float | None = None  # focal length over width, as the last depth's info says
        self.begin = time.monotonic()
        self.first_heard: float | None = None  # when another camera's image was sent
        self._sent: dict[int, float] = {}  # stamp, ns, to seconds
        y, x = np.mgrid[: size[1], : size[0]]
        self._picture = np.stack([x % 256, y % 256, (x + y) % 256], -1).astype(np.uint8)
        self._writer = ImageWriter('rgb8')
        self._image = self.create_publisher(Image, IMAGE, reliable(1))
        self._info = self.create_publisher(CameraInfo, INFO, reliable(10))
        self._camera: Subscription | None = None
        self.create_subscription(Image, DEPTH, self._on_depth, reliable(10))
        self.create_subscription(CameraInfo, DEPTH_INFO, self._on_depth_info, reliable(10))
        self.create_timer(1 / rate, self._tick, clock=Clock(clock_type=ClockType.STEADY_TIME))

    def forget(self) -> None:
        """From now on only images that are sent from now on count."""
        self.begin = time.monotonic()
        self._sent.clear()
        self.answers.clear()
        self.first_heard = None

    @property
    def longest_gap(self) -> float:
        """s without a depth, since forget() or the last depth."""
        times = [self.begin, *(answer.came for answer in self.answers), time.monotonic()]
        return max(after - before for before, after in pairwise(times))

    def hear_cameras(self, heard: bool) -> None:
        """Whether images of other cameras count, too; they are known by their CameraInfo."""
        if self._camera is not None:
            self.destroy_subscription(self._camera)
        self._camera = None
        if heard:
            self._camera = self.create_subscription(CameraInfo, INFO, self._on_info, reliable(50))

    def _tick(self) -> None:
        if self.sends:
            self.send(self._picture)

    def send(self, picture: np.ndarray) -> None:
        """One image, (H, W, 3) uint8, and its CameraInfo."""
        header = Header(stamp=self.now().to_msg(), frame_id=FRAME_ID)
        message = self._writer.write(picture, header)
        self._sent[stamp_ns(message)] = time.monotonic()
        if self.intrinsics is not None:
            info = write_camera_info(CameraModel.pinhole(self.intrinsics), header)
            send(self, self._info, info)
        send(self, self._image, message)

    def _on_info(self, message: CameraInfo) -> None:
        stamp = stamp_ns(message)
        if stamp not in self._sent:  # not our own
            self._sent[stamp] = time.monotonic() - (time.time_ns() - stamp) / 1e9
            self.first_heard = self.first_heard or self._sent[stamp]

    def _on_depth_info(self, message: CameraInfo) -> None:
        self.lens = message.k[0] / message.width

    def _on_depth(self, message: Image) -> None:
        sent = self._sent.pop(stamp_ns(message), None)
        if sent is not None and sent >= self.begin:
            self.answers.append(Answer(sent, time.monotonic()))
