"""Where a sensor sits: x y z roll pitch yaw, as URDF has them, and the camera's two frames."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.laser_scan import LEVEL

POSE = 6  # numbers


def pose_matrix(xyz: Sequence[float], rpy: Sequence[float]) -> np.ndarray:
    """(4, 4) of metres and radians about the fixed axes x, y, z in this order (REP 103, URDF)."""
    (sr, cr), (sp, cp), (sy, cy) = ((math.sin(a), math.cos(a)) for a in rpy)
    matrix = np.eye(4)
    matrix[:3, :3] = [
        [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
        [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
        [-sp, cp * sr, cp * cr],
    ]
    matrix[:3, 3] = xyz
    return matrix


def parse_pose(what: str, text: str) -> np.ndarray:
    """(4, 4) of 'x y z roll pitch yaw', m and rad; UserError names `what` where it is none."""
    try:
        numbers = [float(word) for word in text.replace(',', ' ').split()]
    except ValueError:
        numbers = []
    if len(numbers) != POSE or not all(map(math.isfinite, numbers)):
        raise UserError(
            f"{what} is '{text}': six numbers, x y z roll pitch yaw in m and rad, are needed"
        )
    return pose_matrix(numbers[:3], numbers[3:])


def in_optical_frame(pose: np.ndarray) -> np.ndarray:
    """(4, 4) from a sensor to the camera's optical frame, of its pose in the camera's body frame.

    The body frame is x forward, y left, z up (REP 103) at the optical frame's origin.
    """
    return np.linalg.inv(LEVEL) @ pose


def up_of_mount(pitch: float, roll: float) -> np.ndarray:
    """(3,) unit vector up in the optical frame of a camera on level ground.

    `pitch` about the body's y and `roll` about its x, radians (REP 103): a positive pitch looks
    down, a positive roll leans to the right.
    """
    in_world = pose_matrix((0, 0, 0), (roll, pitch, 0))[:3, :3]
    return LEVEL[:3, :3].T @ in_world.T @ (0.0, 0.0, 1.0)
