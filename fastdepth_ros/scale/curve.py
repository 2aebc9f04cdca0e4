"""A monotone curve from predicted to true depth, fitted robustly and applied without a copy.

It is piecewise linear in the logarithms of both. Beyond its ends the factor stays.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

HUBER_ROUNDS = 8
LEAST_SLOPE = 0.1  # d log true / d log predicted
ENDS = 0.02, 0.98  # quantiles of predicted depth that the first and last knot lie on
# A float's upper bits are its exponent and the first digits of its mantissa: as an index into a
# table they step by 0.2 to 0.4 % of the depth, without a logarithm a pixel.
DROPPED_BITS = 15
NEAREST, FARTHEST = np.float32(2**-7), np.float32(2**8)  # m that the table has


def fit_curve(log_depth: np.ndarray, log_true: np.ndarray, knots: int) -> np.ndarray:
    """(knots, 2) logarithms of predicted and true depth; least absolute error, about.

    Knots lie at even logarithms between the outer quantiles of `log_depth`, both (n,).
    """
    first, last = np.quantile(log_depth, ENDS)
    x = np.linspace(first, last, knots)
    inside = np.clip(log_depth, x[0], x[-1])
    basis = np.stack([np.interp(inside, x, row) for row in np.eye(knots)], 1)
    target = log_true - (log_depth - inside)
    weights = np.ones(len(target))
    for _ in range(HUBER_ROUNDS):
        a = basis * weights[:, None]
        # a trace of a ridge towards the identity, for a knot that no sample lies at
        ridge = 1e-6 * len(target) * np.eye(knots)
        y = np.linalg.solve(a.T @ basis + ridge, a.T @ target + ridge @ x)
        weights = 1 / np.maximum(np.abs(basis @ y - target), 0.01)
    return np.stack([x, _monotone(x, y)], 1)


def _monotone(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """The mean of the nearest curves from above and from below that rise everywhere."""
    straight = y - LEAST_SLOPE * x
    upper = np.maximum.accumulate(straight)
    lower = np.minimum.accumulate(straight[::-1])[::-1]
    return (upper + lower) / 2 + LEAST_SLOPE * x


def evaluate(knots: np.ndarray, log_depth: np.ndarray) -> np.ndarray:
    """Logarithms of true depth, (n,)."""
    inside = np.clip(log_depth, knots[0, 0], knots[-1, 0])
    return np.interp(inside, knots[:, 0], knots[:, 1]) + log_depth - inside


class CurveTable:
    """The curve's factors by depth, for images."""

    def __init__(self, points: Sequence[tuple[float, float]]) -> None:
        """`points` are (predicted, true) depths in m, both rising."""
        first, last = (int(d.view(np.int32)) >> DROPPED_BITS for d in (NEAREST, FARTHEST))
        bits = (np.arange(first, last + 1, dtype=np.int32) << DROPPED_BITS) + (
            1 << (DROPPED_BITS - 1)
        )
        log_depth = np.log(bits.view(np.float32).astype(np.float64))
        log_true = evaluate(np.log(np.asarray(points, np.float64)), log_depth)
        self._first = np.int32(first)
        self._factors = np.exp(log_true - log_depth).astype(np.float32)
        self._index: np.ndarray = np.empty((0, 0), np.int32)
        self._factor: np.ndarray = np.empty((0, 0), np.float32)

    def apply(self, depth: np.ndarray, out: np.ndarray) -> np.ndarray:
        """(h, w) float32 m into `out`, which may be `depth`; NaN stays."""
        if self._index.shape != depth.shape:
            self._index = np.empty(depth.shape, np.int32)
            self._factor = np.empty(depth.shape, np.float32)
        np.right_shift(depth.view(np.int32), DROPPED_BITS, out=self._index)
        np.subtract(self._index, self._first, out=self._index)
        np.take(self._factors, self._index, out=self._factor, mode='clip')
        return np.multiply(depth, self._factor, out=out)
