"""What a fit is made of: predicted beside measured depth, of frames from anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.geometry.intrinsics import Intrinsics

MOST = 2000  # pixels of a frame: so many say all that more would
MIN_PIXELS = 10  # of a frame that says anything


@dataclass(frozen=True)
class Measured:
    """A picture with depth on some of its pixels."""

    rgb: np.ndarray  # (h, w, 3) uint8
    depth: np.ndarray  # (h, w) float32 metres, 0 = none
    intrinsics: Intrinsics


@dataclass(frozen=True)
class Samples:
    """Of all frames, (n,) float32 metres each; `frame` is which one a sample is of."""

    predicted: np.ndarray
    measured: np.ndarray
    frame: np.ndarray

    @property
    def frames(self) -> int:
        """How many frames have samples."""
        return len(np.unique(self.frame))


def collect(frames: Iterable[Measured], estimator: DepthEstimator) -> Samples:
    """Predicts each frame and pairs its pixels; those without depth in either are left out."""
    rng = np.random.default_rng(0)
    parts = [np.empty((3, 0), np.float32)]
    for number, frame in enumerate(frames):
        predicted, measured = pair_up(frame, estimator)
        if len(measured) < MIN_PIXELS:
            continue
        if len(measured) > MOST:
            chosen = rng.choice(len(measured), MOST, replace=False)
            predicted, measured = predicted[chosen], measured[chosen]
        parts.append(np.stack([predicted, measured, np.full(len(measured), number)]))
    predicted, measured, of = np.concatenate(parts, axis=1)
    return Samples(predicted, measured, of.astype(int))


def pair_up(frame: Measured, estimator: DepthEstimator) -> tuple[np.ndarray, np.ndarray]:
    """((n,), (n,)) metres of the pixels that have both."""
    v, u = np.nonzero(np.isfinite(frame.depth) & (frame.depth > 0))
    depth = estimator.estimate(frame.rgb, frame.intrinsics)
    height, width = frame.depth.shape
    rows = (v + 0.5) * depth.shape[0] / height
    columns = (u + 0.5) * depth.shape[1] / width
    predicted, measured = depth[rows.astype(int), columns.astype(int)], frame.depth[v, u]
    good = np.isfinite(predicted)
    return predicted[good], measured[good]
