"""A scale that differs from left to right: networks misjudge how what they see leans.

A wall that a network turns by a few degrees is too near at one end and too far at the other, and a
row of ranges shows it. The factor of a pixel is factor * exp(lean * x / z), x to the right and z
ahead in the optical frame; beyond 45 degrees it stays.
"""

from __future__ import annotations

import numpy as np

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.scale.robust import huber_weights

ROUNDS = 3
MOST_ASIDE = 1.0  # x / z
RIDGE = 0.02  # of each return: ranges that see little of the width tell a factor, and no lean


def fit_scale_and_lean(depth: np.ndarray, true: np.ndarray, x: np.ndarray) -> tuple[float, float]:
    """(factor, lean) of (n,) depths, ranges along the axis, and x / z: Huber's, of log ratios."""
    ratio, x = np.log(true / depth), _aside(x)
    basis = np.stack([np.ones_like(x), x], 1)
    ridge = np.diag([0.0, RIDGE * len(x)])
    fitted = np.full_like(ratio, np.median(ratio))
    for _ in range(ROUNDS):
        weighted = (basis * huber_weights(ratio - fitted)[:, None]).T
        log_factor, lean = np.linalg.solve(weighted @ basis + ridge, weighted @ ratio)
        fitted = log_factor + lean * x
    return float(np.exp(log_factor)), float(lean)


def factors_at(factor: float, lean: float, x: np.ndarray) -> np.ndarray:
    """(n,) of x / z."""
    return factor * np.exp(lean * _aside(x))


def column_factors(factor: float, lean: float, intrinsics: Intrinsics) -> np.ndarray:
    """(w,) float32: what each column of a depth image of this camera is multiplied by."""
    x = (np.arange(intrinsics.width) - intrinsics.cx) / intrinsics.fx
    return factors_at(factor, lean, x).astype(np.float32)


def _aside(x: np.ndarray) -> np.ndarray:
    return np.clip(x, -MOST_ASIDE, MOST_ASIDE)
