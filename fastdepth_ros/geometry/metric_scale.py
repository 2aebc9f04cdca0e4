"""From the depth a network predicts to metres on this camera."""

from __future__ import annotations

import numpy as np

from fastdepth_ros.geometry.intrinsics import Intrinsics


def metric_scale(intrinsics: Intrinsics | None, f_model: float) -> float:
    """The factor f / f_model that turns the network's depth into metres on this camera.

    A network sees angles, not metres: an object of the same size in pixels is twice as far when
    the focal length is twice as long. `intrinsics` are those of the network's input, after crop
    and resize. Without them the camera is taken to be the training camera: 1.
    """
    return 1.0 if intrinsics is None else intrinsics.focal_length / f_model


def invalidate(depth: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """Sets depth that is not finite or not positive to NaN, in place (REP 117), and returns it.

    `mask` is bool of the same shape, to work in.
    """
    nan = np.float32(np.nan)
    np.greater(depth, 0, out=mask)  # false for NaN
    np.copyto(depth, nan, where=np.logical_not(mask, out=mask))
    np.copyto(depth, nan, where=np.isinf(depth, out=mask))
    return depth
