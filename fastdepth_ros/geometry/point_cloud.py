"""Organised points of a depth image: the arithmetic of depth_image_proc's convert().

x = (u - cx) z / fx, y = (v - cy) z / fy in the optical frame (x right, y down, z forward: REP 103,
118), with u and v counted from 0 at the first pixel's centre.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fastdepth_ros.geometry.flying_pixels import FlyingPixels
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.rays import Rays

XYZ, XYZ_RGB = 3, 4  # float32 a point; rgb is the bytes B, G, R, 0 in the place of a float


@dataclass(frozen=True)
class CloudOptions:
    """What of a depth image becomes a point; what does not is NaN."""

    stride: int = 1  # every n-th row and column
    color: bool = False
    min_range: float = 0.0  # m from the camera, along the ray as in costmaps
    max_range: float = 0.0  # 0: no limit
    edge_threshold: float = 0.0  # see FlyingPixels

    @property
    def floats(self) -> int:
        """float32 a point."""
        return XYZ_RGB if self.color else XYZ


class PointCloudBuilder:
    """Writes the points of depth images into a buffer of the caller's."""

    def __init__(self, options: CloudOptions) -> None:
        self.options = options
        self._flying = FlyingPixels(options.edge_threshold)
        self._rays: Rays | None = None
        self._z: np.ndarray = np.empty((0, 0), np.float32)
        self._range = self._z
        self._drop: np.ndarray = np.empty((0, 0), bool)
        self._mask = self._drop

    def shape(self, depth: np.ndarray) -> tuple[int, int, int]:
        """(rows, columns, float32 a point) of the cloud of this depth image."""
        stride = self.options.stride
        rows, columns = (-(-side // stride) for side in depth.shape)
        return rows, columns, self.options.floats

    def write(
        self,
        depth: np.ndarray,
        intrinsics: Intrinsics,
        points: np.ndarray,
        rgb: np.ndarray | None = None,
    ) -> None:
        """Fills `points`, float32 of shape(depth), from (h, w) float32 metres (NaN = none).

        `intrinsics` are the depth image's; `rgb` is (h, w, 3) uint8 where options.color is set.
        """
        stride = self.options.stride
        if self._rays is None or self._rays.intrinsics != intrinsics:
            self._rays = Rays(intrinsics, stride)
        z = self._without_dropped(depth, self._rays)
        np.multiply(z, self._rays.x, out=points[..., 0])
        np.multiply(z, self._rays.y, out=points[..., 1])
        points[..., 2] = z
        # a point without depth is NaN in all three, as z times a ray is
        if rgb is not None:
            # All of it as bytes: NumPy before 1.23 has no such view of a part.
            bgr = points.view(np.uint8)[..., 3 * points.itemsize :]
            bgr[..., :3] = rgb[::stride, ::stride, ::-1]
            bgr[..., 3] = 0

    def _without_dropped(self, depth: np.ndarray, rays: Rays) -> np.ndarray:
        """The depth at the stride, NaN where options leave it out."""
        options, stride = self.options, self.options.stride
        strided = depth[::stride, ::stride]
        if not (options.min_range or options.max_range or options.edge_threshold):
            return strided
        if self._z.shape != strided.shape:
            self._z, self._range = np.empty_like(strided), np.empty_like(strided)
            self._drop, self._mask = (np.empty(strided.shape, bool) for _ in range(2))
        np.copyto(self._z, strided)
        np.copyto(self._drop, self._flying(depth)[::stride, ::stride])
        np.multiply(strided, rays.length, out=self._range)
        self._drop |= np.less(self._range, options.min_range, out=self._mask)
        if options.max_range:
            self._drop |= np.greater(self._range, options.max_range, out=self._mask)
        np.copyto(self._z, np.float32(np.nan), where=self._drop)
        return self._z
