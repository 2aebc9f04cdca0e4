"""The floor in a depth image of unknown scale: the lowest level plane, by RANSAC.

A plane is a vector m with m . p = 1 for its points p in the optical frame: it is 1 / |m| from the
camera, on the side of m. m . p - 1 is then the relative error of a point's depth along its ray, so
that no threshold depends on the scale that is looked for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.scale.measurement import GROUND, Rejection

POINTS = 1500  # pixels that are looked at, about
HYPOTHESES = 40  # of each kind
JUDGES = 400  # points that hypotheses are counted on, about
BELOW_HORIZON = math.sin(math.radians(5))  # nearer to it a floor's depth says little
LEAST_POINTS = 60
SURE_SHARE = 0.4  # of the rows below the horizon on the floor: nothing is left to doubt
LOWER_SHARE = 0.3  # of the largest plane's points: as many make a lower one the floor
REFINEMENTS = 3
SPREADS = 3.0  # median deviations from a plane that are still on it
EXACT = 0.005  # relative; nothing is on a plane closer than that
BINS = 0.04  # width in the logarithm of the distance below the camera


@dataclass(frozen=True)
class Floor:
    """Where the depth image has the floor."""

    plane: np.ndarray  # (3,), as above
    confidence: float  # 0 to 1

    @property
    def below(self) -> float:
        """How far under the camera it is, in the depth's own metres."""
        return 1 / float(np.linalg.norm(self.plane))

    @property
    def up(self) -> np.ndarray:
        """Its unit normal (3,), towards the camera."""
        return -self.plane * self.below


