"""The nearest return per bearing in a band of heights: what a planar laser scanner would see."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
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
SEEN = 0.9  # of the way of a bearing's rays through the band: enough to call it clear
# of how far the camera sees the band at all: rays of its corners alone do not clear their bearing
FAR_ENOUGH = 0.5
TINY = np.float32(1e-9)


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

    # (n,) float32 m; +inf: seen, and nothing in range; -inf: too near; NaN: not seen (REP 117)
    ranges: np.ndarray
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

    def __init__(
        self, intrinsics: Intrinsics, transform: np.ndarray, options: ScanOptions
    ) -> None:
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
        self._holes = np.full_like(self.dx, np.nan)
        self.drop, self.mask = (np.empty(self.dx.shape, bool) for _ in range(2))
        self.column = np.empty(self.dx.shape[1], np.float32)
        self.nearest = np.empty(self.count, np.float32)
        self._plan_band(options)

    def bin(self, bearings: np.ndarray) -> np.ndarray:
        """Indices into the scan of bearings in radians."""
        past = self._off_centre(bearings) + (self._centre - self.angle_min)
        bins = np.rint(past / self.increment).astype(np.intp)
        return np.clip(bins, 0, self.count - 1)

    def _plan_band(self, options: ScanOptions) -> None:
        """Where each pixel's ray passes through the band within range, m along the plane."""
        dz = np.where(np.abs(self.dz) < TINY, TINY, self.dz)
        low, high = ((h - self.t[2]) / dz for h in (options.min_height, options.max_height))
        enter = np.maximum(np.minimum(low, high), self._out_of(options.min_range))
        leave = np.minimum(np.maximum(low, high), self._out_of(options.farthest))
        enter = np.maximum(enter, 0)
        through = leave > enter
        enter, leave = (np.where(through, d, 0) for d in (enter, leave))
        self._shown = self.bins
        if not self.same_origin:  # the bearing changes along the ray: that of its far end
            x, y = (d * leave + t for d, t in ((self.dx, self.t[0]), (self.dy, self.t[1])))
            self._shown = self.bin(np.arctan2(y, x))
        self._enter, self._leave = enter * self.planar, leave * self.planar
        nothing, everything = self._per_bearing(self._enter), self._per_bearing(self._leave)
        far = self._per_bearing(self._leave > FAR_ENOUGH * self._leave.max()) > 0
        self._needed = np.where(far, nothing + SEEN * (everything - nothing), np.inf)

    def _out_of(self, radius: float) -> np.ndarray:
        """(h, w) m of depth at which rays leave the circle about the origin, 0: never in it."""
        square = np.maximum(self.planar**2, TINY)
        along = self.t[0] * self.dx + self.t[1] * self.dy
        root = along**2 - square * (self.t[0] ** 2 + self.t[1] ** 2 - np.float32(radius) ** 2)
        return np.where(root > 0, (np.sqrt(np.maximum(root, 0)) - along) / square, 0)

    def _per_bearing(self, values: np.ndarray) -> np.ndarray:
        """(n,) sums of (h, w)."""
        if self.by_column:
            return np.bincount(self.bins[0], np.add.reduce(values, axis=0), self.count)
        return np.bincount(self._shown.reshape(-1), values.reshape(-1), self.count)

    def seen(self, reach: np.ndarray) -> np.ndarray:
        """(n,) bool: bearings along which next to nothing of the band is hidden.

        `reach`: (h, w) m along the plane to what ends the pixels' rays, NaN = unknown.
        """
        np.fmax(reach, self._enter, out=self.height)
        np.minimum(self.height, self._leave, out=self.height)
        return self._per_bearing(self.height) >= self._needed

    def blank(self, values: np.ndarray, where: np.ndarray) -> None:
        """NaN into (h, w) float32; several times as fast as np.copyto."""
        cv2.copyTo(self._holes, where.view(np.uint8), values)

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
        the two frames do not have the same origin. A bearing without a return is +inf only where
        its rays were seen to pass through the band: what hides the band, or has no depth, does
        not clear it.
        """
        key = (intrinsics, transform.tobytes())
        if key != self._key:
            self._key, self._grid = key, ScanGrid(intrinsics, transform, self.options)
        grid, o = self._grid, self.options
        flying = self._flying(depth)
        np.multiply(grid.planar, depth, out=grid.distance)
        grid.blank(grid.distance, flying)
        clear = np.where(grid.seen(grid.distance), np.float32(np.inf), np.float32(np.nan))
        nearest = self._nearest(depth, flying, grid)
        ranges = np.where(nearest > o.farthest, clear, nearest)
        ranges[nearest < o.min_range] = -np.inf
        return Scan(ranges, grid.angle_min, grid.increment)

    def _nearest(self, depth: np.ndarray, flying: np.ndarray, grid: ScanGrid) -> np.ndarray:
        """(n,) m in the plane, inf where nothing is in the band."""
        o, height, distances, drop = self.options, grid.height, grid.distance, grid.drop
        np.multiply(grid.dz, depth, out=height)
        height += grid.t[2]
        np.less(height, o.min_height, out=drop)
        drop |= np.greater(height, o.max_height, out=grid.mask)
        drop |= flying
        if not grid.same_origin:
            self._move(depth, grid)
        grid.blank(distances, drop)
        grid.nearest.fill(np.inf)
        if grid.by_column:
            np.fmin.reduce(distances, axis=0, out=grid.column)
            np.fmin.at(grid.nearest, grid.bins[0], grid.column)
        else:
            np.fmin.at(grid.nearest, grid.bins.reshape(-1), distances.reshape(-1))
        return grid.nearest

    def _move(self, depth: np.ndarray, grid: ScanGrid) -> None:
        """Distances and bins, where they are not those of the rays."""
        x, y = grid.x, grid.height
        np.multiply(grid.dx, depth, out=x)
        x += grid.t[0]
        np.multiply(grid.dy, depth, out=y)
        y += grid.t[1]
        np.hypot(x, y, out=grid.distance)
        np.arctan2(y, x, out=y)
        grid.bins = grid.bin(np.nan_to_num(y, copy=False))
