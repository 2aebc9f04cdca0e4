"""The arithmetic of sensor_msgs/CameraInfo without ROS: ROI, binning and resize of K and P.

Both matrices are row-major lists, K of 9 and P of 12 numbers, as in the message.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from fastdepth_ros.geometry.intrinsics import Intrinsics

# px of focal length: what is beyond is no camera's, and its arithmetic over- or underflows.
SHORTEST, LONGEST = 1e-2, 1e7


@dataclass(frozen=True)
class CameraModel:
    """A camera as its image is delivered: no ROI and no binning is left to apply."""

    width: int
    height: int
    k: Sequence[float] = (0.0,) * 9
    p: Sequence[float] = (0.0,) * 12
    r: Sequence[float] = (0.0,) * 9
    d: Sequence[float] = field(default=())
    distortion_model: str = ''

    @classmethod
    def pinhole(cls, i: Intrinsics) -> CameraModel:
        """A rectified camera without distortion."""
        return cls(
            i.width,
            i.height,
            k=(i.fx, 0.0, i.cx, 0.0, i.fy, i.cy, 0.0, 0.0, 1.0),
            p=(i.fx, 0.0, i.cx, 0.0, 0.0, i.fy, i.cy, 0.0, 0.0, 0.0, 1.0, 0.0),
            r=(1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0),
            d=(0.0,) * 5,
            distortion_model='plumb_bob',
        )

    @property
    def intrinsics(self) -> Intrinsics | None:
        """From K, of the raw image; None for an uncalibrated camera (K[0] = 0 in CameraInfo)."""
        return self._pinhole(self.k[0], self.k[4], self.k[2], self.k[5])

    @property
    def rectified_intrinsics(self) -> Intrinsics | None:
        """From P, of the rectified image, or from K where P is not set; None: uncalibrated."""
        p = self.filled.p
        return self.intrinsics and self._pinhole(p[0], p[5], p[2], p[6])

    @property
    def filled(self) -> CameraModel:
        """With P from K where a driver left P zero, or where it is no camera's."""
        if self._pinhole(self.p[0], self.p[5], self.p[2], self.p[6]) and math.isfinite(self.p[3]):
            return self
        k = self.k
        p = (k[0], k[1], k[2], 0.0, k[3], k[4], k[5], 0.0, k[6], k[7], k[8], 0.0)
        return replace(self, p=p)

    def _pinhole(self, fx: float, fy: float, cx: float, cy: float) -> Intrinsics | None:
        of_a_lens = SHORTEST <= fx <= LONGEST and SHORTEST <= fy <= LONGEST  # false for NaN
        if not (of_a_lens and abs(cx) <= LONGEST and abs(cy) <= LONGEST):
            return None
        return Intrinsics(fx, fy, cx, cy, self.width, self.height)

    def cropped(self, left: int, top: int, width: int, height: int) -> CameraModel:
        """After a crop whose upper left corner is (left, top)."""
        k, p = list(self.k), list(self.p)
        k[2], k[5] = k[2] - left, k[5] - top
        p[2], p[6] = p[2] - left, p[6] - top
        return replace(self, width=width, height=height, k=k, p=p)

    def scaled(self, sx: float, sy: float, width: int, height: int) -> CameraModel:
        """After a resize by (sx, sy) to width x height: plain c * s, as image_proc's ResizeNode.

        P[3] = -fx * baseline scales with x like the focal length that it contains.
        """
        k, p = list(self.k), list(self.p)
        for i in (0, 2):
            k[i], p[i] = k[i] * sx, p[i] * sx
        for i in (4, 5):
            k[i] *= sy
        p[3] *= sx
        for i in (5, 6):
            p[i] *= sy
        return replace(self, width=width, height=height, k=k, p=p)

    def resized(self, width: int, height: int) -> CameraModel:
        """After a resize of the whole image to width x height."""
        return self.scaled(width / self.width, height / self.height, width, height)


def as_delivered(
    full: CameraModel, roi: tuple[int, int, int, int], binning: tuple[int, int]
) -> CameraModel:
    """Folds ROI and binning into K and P.

    `full` is the unbinned sensor that K and P speak of; `roi` is (left, top, width, height) in its
    pixels, width or height 0 meaning all of it; `binning` counts pixels, 0 meaning 1.
    """
    left, top, width, height = roi
    cropped = full.cropped(left, top, width or full.width, height or full.height)
    bin_x, bin_y = max(binning[0], 1), max(binning[1], 1)
    size = cropped.width // bin_x, cropped.height // bin_y
    return cropped.scaled(1 / bin_x, 1 / bin_y, *size)


def camera_of_message(message: Any) -> CameraModel:
    """The camera of a sensor_msgs/CameraInfo (rclpy's or rosbags') as its image is delivered."""
    full = CameraModel(
        width=message.width,
        height=message.height,
        k=message.k.tolist(),
        p=message.p.tolist(),
        r=message.r.tolist(),
        d=message.d.tolist(),
        distortion_model=message.distortion_model,
    )
    roi = message.roi
    return as_delivered(
        full,
        (roi.x_offset, roi.y_offset, roi.width, roi.height),
        (message.binning_x, message.binning_y),
    )
