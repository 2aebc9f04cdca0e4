"""What a fit is made of: predicted beside measured depth, of frames from anywhere."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.scale.calibration import sampled

Pair = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Measured:
    """A picture with depth on some of its pixels."""

    rgb: np.ndarray  # (h, w, 3) uint8
    depth: np.ndarray  # (h, w) float32 metres, 0 = none
    intrinsics: Intrinsics


def collect(frames: Iterable[Measured], estimator: DepthEstimator) -> list[Pair]:
    """(predicted, measured) metres of each frame, of the pixels that a fit takes."""
    return [pair_up(frame, estimator) for frame in frames]


def pair_up(frame: Measured, estimator: DepthEstimator) -> Pair:
    """((n,), (n,)) metres; the network's depth of the pixel that each measured one falls on.

    Only those that ScaleCalibration.fit takes: all of them are 2.5 MB a VGA frame.
    """
    v, u = np.nonzero(np.isfinite(frame.depth) & (frame.depth > 0))
    depth = estimator.estimate(frame.rgb, frame.intrinsics)
    rows, columns = (
        ((at + 0.5) * small / full).astype(int)
        for at, small, full in zip((v, u), depth.shape, frame.depth.shape, strict=True)
    )
    return sampled(depth[rows, columns], frame.depth[v, u])
