"""The ROS 2 node of the simulated camera: publishes a source's frames at a steady rate."""

from __future__ import annotations

import time

from rclpy.node import Node
from rclpy.publisher import Publisher
from sensor_msgs.msg import CameraInfo, Image
from std_msgs.msg import Header

from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.pictures.frames import Frame, Source
from fastdepth_ros.ros.camera_info import write_camera_info
from fastdepth_ros.ros.image_messages import ImageWriter
from fastdepth_ros.ros.sending import send
from fastdepth_ros.ros.session import WAIT, reliable, spinning

FRAME_ID = 'camera_optical_frame'


def publish_frames(source: Source, rate: float, truth_rate: float, received: list[int]) -> None:
    """Publishes at these rates in Hz until a signal is noted in `received`."""
    with spinning(CameraNode(source, rate, truth_rate)) as executor:
        while not received:
            executor.spin_once(timeout_sec=WAIT)


class CameraNode(Node):
    """Publishes `camera/image_raw`, and where known `camera/camera_info`, `camera/depth_true`.

    A frame's true depth follows half a period after its image: sent at once, its fragments would
    push the image's out of the sockets' buffers.
    """

    def __init__(self, source: Source, rate: float, truth_rate: float) -> None:
        super().__init__('simulated_camera')
        self._frames = source.frames
        # Reliable, as a camera driver is: large images are sent in many fragments, and best
        # effort drops an image for one lost fragment.
        self._image = self.create_publisher(Image, 'camera/image_raw', reliable(1))
        # made when there is something to publish: a topic without messages would mislead
        self._info: Publisher | None = None
        self._truth: Publisher | None = None
        self._truth_period, self._next_truth = 1 / truth_rate, 0.0
        self._writer, self._depth_writer = ImageWriter('rgb8'), ImageWriter('32FC1')
        self._sent: tuple[Frame, Header] | None = None
        self.create_timer(0.5 / rate, self._tick)
        self.get_logger().info(f'publishing {self._image.topic_name} at {rate:g} Hz')

    def _tick(self) -> None:
        """Alternately an image and the depth of it."""
        if self._sent:
            self._publish_truth(*self._sent)
            self._sent = None
        else:
            self._sent = self._publish_image(next(self._frames))

    def _publish_image(self, frame: Frame) -> tuple[Frame, Header]:
        header = Header(stamp=self.get_clock().now().to_msg(), frame_id=FRAME_ID)
        if frame.intrinsics:
            if self._info is None:
                self._info = self.create_publisher(CameraInfo, 'camera/camera_info', reliable(10))
            info = write_camera_info(CameraModel.pinhole(frame.intrinsics), header)
            send(self, self._info, info)
        send(self, self._image, self._writer.write(frame.rgb, header))
        return frame, header

    def _publish_truth(self, frame: Frame, header: Header) -> None:
        now = time.monotonic()
        if frame.depth is None or now < self._next_truth:
            return
        self._next_truth = now + 0.9 * self._truth_period  # less the timer's jitter
        if self._truth is None:
            self._truth = self.create_publisher(Image, 'camera/depth_true', reliable(1))
        if self._truth.get_subscription_count():
            send(self, self._truth, self._depth_writer.write(frame.depth, header))
