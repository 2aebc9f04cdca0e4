"""What a robot's other sensors would have said of a frame, from its true depth."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.projection import pinhole_rays
from fastdepth_ros.scale.floor import Floor, FloorFinder

LEVEL = np.array([0.0, -1.0, 0.0])
OUTLIERS = 0.3, 10.0  # m; uniform
STEEPEST = 40.0  # deg that a camera of these frames looks up or down
EXACT = 0.02  # relative; of measured depth
HYPOTHESES = 300
LEAST = 100  # points of a floor
UNDER, STRAY = 1.15, 0.05  # a share of points so much further down is no noise


@dataclass(frozen=True)
class SensorOptions:
    """Of the simulated sensors."""

    beams: int = 64
    noise: float = 0.03  # relative, of ranges
    outliers: float = 0.05  # share of ranges that are anything
    tilt_noise: float = 1.0  # deg, of up
    height_noise: float = 0.01  # relative

    def __post_init__(self) -> None:
        """A UserError names what does not do."""
        if self.beams < 1:
            raise UserError(f'--beams is {self.beams}: at least 1 is needed')
        if not 0 <= self.outliers <= 1:
            raise UserError(f'--outliers is {self.outliers:g}: a share of 0 to 1 is needed')
        for name in ('noise', 'tilt_noise', 'height_noise'):
            if not 0 <= getattr(self, name) < math.inf:
                raise UserError(f'{name} is {getattr(self, name):g}: at least 0 is needed')


def lidar_row(
    truth: np.ndarray, i: Intrinsics, options: SensorOptions, rng: np.random.Generator
) -> np.ndarray:
    """(n, 3) returns of a level row through the image's middle, in the optical frame; m.

    `truth` is (h, w) m of `i`, 0 = none: there no beam returns.
    """
    u = np.unique(np.linspace(0, i.width - 1, options.beams).round().astype(int))
    v = min(max(round(i.cy), 0), i.height - 1)
    z = truth[v, u].astype(np.float64)
    returned = z > 0
    u, z = u[returned], z[returned]
    z = z * (1 + options.noise * rng.standard_normal(len(z)))
    stray = rng.random(len(z)) < options.outliers
    z = np.where(stray, rng.uniform(*OUTLIERS, len(z)), z)
    return np.stack([(u - i.cx) / i.fx * z, np.full(len(z), (v - i.cy) / i.fy) * z, z], 1)


class Mount:
    """Up and height as an IMU and tf would have them: by the floor of the true depth."""

    def __init__(self, options: SensorOptions, rng: np.random.Generator) -> None:
        self._options, self._rng = options, rng
        self._finder = FloorFinder(max_tilt=STEEPEST, tolerance=EXACT)

    def of(self, truth: np.ndarray, i: Intrinsics) -> tuple[np.ndarray, float] | None:
        """(up, height m) of (h, w) m, 0 = none; None where the true depth shows no floor."""
        points = (pinhole_rays(i) * truth[..., None])[::4, ::4].reshape(-1, 3)
        up = level_normal(points[points[:, 2] > 0])
        for _ in range(2):
            if up is None:
                return None
            floor = self._finder.find(truth, i, up)
            up = floor.normal if isinstance(floor, Floor) else None
        if up is None or not isinstance(floor, Floor) or not is_lowest(points, floor):
            return None
        up = up + math.radians(self._options.tilt_noise) * self._rng.standard_normal(3)
        height = floor.below * (1 + self._options.height_noise * self._rng.standard_normal())
        return up / np.linalg.norm(up), height


def is_lowest(points: np.ndarray, floor: Floor) -> bool:
    """Whether hardly any of (n, 3) points is below the floor: else it is a table."""
    below = points @ -floor.normal > UNDER * floor.below
    return float(below.mean()) < STRAY


def level_normal(points: np.ndarray) -> np.ndarray | None:
    """(3,) normal of the plane below the camera, STEEPEST from level, that most of (n, 3) are on.

    A plane is a vector m with m . p = 1 for its points; None where there is none of LEAST points.
    """
    if len(points) < LEAST:
        return None
    triples = points[np.random.default_rng(0).integers(0, len(points), (HYPOTHESES, 3))]
    a, b, c = np.moveaxis(triples.astype(np.float64), 1, 0)
    bc = np.cross(b, c)
    with np.errstate(divide='ignore', invalid='ignore'):
        planes = (bc + np.cross(c, a) + np.cross(a, b)) / (a * bc).sum(1)[:, None]
        along = planes @ -LEVEL / np.linalg.norm(planes, axis=1)
    planes = planes[along > math.cos(math.radians(STEEPEST))]
    counts = np.count_nonzero(np.abs(points @ planes.T - 1) < EXACT, axis=0)
    if not len(planes) or counts.max() < LEAST:
        return None
    best = planes[int(counts.argmax())]
    return -best / np.linalg.norm(best)
