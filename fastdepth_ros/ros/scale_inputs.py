"""What the robot's sensors say at one image, in the camera's optical frame."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from rclpy.exceptions import ParameterException
from rclpy.node import Node
from rclpy.qos_overriding_options import InvalidQosOverridesError
from sensor_msgs.msg import Imu, LaserScan, PointCloud2, Range
from std_msgs.msg import Header

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.pose import in_optical_frame, up_of_mount
from fastdepth_ros.geometry.projection import transform_points
from fastdepth_ros.messages.points import read_cloud, read_range, read_scan
from fastdepth_ros.ros.latest_message import LatestMessage
from fastdepth_ros.ros.scale_parameters import IMU, TF, ScaleParameters
from fastdepth_ros.ros.topics import reason_of
from fastdepth_ros.ros.transforms import Lookup
from fastdepth_ros.scale.evidence import Evidence, KnownFloor
from fastdepth_ros.scale.gravity import Gravity
from fastdepth_ros.stamps import stamp_seconds

MOST_POINTS = 1600  # of a cloud; a lidar has up to a hundred times as many
MOST_OFFSET = 0.3  # s between an image and what is measured with it
KINDS: dict[str, tuple[type, Callable[[Any], np.ndarray]]] = {
    'scan': (LaserScan, read_scan),
    'range': (Range, read_range),
    'cloud': (PointCloud2, partial(read_cloud, most=MOST_POINTS)),
}


class Sensor:
    """The newest message of one topic, and where its sensor sits."""

    def __init__(
        self, node: Node, kind: type, topic: str, pose: np.ndarray | None, lookup: Lookup | None
    ) -> None:
        """`pose`: (4, 4) in the camera's body frame; None: asked of `lookup`."""
        self._latest = LatestMessage(node, kind, topic, changes_only=False)
        self._transform = None if pose is None else in_optical_frame(pose)
        self._lookup = lookup
        self.destroy = self._latest.destroy

    @property
    def topic(self) -> str:
        """The resolved name."""
        return self._latest.topic

    def take(self, image: Header) -> tuple[Any, np.ndarray] | None:
        """(message, (4, 4) from its frame to the camera's); None where there is no new one.

        UserError for one that is not of the image's time, or whose frame tf does not know.
        """
        message = self._latest.take()
        if message is None:
            return None
        offset = stamp_seconds(message.header) - stamp_seconds(image)
        if abs(offset) > MOST_OFFSET:
            raise UserError(
                f"its stamp is {offset:+.1f} s from the image's: do both have the same clock?"
            )
        if self._transform is not None:
            return message, self._transform
        assert self._lookup is not None
        return message, self._lookup.lookup(image.frame_id, message.header)


class ScaleInputs:
    """The subscriptions of the sources that the parameters name."""

    def __init__(self, node: Node, asked: ScaleParameters, lookup: Lookup | None) -> None:
        """`lookup` is needed for asked.tf_users alone.

        UserError where a topic has another type already: two sources with one topic, or an output.
        """
        self._asked, self._lookup = asked, lookup
        self._mount = up_of_mount(np.radians(asked.camera_pitch), np.radians(asked.camera_roll))
        self._gravity = Gravity()
        self._up: tuple[float, np.ndarray] | None = None  # stamp, by the Imu
        self._imu: Sensor | None = None
        self._sensors: dict[str, Sensor] = {}
        try:
            self._subscribe(node)
        except (InvalidQosOverridesError, ParameterException, RuntimeError) as error:
            self.destroy()
            raise UserError(
                f'cannot listen to the sources of the scale: {reason_of(error)}'
            ) from error

    def _subscribe(self, node: Node) -> None:
        asked, lookup = self._asked, self._lookup
        if asked.grounded and asked.up_source == IMU:
            self._imu = Sensor(node, Imu, asked.imu_topic, asked.pose_of('imu'), lookup)
        for name, (kind, _) in KINDS.items():
            if topic := getattr(asked, f'{name}_topic'):
                self._sensors[name] = Sensor(node, kind, topic, asked.pose_of(name), lookup)

    def evidence(self, image: Header) -> Evidence:
        """What has come since the last image, and why something of it is no use."""
        found = Evidence()
        if self._asked.grounded:
            try:
                found.floor = self._floor(image)
            except UserError as error:
                found.floor = str(error)
        for name, sensor in self._sensors.items():
            try:
                taken = sensor.take(image)
                if taken is not None:
                    message, transform = taken
                    found.points[name] = transform_points(KINDS[name][1](message), transform)
            except UserError as error:
                found.points[name] = str(error)
        return found

    def _floor(self, image: Header) -> KnownFloor:
        asked = self._asked
        if asked.up_source == TF:
            assert self._lookup is not None
            transform = self._lookup.lookup(asked.base_frame, image)
            height = asked.camera_height or float(transform[2, 3])
            if not height > 0:
                raise UserError(
                    f'tf has the camera {height:.2f} m above {asked.base_frame}: base_frame must '
                    'be a frame on the floor, or set camera_height'
                )
            return KnownFloor(transform[2, :3], height)
        if self._imu is None:
            return KnownFloor(self._mount, asked.camera_height)
        return KnownFloor(self._up_by_imu(self._imu, image), asked.camera_height)

    def _up_by_imu(self, imu: Sensor, image: Header) -> np.ndarray:
        taken = imu.take(image)
        if taken is not None:
            message, transform = taken
            stamp = stamp_seconds(message.header)
            self._up = stamp, transform[:3, :3] @ self._gravity.up(message, stamp)
        if self._up is None:
            raise UserError(f'no Imu has come on {imu.topic}')
        stamp, up = self._up
        if abs(stamp_seconds(image) - stamp) > MOST_OFFSET:
            raise UserError(
                f'the last Imu on {imu.topic} is {stamp_seconds(image) - stamp:.1f} s old'
            )
        return up

    def destroy(self) -> None:
        """Nothing comes any more."""
        for sensor in (*self._sensors.values(), *filter(None, [self._imu])):
            sensor.destroy()
