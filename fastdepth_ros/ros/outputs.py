"""The topics of the depth, each computed and published only while somebody subscribes to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from rclpy.node import Node
from rclpy.publisher import Publisher
from rclpy.qos import ReliabilityPolicy
from sensor_msgs.msg import CameraInfo, Image, LaserScan, PointCloud2
from std_msgs.msg import Header

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.laser_scan import LEVEL, ScanOptions, level_frame
from fastdepth_ros.geometry.point_cloud import CloudOptions
from fastdepth_ros.geometry.view import View
from fastdepth_ros.pictures.depth_colours import DepthColours
from fastdepth_ros.ros import qos
from fastdepth_ros.ros.camera_info import write_camera_info
from fastdepth_ros.ros.image_messages import ImageWriter
from fastdepth_ros.ros.laser_scan import LaserScanWriter
from fastdepth_ros.ros.parameters import NodeParameters
from fastdepth_ros.ros.point_cloud import PointCloudWriter
from fastdepth_ros.ros.qos_events import publisher_events
from fastdepth_ros.ros.quiet import QUIET
from fastdepth_ros.ros.sending import send
from fastdepth_ros.ros.transforms import Lookup

IMAGE, INFO, POINTS = 'depth/image', 'depth/camera_info', 'depth/points'
SCAN, COLOR = 'depth/scan', 'depth/color'
OVERLOADED = 'is the machine overloaded? lower max_rate, or let qos_overrides make it best_effort'
# in the order of publishing: CameraInfo first, so that it is there when the depth is
TOPICS = {INFO: CameraInfo, IMAGE: Image, POINTS: PointCloud2, SCAN: LaserScan, COLOR: Image}


@dataclass(frozen=True)
class Depth:
    """What one image has become."""

    header: Header  # the camera's
    metres: np.ndarray  # (h, w) float32, NaN = none
    view: View
    rgb: Callable[[], np.ndarray]  # (h, w, 3) uint8 on the depth's pixels, made when asked for


class Outputs:
    """Publishers, and the messages that they keep from image to image."""

    def __init__(self, node: Node, asked: NodeParameters, tf: Lookup | None = None) -> None:
        """Advertises the topics; `tf` is where the scan_frame is looked up, None for no tf."""
        self._node, self._tf = node, tf
        self._publishers: dict[str, Publisher] = {}
        self._problems: dict[str, str] = {}  # of the last image, by topic
        try:
            for topic, kind in TOPICS.items():
                self._publishers[topic] = self._advertise(kind, topic)
        except BaseException:
            self.destroy()  # an output without the others would mislead
            raise
        self._makers: dict[str, Callable[[Depth], Any]] = {
            INFO: self._make_info,
            IMAGE: lambda depth: self._image.write(depth.metres, depth.header),
            POINTS: self._make_points,
            SCAN: self._make_scan,
            COLOR: lambda depth: self._color.write(self._colours(depth.metres), depth.header),
        }
        self._image, self._color = ImageWriter('32FC1'), ImageWriter('bgr8')
        self.configure(asked)

    def configure(self, asked: NodeParameters) -> None:
        """Takes new parameters, from the next image on."""
        ranges = (asked.min_range, asked.max_range, asked.edge_threshold)
        self._points = PointCloudWriter(
            CloudOptions(asked.points_stride, asked.points_color, *ranges)
        )
        self._scan = LaserScanWriter(
            ScanOptions(asked.scan_min_height, asked.scan_max_height, *ranges)
        )
        self._scan_frame = asked.scan_frame
        self._colours = DepthColours(asked.color_max_depth)

    @property
    def names(self) -> list[str]:
        """The resolved names of the topics."""
        return [publisher.topic_name for publisher in self._publishers.values()]

    def wanted(self) -> list[str]:
        """Those of TOPICS that have a subscriber."""
        return [t for t, p in self._publishers.items() if p.get_subscription_count()]

    @property
    def problem(self) -> str:
        """Why something that is wanted was not sent of the last image, '' where all was."""
        return '; '.join(self._problems[t] for t in self.wanted() if t in self._problems)

    def publish(self, depth: Depth, wanted: list[str]) -> bool:
        """Makes and sends the messages of these topics; whether any is out."""
        out = [self._publish(topic, depth) for topic in wanted]
        return any(out)

    def _publish(self, topic: str, depth: Depth) -> bool:
        """Whether the message is out; where it cannot be, the log and `problem` say why."""
        self._problems.pop(topic, None)
        try:
            message = self._makers[topic](depth)
        except UserError as error:
            self._problems[topic] = f'no {topic}: {error}'
            self._node.get_logger().warning(self._problems[topic], throttle_duration_sec=QUIET)
            return False
        if message is None:
            return False
        problem = send(self._node, self._publishers[topic], message)
        if problem:
            self._problems[topic] = f'{problem}: {OVERLOADED}'
        return not problem

    def destroy(self) -> None:
        """Withdraws the topics."""
        for publisher in self._publishers.values():
            self._node.destroy_publisher(publisher)

    def _advertise(self, kind: type, topic: str) -> Publisher:
        return self._node.create_publisher(
            kind,
            topic,
            qos.latest_only(ReliabilityPolicy.RELIABLE),
            event_callbacks=publisher_events(self._node, topic),
            qos_overriding_options=qos.overridable(),
        )

    def _make_info(self, depth: Depth) -> CameraInfo | None:
        camera = depth.view.depth_camera
        return camera and write_camera_info(camera, depth.header)

    def _make_points(self, depth: Depth) -> PointCloud2:
        rgb = depth.rgb() if self._points.options.color else None
        return self._points.write(depth.metres, calibrated(depth.view), depth.header, rgb)

    def _make_scan(self, depth: Depth) -> LaserScan:
        intrinsics, frame = calibrated(depth.view), depth.header.frame_id
        target = self._scan_frame or level_frame(frame)
        if self._tf is None:
            transform = LEVEL
            self._node.get_logger().info(
                f'depth/scan in {target}: the camera is taken as level and {target} as at its '
                'place; with use_tf: true both come from tf',
                once=True,
            )
        else:
            transform = self._tf.lookup(target, depth.header)
        header = Header(stamp=depth.header.stamp, frame_id=target)
        return self._scan.write(depth.metres, intrinsics, header, transform)


def calibrated(view: View) -> Intrinsics:
    """The depth's intrinsics; UserError without which there is no geometry."""
    if view.depth_intrinsics is None:
        raise UserError(
            'the camera is not calibrated: publish camera_info, or set camera_info_url or '
            'horizontal_fov'
        )
    return view.depth_intrinsics
