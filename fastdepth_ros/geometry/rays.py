"""Where each pixel of a pinhole camera looks."""

from __future__ import annotations

import numpy as np

from fastdepth_ros.geometry.intrinsics import Intrinsics


class Rays:
    """Rays with z = 1 in the optical frame: (x, y, 1), for every stride-th row and column."""

    def __init__(self, intrinsics: Intrinsics, stride: int = 1) -> None:
        i = self.intrinsics = intrinsics
        u, v = np.arange(0, i.width, stride), np.arange(0, i.height, stride)
        self.x = ((u - i.cx) / i.fx).astype(np.float32)  # (w,)
        self.y = ((v - i.cy) / i.fy).astype(np.float32)[:, None]  # (h, 1)
        self.length = np.sqrt(1 + self.x**2 + self.y**2)  # (h, w), m from the camera per m of z
