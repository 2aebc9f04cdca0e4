"""Which way is up, from an IMU: its orientation, or its accelerometer where it has none."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.quaternion import transform_matrix

G = 9.81  # m/s^2
LIKE_G = 0.25  # share of G that a robot's smoothed acceleration may differ by
UNIT = 0.05  # of a quaternion's length
MEMORY = 1.0  # s of the low-pass: longer than a robot speeds up, shorter than it drives a ramp
NOT_GIVEN = -1  # in element 0 of a covariance (sensor_msgs/Imu)


class Gravity:
    """Up in the frame of one IMU, message by message (sensor_msgs/Imu, of rclpy or rosbags)."""

    def __init__(self, memory: float = MEMORY) -> None:
        """`memory`: s of the accelerometer's low-pass."""
        self._memory = memory
        self._smooth: np.ndarray | None = None
        self._stamp = 0.0

    def up(self, message: Any, stamp: float) -> np.ndarray:
        """(3,) unit vector; `stamp` in s. UserError where the message does not tell."""
        if message.orientation_covariance[0] != NOT_GIVEN:
            return up_of_orientation(message.orientation)
        if message.linear_acceleration_covariance[0] == NOT_GIVEN:
            raise UserError('the Imu has neither orientation nor acceleration')
        a = message.linear_acceleration
        self._update(np.array([a.x, a.y, a.z], np.float64), stamp)
        assert self._smooth is not None
        strength = float(np.linalg.norm(self._smooth))
        if not abs(strength - G) < LIKE_G * G:
            raise UserError(
                f"the Imu's acceleration is {strength:.1f} m/s^2, not about {G}: it moves, or "
                'leaves gravity out'
            )
        return self._smooth / strength

    def _update(self, acceleration: np.ndarray, stamp: float) -> None:
        passed = stamp - self._stamp
        self._stamp = stamp
        if not np.isfinite(acceleration).all():
            raise UserError('the acceleration of the Imu is not finite')
        if self._smooth is None or passed < 0:  # a bag that starts again
            self._smooth = acceleration
        else:
            share = 1 - math.exp(-passed / self._memory)
            self._smooth = self._smooth + share * (acceleration - self._smooth)


def up_of_orientation(q: Any) -> np.ndarray:
    """(3,) the world's z in the frame of an Imu whose orientation in the world is q (REP 145)."""
    numbers = (q.x, q.y, q.z, q.w)
    if not abs(math.hypot(*numbers) - 1) < UNIT:
        raise UserError('the orientation of the Imu is no unit quaternion')
    return transform_matrix((0, 0, 0), numbers)[2, :3]
