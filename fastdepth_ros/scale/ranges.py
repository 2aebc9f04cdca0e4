"""Scale, with lean or shift, from ranges of another sensor: a lidar, a ranger, a cloud.

Each return meets the depth of the pixel that it falls on. Where an image has few of them, those of
a short window before it are fitted with them, so that a sensor of few returns adds up.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.scale.lean import factors_at, fit_scale_and_lean
from fastdepth_ros.scale.measurement import Rejection, ScaleMeasurement
from fastdepth_ros.scale.robust import NORMAL, huber_weights
from fastdepth_ros.thinning import thinned

PAIRS_OF_IMAGE = 64  # more are thinned out
EDGE = 0.1  # relative jump to a neighbour from which on a pixel is at an edge, and no pair
INLIER = 0.2  # relative; structure is rarely better than that
SURE_PAIRS = 30
SPAN_FOR_SHIFT = 1.6  # far depth over near depth below which a shift cannot be told from a scale
ROUNDS = 5
MOST_LEAN = 1.0  # the worst of 445 validation images had 0.83


class RangeScale:
    """Robust regression of ranges on depth over a window of time."""

    def __init__(
        self,
        shift: bool = False,
        window_s: float = 0.3,
        max_spread: float = 0.3,
        min_pairs: int = 8,
        min_inliers: float = 0.5,
        source: str = 'ranges',
    ) -> None:
        """UserError names what does not do.

        `shift`: fit one instead of a lean, where the depths allow it; `max_spread`: robust
        relative spread of range over depth that is still agreement; `min_pairs`: of the window;
        `min_inliers`: share within 20 %.
        """
        if not 0 <= window_s < math.inf:
            raise UserError(f'the window of ranges is {window_s:g} s: at least 0 is needed')
        self._shift, self._window, self._max_spread = shift, window_s, max_spread
        self._min_pairs, self._min_inliers, self._source = min_pairs, min_inliers, source
        self._pairs: deque[tuple[float, np.ndarray]] = deque()

    def measure(
        self, depth: np.ndarray, intrinsics: Intrinsics, points: np.ndarray, stamp: float
    ) -> ScaleMeasurement | Rejection:
        """The scale of (H, W) float32 metres, NaN = none, as the model gives them.

        `intrinsics` are the depth's; `points` (n, 3) m in its optical frame; `stamp` in s. Time
        that jumps back empties the window.
        """
        pairs, reason = pair(depth, intrinsics, points)
        self._forget(stamp)
        if len(pairs):
            self._pairs.append((stamp, pairs))
        count = sum(len(p) for _, p in self._pairs)
        if not len(pairs):
            return self._no(reason)
        if count < self._min_pairs:
            return self._no(f'{count} returns meet depth: at least {self._min_pairs} are needed')
        return self._fit(self._newest())

    def _newest(self) -> np.ndarray:
        """The pairs of as few images as are enough: each image has a scale of its own."""
        found: list[np.ndarray] = []
        for _, pairs in reversed(self._pairs):
            found.append(pairs)
            if sum(map(len, found)) >= SURE_PAIRS:
                break
        return np.concatenate(found)

    def _forget(self, stamp: float) -> None:
        if self._pairs and stamp < self._pairs[-1][0]:
            self._pairs.clear()
        while self._pairs and stamp - self._pairs[0][0] > self._window:
            self._pairs.popleft()

    def _fit(self, pairs: np.ndarray) -> ScaleMeasurement | Rejection:
        depth, true, x = pairs.T
        shift = lean = 0.0
        if self._shift and spans(depth):
            factor, shift = fit_scale_and_shift(depth, true)
        else:
            factor, lean = fit_scale_and_lean(depth, true, x)
        if not factor > 0:
            return self._no(
                'returns disagree with the depth: what is farther there is nearer here'
            )
        if abs(lean) > MOST_LEAN:
            return self._no(
                f'returns disagree with the depth: it would have to lean by {lean:.2f}, '
                f"{MOST_LEAN:g} is allowed; check the sensor's pose"
            )
        fitted = np.maximum(factors_at(factor, lean, x) * depth + shift, 1e-3)
        off = np.abs(np.log(true / fitted))
        spread = NORMAL * float(np.median(off))
        if spread > self._max_spread:
            return self._no(
                f'returns disagree with the depth: they are {spread:.0%} off, '
                f'{self._max_spread:.0%} is allowed'
            )
        share = float((off < INLIER).mean())
        if share < self._min_inliers:
            return self._no(
                f'returns disagree with the depth: {share:.0%} of {len(pairs)} are within '
                f'{INLIER:.0%}, {self._min_inliers:.0%} are needed'
            )
        sure = min(1.0, len(pairs) / SURE_PAIRS) * share * (1 - 0.5 * spread / self._max_spread)
        return ScaleMeasurement(factor, shift, sure, self._source, lean)

    def _no(self, reason: str) -> Rejection:
        return Rejection(self._source, reason)


def pair(depth: np.ndarray, i: Intrinsics, points: np.ndarray) -> tuple[np.ndarray, str]:
    """((m, 3) float64 depth, range along the axis and x / z, why there are none).

    Returns behind the camera, out of view, without depth or at an edge of it make no pair.
    """
    points = np.asarray(points, np.float64).reshape(-1, 3)
    points = thinned(points, 16 * PAIRS_OF_IMAGE)
    with np.errstate(invalid='ignore', divide='ignore', over='ignore'):
        z = points[:, 2]
        u, v = points[:, 0] / z * i.fx + i.cx, points[:, 1] / z * i.fy + i.cy
        seen = (z > 0) & (z < np.inf) & (u >= -0.5) & (u < i.width - 0.5)  # false for NaN
        seen &= (v >= -0.5) & (v < i.height - 0.5)
    if not seen.any():
        return np.empty((0, 3)), _unseen(points)
    x, z = points[seen, 0] / z[seen], z[seen]
    u, v = np.rint(u[seen]).astype(np.int64), np.rint(v[seen]).astype(np.int64)
    found = depth[v, u].astype(np.float64)
    beside = [depth[v, np.maximum(u - 1, 0)], depth[v, np.minimum(u + 1, i.width - 1)]]
    good = (found > 0) & (found < np.inf)
    for neighbour in beside:
        good &= np.abs(neighbour - found) < EDGE * found
    if not good.any():
        return np.empty((0, 3)), f'{len(z)} returns in view, and none on a pixel with smooth depth'
    pairs = np.stack([found[good], z[good], x[good]], 1)
    return thinned(pairs, PAIRS_OF_IMAGE), ''


def _unseen(points: np.ndarray) -> str:
    if not len(points):
        return 'no returns'
    finite = points[np.isfinite(points).all(1)]
    if not len(finite):
        return f'none of {len(points)} returns is finite'
    behind = int((finite[:, 2] <= 0).sum())
    return (
        f'none of {len(finite)} returns is in view: {behind} are behind the camera; check the '
        "sensor's pose"
    )


def spans(depth: np.ndarray) -> bool:
    """Whether the depths are different enough to tell a shift from a scale."""
    near, far = np.quantile(depth, (0.1, 0.9))
    return bool(far > SPAN_FOR_SHIFT * near)


def fit_scale_and_shift(depth: np.ndarray, true: np.ndarray) -> tuple[float, float]:
    """(factor, shift): Theil and Sen's slope over half of the order, refined by Huber's weights.

    The depths are some that span. Errors are relative to the range, as those of depth are.
    """
    order = np.argsort(depth, kind='stable')
    half = len(order) // 2
    low, high = order[:half], order[len(order) - half :]
    apart = depth[high] - depth[low]
    use = apart > 0.1 * depth[low]
    factor = float(np.median((true[high] - true[low])[use] / apart[use]))
    shift = float(np.median(true - factor * depth))
    weights = 1 / true
    for _ in range(ROUNDS):
        off = (factor * depth + shift - true) * weights
        w = weights * np.sqrt(huber_weights(off))
        a = np.stack([depth * w, w], 1)
        solution = np.linalg.lstsq(a, true * w, rcond=None)[0]
        factor, shift = float(solution[0]), float(solution[1])
    return factor, shift
