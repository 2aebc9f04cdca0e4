"""Pinhole intrinsics and how crop and resize change them."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Intrinsics:
    """A pinhole camera: everything in pixels of an image of width x height."""

    fx: float
    fy: float
    cx: float
    cy: float
    width: int
    height: int

    @classmethod
    def from_hfov(cls, width: int, height: int, hfov: float) -> Intrinsics:
        """Square pixels, the axis in the middle; `hfov` is the horizontal field of view, deg."""
        f = width / 2 / math.tan(math.radians(hfov) / 2)
        return cls(f, f, (width - 1) / 2, (height - 1) / 2, width, height)

    @property
    def focal_length(self) -> float:
        """f = sqrt(fx fy), the one number that metric scale depends on."""
        return math.sqrt(self.fx * self.fy)

    def resized(self, width: int, height: int) -> Intrinsics:
        """After a resize to width x height: plain c * s, as image_proc's ResizeNode does."""
        sx, sy = width / self.width, height / self.height
        return Intrinsics(self.fx * sx, self.fy * sy, self.cx * sx, self.cy * sy, width, height)

    def cropped(self, left: float, top: float, width: int, height: int) -> Intrinsics:
        """After a crop whose upper left corner is (left, top); outside the image is allowed."""
        return Intrinsics(self.fx, self.fy, self.cx - left, self.cy - top, width, height)
