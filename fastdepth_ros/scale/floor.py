"""The floor in a depth image of unknown scale: the lowest level plane, by RANSAC.

Planes are sought along the known up, and not along a normal that is fitted as well: the floor that
a network predicts is often tilted by 10 degrees and more, but about right in its mean height.
Heights are compared by their logarithms, so that no threshold depends on the scale looked for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.projection import pinhole_rays
from fastdepth_ros.scale.measurement import GROUND, Rejection
from fastdepth_ros.thinning import thinned

POINTS = 1500  # pixels that are looked at, about
HYPOTHESES = 40
JUDGES = 500  # points that hypotheses are counted on, about
BELOW_HORIZON = math.sin(math.radians(5))  # nearer to it a floor's depth says little
LEAST_POINTS = 60
SURE_SHARE = 0.5  # of the rows below the horizon on the floor: nothing is left to doubt
LOWER_SHARE = 0.3  # of the largest plane's points: as many make a lower one the floor
BINS = 0.04  # width in the logarithm of the distance below the camera
REFINEMENTS = 3
WALL_WINS = 1.25  # spread of heights over that of depths in a column: more is a wall
UNDER = 0.15  # relative; so far under a floor there is nothing
MOST_UNDER = 0.1  # share of the points that may be there all the same: by noise and reflections


@dataclass(frozen=True)
class Floor:
    """Where the depth image has the floor."""

    below: float  # how far under the camera, in the depth's own metres
    normal: np.ndarray  # (3,) unit, towards the camera: of the least squares plane
    confidence: float  # 0 to 1


class FloorFinder:
    """Finds the floor below the horizon; the same in the same image every time."""

    def __init__(
        self,
        max_tilt: float = 30.0,
        tolerance: float = 0.1,
        min_share: float = 0.15,
        seed: int = 0,
    ) -> None:
        """`max_tilt`: of the fitted plane against up, degrees; what is steeper is a wall.

        `tolerance`: relative error of depth of a point on the floor. `min_share`: of the points
        below the horizon that make a floor.
        """
        self._max_tilt, self._tolerance, self._min_share = max_tilt, tolerance, min_share
        self._seed = seed
        self._intrinsics: Intrinsics | None = None
        self._rays: np.ndarray = np.empty((0, 3), np.float32)
        self._length: np.ndarray = np.empty(0, np.float32)
        self._columns: np.ndarray = np.empty(0, np.int64)
        self._pixels: tuple[slice, slice] = (slice(0), slice(0))

    def find(self, depth: np.ndarray, intrinsics: Intrinsics, up: np.ndarray) -> Floor | Rejection:
        """The floor of (H, W) float32 metres, NaN = none; see GroundScale.measure."""
        up = np.asarray(up, np.float32)
        if not abs(float(up @ up) - 1) < 0.02:  # false for NaN
            return _no(f'up is {up.tolist()}: no unit vector')
        points, usable, looked_at = self._points_below(depth, intrinsics, up)
        least = max(LEAST_POINTS, round(self._min_share * looked_at))
        if len(points) < least:
            return _no(
                f'no floor seen: {len(points)} pixels below the horizon have depth, at least '
                f'{least} are needed'
            )
        drop = np.log(points @ -up)  # below the camera
        level, count = self._fullest_level(drop)
        if count < least:
            share = count / len(points)
            return _no(f'no floor seen: {share:.0%} of the lower rows lie on one level plane')
        level = self._lowest_level(drop, level, max(least, round(LOWER_SHARE * count)))
        if self._upright(drop, level, points[:, 2], self._columns[usable]):
            return _no('no floor seen: the lowest plane is a wall, or too thin a strip to tell')
        return self._refined(points, drop, level, up)

    def _points_below(
        self, depth: np.ndarray, intrinsics: Intrinsics, up: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, int]:
        """((n, 3) points below the horizon, which pixels these are, how many were looked at)."""
        if intrinsics != self._intrinsics:
            self._plan(intrinsics)
        z = depth[self._pixels].ravel()
        below = self._rays @ -up > BELOW_HORIZON * self._length
        usable = below & (z > 0) & (z < np.inf)  # false for NaN
        return self._rays[usable] * z[usable, None], usable, int(np.count_nonzero(below))

    def _plan(self, i: Intrinsics) -> None:
        stride = max(1, round(math.sqrt(i.width * i.height / 2 / POINTS)))
        self._pixels = (slice(stride // 2, None, stride),) * 2
        rays = pinhole_rays(i)[self._pixels]
        self._rays = rays.reshape(-1, 3)
        self._columns = np.tile(np.arange(rays.shape[1]), rays.shape[0])
        self._length = np.linalg.norm(self._rays, axis=1)
        self._intrinsics = i

    def _fullest_level(self, drop: np.ndarray) -> tuple[float, int]:
        """(the drop that most points share, how many do): a level plane needs but one point."""
        rng = np.random.default_rng(self._seed)
        levels = drop[rng.integers(0, len(drop), HYPOTHESES)]
        judges = thinned(drop, JUDGES)
        on = np.abs(levels[:, None] - judges) < self._tolerance
        best = float(levels[int(np.count_nonzero(on, axis=1).argmax())])
        return best, int(np.count_nonzero(np.abs(drop - best) < self._tolerance))

    def _lowest_level(self, drop: np.ndarray, level: float, needed: int) -> float:
        """`level`, or the lowest one under it that enough points share: a table's floor."""
        lower = drop[drop > level + self._tolerance] - level - self._tolerance
        if len(lower) < needed:
            return level
        counts = np.bincount((lower / BINS).astype(np.int64), minlength=3)
        near = np.convolve(counts, np.ones(5, np.int64), 'same')  # of a bin and those beside it
        padded = np.pad(near, 1)
        peaks = (near >= padded[:-2]) & (near >= padded[2:]) & (near >= needed)
        # a veil of points behind an edge thins out slowly: a plane stands out of what is around
        peaks &= 2 * np.minimum.accumulate(near) < near
        found = np.flatnonzero(peaks)
        return level + self._tolerance + (found[-1] + 0.5) * BINS if len(found) else level

    def _upright(self, drop: np.ndarray, level: float, z: np.ndarray, columns: np.ndarray) -> bool:
        """Whether columns of pixels are as well at one depth there as at one height.

        Judged on all points of the level's elevations: those within the tolerance of one height
        seem level on a wall, too.
        """
        log_z = np.log(z)
        elevation = drop - log_z
        low, high = np.quantile(elevation[np.abs(drop - level) < self._tolerance], (0.05, 0.95))
        there = (elevation >= low) & (elevation <= high)
        height, depth = (_spread(a[there], columns[there]) for a in (drop, log_z))
        return height > WALL_WINS * depth

    def _refined(
        self, points: np.ndarray, drop: np.ndarray, level: float, up: np.ndarray
    ) -> Floor | Rejection:
        for _ in range(REFINEMENTS):
            on = np.abs(drop - level) < self._tolerance
            if not on.any():
                break
            level = float(np.median(drop[on]))
        under = float((drop > level + UNDER).mean())
        if under > MOST_UNDER:
            return _no(f'no floor seen: {under:.0%} of the lower rows lie under the lowest plane')
        floor = points[on].astype(np.float64)
        try:
            # m . p = 1 on a plane, whose normal is m's; errors count relative to the distance
            plane = np.linalg.solve(floor.T @ floor, floor.sum(0))
        except np.linalg.LinAlgError:
            return _no('no floor seen: its points lie on a line')
        normal = -plane / np.linalg.norm(plane)
        tilt = math.degrees(math.acos(min(1.0, max(-1.0, float(normal @ up)))))
        if tilt > self._max_tilt:
            return _no(
                f'no floor seen: the lowest plane is {tilt:.0f} deg from level, '
                f'{self._max_tilt:g} are allowed'
            )
        share = len(floor) / len(points)
        level_enough = (1 - tilt / self._max_tilt) ** 0.5
        confidence = min(1.0, share / SURE_SHARE) * level_enough * (1 - under / MOST_UNDER / 2)
        return Floor(math.exp(level), normal, confidence)


def _spread(values: np.ndarray, columns: np.ndarray) -> float:
    """Mean distance of (n,) from the mean of their column."""
    mean = np.bincount(columns, values) / np.maximum(np.bincount(columns), 1)
    return float(np.abs(values - mean[columns]).mean())


def _no(reason: str) -> Rejection:
    return Rejection(GROUND, reason)
