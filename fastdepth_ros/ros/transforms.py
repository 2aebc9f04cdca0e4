"""The way from the camera's frame to another one, by tf; tf2_ros is imported only here.

No wheel of tf2_ros exists, so the lookup is tested with a stand-in and real tf is not.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from rclpy.node import Node
from rclpy.time import Time
from std_msgs.msg import Header

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.quaternion import transform_matrix

MOUNT = 'up_source: mount, with camera_pitch and camera_height'
POSE = 'x y z roll pitch yaw'
INSTEAD = {'use_tf': 'use_tf: false for a level camera', 'up_source': MOUNT} | {
    f'{name}_extrinsics': f'{name}_extrinsics: {POSE}'
    for name in ('imu', 'scan', 'range', 'cloud')
}


class Lookup(Protocol):
    """tf, or what stands in for it."""

    def lookup(self, target: str, header: Header) -> np.ndarray:
        """(4, 4) from header.frame_id to `target` at its stamp; UserError where tf has none."""


class TfLookup:
    """Transforms of this node's tf buffer."""

    def __init__(self, node: Node, why: str) -> None:
        """UserError where tf2_ros is not installed; `why` is the parameter that needs it."""
        try:
            import tf2_ros
        except ImportError as error:
            raise UserError(
                f'{why} needs tf2_ros: apt install ros-$ROS_DISTRO-tf2-ros-py, or set '
                f'{INSTEAD[why]}'
            ) from error
        self._buffer = tf2_ros.Buffer()
        self._listener = tf2_ros.TransformListener(self._buffer, node)
        self._failures = tf2_ros.TransformException

    def lookup(self, target: str, header: Header) -> np.ndarray:
        """(4, 4) from header.frame_id to `target` at its stamp; UserError where tf has none."""
        if header.stamp.sec < 0:  # rclpy's Time would raise
            raise UserError(f"the image's stamp is {header.stamp.sec} s: no tf is of that time")
        try:
            found = self._buffer.lookup_transform(
                target, header.frame_id, Time.from_msg(header.stamp)
            ).transform
        except self._failures as error:
            raise UserError(
                f'tf from {header.frame_id} to {target}: {error}: is it published, and with the '
                "image's clock?"
            ) from error
        t, q = found.translation, found.rotation
        return transform_matrix((t.x, t.y, t.z), (q.x, q.y, q.z, q.w))