class FloorFinder:
    """Finds the floor below the horizon by RANSAC and least squares; the same every time."""

    def __init__(
        self,
        max_tilt: float = 12.0,
        tolerance: float = 0.06,
        min_share: float = 0.08,
        seed: int = 0,
    ) -> None:
        """`max_tilt`: of the floor against up, degrees. `tolerance`: relative error of depth of
        a point on the floor. `min_share`: of the points below the horizon that make a floor.
        """
        self._max_tilt, self._tolerance, self._min_share = max_tilt, tolerance, min_share
        self._seed = seed
        self._intrinsics: Intrinsics | None = None
        self._rays: np.ndarray = np.empty((0, 3), np.float32)
        self._length: np.ndarray = np.empty(0, np.float32)
        self._pixels: tuple[slice, slice] = (slice(0), slice(0))

    def find(self, depth: np.ndarray, intrinsics: Intrinsics, up: np.ndarray) -> Floor | Rejection:
        """The floor of (H, W) float32 metres, NaN = none; see GroundScale.measure."""
        up = np.asarray(up, np.float32)
        if not abs(float(up @ up) - 1) < 0.02:  # false for NaN
            return _no(f'up is {up.tolist()}: no unit vector')
        points, looked_at = self._points_below(depth, intrinsics, up)
        least = max(LEAST_POINTS, round(self._min_share * looked_at))
        if len(points) < least:
            return _no(
                f'no floor seen: {len(points)} pixels below the horizon have depth, at least '
                f'{least} are needed'
            )
        plane, count = self._best_plane(points, up)
        if count < least:
            share = count / len(points)
            return _no(f'no floor seen: {share:.0%} of the lower rows lie on one level plane')
        plane = self._lowest_parallel(points, plane, count, least)
        return self._refined(points, plane, up, least)

    def _points_below(
        self, depth: np.ndarray, intrinsics: Intrinsics, up: np.ndarray
    ) -> tuple[np.ndarray, int]:
        """((n, 3) points with depth below the horizon, how many pixels were looked at)."""
        if intrinsics != self._intrinsics:
            self._plan(intrinsics)
        z = depth[self._pixels].ravel()
        below = self._rays @ -up > BELOW_HORIZON * self._length
        usable = below & (z > 0) & (z < np.inf)  # false for NaN
        return self._rays[usable] * z[usable, None], int(np.count_nonzero(below))

    def _plan(self, i: Intrinsics) -> None:
        stride = max(1, round(math.sqrt(i.width * i.height / 2 / POINTS)))
        v, u = np.mgrid[stride // 2 : i.height : stride, stride // 2 : i.width : stride]
        rays = np.stack([(u - i.cx) / i.fx, (v - i.cy) / i.fy, np.ones(u.shape)], -1)
        self._rays = rays.reshape(-1, 3).astype(np.float32)
        self._length = np.linalg.norm(self._rays, axis=1)
        self._pixels = (slice(stride // 2, None, stride),) * 2
        self._intrinsics = i

    def _best_plane(self, points: np.ndarray, up: np.ndarray) -> tuple[np.ndarray, int]:
        """(the level plane that most points lie on, how many do)."""
        rng = np.random.default_rng(self._seed)
        triples = points[rng.integers(0, len(points), (HYPOTHESES, 3))].astype(np.float64)
        ones = points[rng.integers(0, len(points), HYPOTHESES)]
        # small floors are hit more often by one point and up than by three points
        planes = np.concatenate([planes_through(triples), -up / (ones @ -up)[:, None]])
        planes = planes[self._level(planes, up)].astype(np.float32)
        if not len(planes):
            return np.zeros(3, np.float32), 0
        judges = points[:: -(-len(points) // JUDGES)]
        off = planes @ judges.T
        off -= 1
        on = np.abs(off, out=off) < self._tolerance
        best = planes[int(np.count_nonzero(on, axis=1).argmax())]
        return best, int(np.count_nonzero(np.abs(points @ best - 1) < self._tolerance))

    def _level(self, planes: np.ndarray, up: np.ndarray) -> np.ndarray:
        """(n,) bool: which of (n, 3) planes lie below the camera, within max_tilt of level."""
        along = planes @ -up
        level = along > math.cos(math.radians(self._max_tilt)) * np.linalg.norm(planes, axis=1)
        return level & np.isfinite(along)

    def _lowest_parallel(
        self, points: np.ndarray, plane: np.ndarray, count: int, least: int
    ) -> np.ndarray:
        """`plane`, or the lowest one parallel to it that enough points lie on: a table's floor."""
        distance = points @ plane  # 1 on the plane, more below it
        lower = distance[distance > 1 + 2 * self._tolerance]
        needed = max(least, round(LOWER_SHARE * count))
        if len(lower) < needed:
            return plane
        bins = np.floor(np.log(lower) / BINS).astype(np.int64)
        counts = np.bincount(bins[bins < 100], minlength=3)
        near = np.convolve(counts, np.ones(3, np.int64), 'same')  # of a bin and its neighbours
        padded = np.pad(near, 1)
        peaks = (near >= padded[:-2]) & (near >= padded[2:])
        # a veil of points behind an edge thins out slowly: a plane stands out of what is around
        between = np.array([near[: i + 1].min() for i in range(len(near))])
        floors = np.flatnonzero(peaks & (near >= needed) & (2 * between < near))
        if not len(floors):
            return plane
        return plane / np.exp((floors[-1] + 0.5) * BINS).astype(np.float32)

    def _refined(
        self, points: np.ndarray, plane: np.ndarray, up: np.ndarray, least: int
    ) -> Floor | Rejection:
        for _ in range(REFINEMENTS):
            distance = points @ plane
            off = np.abs(distance - 1)
            on = off < self._tolerance
            count = int(np.count_nonzero(on))
            if count < least:
                return _no(f'no floor seen: only {count} points lie on the lowest plane')
            on = off < np.maximum(SPREADS * np.median(off[on]), EXACT)
            # 1 / z is linear in the pixel; weighted by the plane's own z, noise pulls it nowhere
            distance = distance[on]
            a = points[on] / distance[:, None]
            try:
                plane = np.linalg.solve(a.T @ a, a.T @ (1 / distance))
            except np.linalg.LinAlgError:
                return _no('no floor seen: its points lie on a line')
        if not self._level(plane[None], up)[0]:
            return _no(
                f'no floor seen: the lowest plane is over {self._max_tilt:g} deg from level'
            )
        share = count / len(points)
        spread = (
            float(np.abs(points[on] @ plane - 1).mean()) / self._tolerance
        )  # 0.5: no plane at all
        confidence = min(1.0, share / SURE_SHARE) * max(0.0, 1 - 2 * spread) ** 0.5
        return Floor(plane, confidence)


def planes_through(triples: np.ndarray) -> np.ndarray:
    """(n, 3) planes through (n, 3, 3) points; not finite where those span none."""
    a, b, c = triples[:, 0], triples[:, 1], triples[:, 2]
    bc = np.cross(b, c)
    with np.errstate(divide='ignore', invalid='ignore'):
        return (bc + np.cross(c, a) + np.cross(a, b)) / (a * bc).sum(1)[:, None]


def _no(reason: str) -> Rejection:
    return Rejection(GROUND, reason)
