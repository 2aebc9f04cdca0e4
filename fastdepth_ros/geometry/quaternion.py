"""Rotations as geometry_msgs has them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def transform_matrix(translation: Sequence[float], quaternion: Sequence[float]) -> np.ndarray:
    """(4, 4) of a translation (x, y, z) in metres and a unit quaternion (x, y, z, w)."""
    x, y, z, w = np.asarray(quaternion, np.float64) / np.linalg.norm(quaternion)
    matrix = np.eye(4)
    matrix[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
        [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
        [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
    ]
    matrix[:3, 3] = translation
    return matrix
