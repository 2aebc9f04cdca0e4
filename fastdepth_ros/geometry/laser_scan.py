"""The nearest return per bearing in a band of heights: what a planar laser scanner would see."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.flying_pixels import FlyingPixels
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.rays import Rays

FARTHEST = 10.0  # m: range_max where the user sets no limit; beyond is "nothing in range"
# x forward, y left, z up (REP 103) of a level camera, from its optical frame (REP 118)
LEVEL = np.array([[0, 0, 1, 0], [-1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1]], np.float64)
OPTICAL = '_optical'
MOST_BEARINGS = 100_000  # of a full circle; a camera_info may claim any focal length


@dataclass(frozen=True)
class ScanOptions:
    """What counts as a return."""

    min_height: float = -0.1  # m, along z of the scan's frame
    max_height: float = 0.3
    min_range: float = 0.0  # m in the plane
    max_range: float = 0.0  # 0: FARTHEST
    edge_threshold: float = 0.0  # see FlyingPixels

    @property
    def farthest(self) -> float:
        """The scan's range_max, m."""
        return self.max_range or FARTHEST


@dataclass(frozen=True)
class Scan:
    """The fields of a LaserScan."""

    ranges: np.ndarray  # (n,) float32 m; +inf: nothing in range; NaN: not measured (REP 117)
    angle_min: float  # rad, counter-clockwise from x
    angle_increment: float


def level_frame(frame: str) -> str:
    """The frame beside a camera's optical one: camera_color_optical_frame, camera_color_frame."""
    if OPTICAL not in frame:
        raise UserError(
            f"the camera's frame '{frame}' is not named *{OPTICAL}*: set scan_frame to the frame "
            'of depth/scan (x forward, z up)'
        )
    return frame.replace(OPTICAL, '')


class ScanGrid:
    """Where in the scan each pixel of one camera at one place falls, and the buffers for that."""

    def __init__(self, intrinsics: Intrinsics, transform: np.ndarray) -> None:
        """`transform`: (4, 4) from the camera's optical frame to the scan's."""
        rays, r = Rays(intrinsics), transform[:3, :3]
        self.dx, self.dy, self.dz = (  # (h, w) m along the scan's axes per m of depth
            (row[0] * rays.x + row[1] * rays.y + row[2]).astype(np.float32) for row in r
        )
        self.t = transform[:3, 3].astype(np.float32)
        self.same_origin = not self.t[:2].any()
        self.planar = np.hypot(self.dx, self.dy)
        bearings = np.arctan2(self.dy, self.dx)
        self._centre = math.atan2(r[1, 2], r[0, 2])  # of the optical axis
        off = self._off_centre(bearings)
        low, high = (off.min(), off.max()) if self.same_origin else (-math.pi, math.pi)
        # the step between the middle columns, the widest one: no bearing stays empty
        self.increment = 1 / intrinsics.fx
        self.increment = max(self.increment, float(high - low) / MOST_BEARINGS)
        self.angle_min = self._centre + float(low)
        self.count = round(float(high - low) / self.increment) + 1
        self.bins = self.bin(bearings)
        self.by_column = self.same_origin and bool((self.bins == self.bins[0]).all())
        self.distance, self.height, self.x = (np.empty_like(self.dx) for _ in range(3))
        self.drop, self.mask = (np.empty(self.dx.shape, bool) for _ in range(2))
        self.column = np.empty(self.dx.shape[1], np.float32)
        self.nearest = np.empty(self.count, np.float32)

    def bin(self, bearings: np.ndarray) -> np.ndarray:
        """Indices into the scan of bearings in radians."""
        past = self._off_centre(bearings) + (self._centre - self.angle_min)
        bins = np.rint(past / self.increment).astype(np.intp)
        return np.clip(bins, 0, self.count - 1)

    def _off_centre(self, bearings: np.ndarray) -> np.ndarray:
        """Bearings from the optical axis', in -pi .. pi."""
        return (bearings - self._centre + math.pi) % (2 * math.pi) - math.pi


class ScanBuilder:
    """Turns depth images into scans, in a frame that stays where it is on the robot."""

    def __init__(self, options: ScanOptions) -> None:
        self.options = options
        self._flying = FlyingPixels(options.edge_threshold)
        self._key: tuple[Intrinsics, bytes] | None = None

    def build(
        self, depth: np.ndarray, intrinsics: Intrinsics, transform: np.ndarray = LEVEL
    ) -> Scan:
        """The scan of (h, w) float32 metres (NaN = none).

        `transform` is the (4, 4) from the camera's optical frame to the scan's. The range is
        hypot(x, y) there. Its bearings are the camera's field of view, or the full circle where
        the two frames do not have the same origin.
        """
        key = (intrinsics, transform.tobytes())
        if key != self._key:
            self._key, self._grid = key, ScanGrid(intrinsics, transform)
        grid = self._grid
        distances = self._distances(depth, grid)
        grid.nearest.fill(np.inf)
        if grid.by_column:
            np.fmin.reduce(distances, axis=0, out=grid.column)
            np.minimum.at(grid.nearest, grid.bins[0], grid.column)
        else:
            np.minimum.at(grid.nearest, grid.bins.reshape(-1), distances.reshape(-1))
        ranges = np.where(self._measured(depth, grid), grid.nearest, np.float32(np.nan))
        ranges[ranges > self.options.farthest] = np.inf
        return Scan(ranges, grid.angle_min, grid.increment)

    def _distances(self, depth: np.ndarray, grid: ScanGrid) -> np.ndarray:
        """(h, w) m in the plane, inf for what is no return; the bins, where they depend on it."""
        o, height, distances, drop = self.options, grid.height, grid.distance, grid.drop
        np.multiply(grid.dz, depth, out=height)
        height += grid.t[2]
        np.copyto(drop, self._flying(depth))
        drop |= np.less(height, o.min_height, out=grid.mask)
        drop |= np.greater(height, o.max_height, out=grid.mask)
        if grid.same_origin:
            np.multiply(grid.planar, depth, out=distances)
        else:
            x, y = grid.x, height
            np.multiply(grid.dx, depth, out=x)
            x += grid.t[0]
            np.multiply(grid.dy, depth, out=y)
            y += grid.t[1]
            np.hypot(x, y, out=distances)
            np.arctan2(y, x, out=y)
            grid.bins = grid.bin(np.nan_to_num(y, copy=False))
        drop |= np.less(distances, o.min_range, out=grid.mask)
        drop |= np.isnan(distances, out=grid.mask)
        np.copyto(distances, np.float32(np.inf), where=drop)
        return distances

    def _measured(self, depth: np.ndarray, grid: ScanGrid) -> np.ndarray:
        """(n,) bool: bearings at which any depth was measured."""
        measured = np.zeros(grid.count, bool)
        np.isfinite(depth, out=grid.mask)
        if grid.by_column:
            measured[grid.bins[0][grid.mask.any(axis=0)]] = True
        else:
            measured[grid.bins[grid.mask]] = True
        return measured
