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
            self._key = key
            self._prepare(intrinsics, transform)
        distances = self._distances(depth)
        nearest, o = self._nearest, self.options
        nearest.fill(np.inf)
        if self._by_column:
            np.fmin.reduce(distances, axis=0, out=self._column)
            np.minimum.at(nearest, self._bins[0], self._column)
        else:
            np.minimum.at(nearest, self._bins.reshape(-1), distances.reshape(-1))
        ranges = np.where(self._measured(depth), nearest, np.float32(np.nan))
        ranges[ranges > o.farthest] = np.inf
        return Scan(ranges, self._angle_min, self._increment)

    def _distances(self, depth: np.ndarray) -> np.ndarray:
        """(h, w) m in the plane, inf for what is no return; the bins where they depend on it."""
        o, scratch, distances, drop = self.options, self._scratch, self._distance, self._drop
        np.multiply(self._dz, depth, out=scratch)
        scratch += self._t[2]
        np.copyto(drop, self._flying(depth))
        drop |= np.less(scratch, o.min_height, out=self._mask)
        drop |= np.greater(scratch, o.max_height, out=self._mask)
        if self._same_origin:
            np.multiply(self._planar, depth, out=distances)
        else:
            x, y = self._x, scratch
            np.multiply(self._dx, depth, out=x)
            x += self._t[0]
            np.multiply(self._dy, depth, out=y)
            y += self._t[1]
            np.hypot(x, y, out=distances)
            self._bins = self._bin(np.arctan2(y, x, out=y))
        drop |= np.less(distances, o.min_range, out=self._mask)
        drop |= np.isnan(distances, out=self._mask)
        np.copyto(distances, np.float32(np.inf), where=drop)
        return distances

    def _measured(self, depth: np.ndarray) -> np.ndarray:
        """(n,) bool: bearings at which any depth was measured."""
        measured = np.zeros(self._count, bool)
        np.isfinite(depth, out=self._mask)
        if self._by_column:
            measured[self._bins[0][self._mask.any(axis=0)]] = True
        else:
            measured[self._bins[self._mask]] = True
        return measured

    def _prepare(self, intrinsics: Intrinsics, transform: np.ndarray) -> None:
        rays, r = Rays(intrinsics), transform[:3, :3]
        self._dx, self._dy, self._dz = (
            (row[0] * rays.x + row[1] * rays.y + row[2]).astype(np.float32) for row in r
        )
        self._t = transform[:3, 3].astype(np.float32)
        self._same_origin = not self._t[:2].any()
        self._planar = np.hypot(self._dx, self._dy)  # m in the plane per m of depth
        bearings = np.arctan2(self._dy, self._dx)
        self._centre = math.atan2(r[1, 2], r[0, 2])  # of the optical axis
        off = np.abs(self._off_centre(bearings))
        half = float(off.max()) if self._same_origin else math.pi
        # the step between the middle columns, the widest one: no bearing stays empty
        self._increment = 1 / intrinsics.fx
        self._angle_min = self._centre - half
        self._count = math.ceil(2 * half / self._increment) + 1
        self._bins = self._bin(bearings)
        self._by_column = self._same_origin and bool((self._bins == self._bins[0]).all())
        shape = bearings.shape
        self._scratch, self._distance, self._x = (np.empty(shape, np.float32) for _ in range(3))
        self._drop, self._mask = np.empty(shape, bool), np.empty(shape, bool)
        self._column = np.empty(shape[1], np.float32)
        self._nearest = np.empty(self._count, np.float32)

    def _off_centre(self, bearings: np.ndarray) -> np.ndarray:
        """Bearings from the optical axis', in -pi .. pi."""
        return (bearings - self._centre + math.pi) % (2 * math.pi) - math.pi

    def _bin(self, bearings: np.ndarray) -> np.ndarray:
        off = self._off_centre(bearings) + (self._centre - self._angle_min)
        bins = np.rint(off / self._increment).astype(np.intp)
        return np.clip(bins, 0, self._count - 1)
