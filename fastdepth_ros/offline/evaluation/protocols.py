"""How a prediction is held against the truth. Two protocols, which do not compare.

full       the whole image goes to the network; the prediction is resized bilinearly to the
           measured depth's size and clamped to 1e-3 .. 10 m; valid is 1e-3 < truth < 10 m.
fastdepth  both at 224 x 224 after the authors' centre crop; valid is truth > 0; no clamp.

In both, a prediction that is NaN, infinite or <= 0 counts as wrong: it is scored as 1e-3 m.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from fastdepth_ros.errors import check_choice
from fastdepth_ros.offline.evaluation.metrics import depth_metrics, mean_metrics

PROTOCOLS = ('fastdepth', 'full')
MIN_DEPTH, MAX_DEPTH = 1e-3, 10.0  # m


@dataclass(frozen=True)
class Score:
    """One image: metric and median-scaled figures, and how many predicted pixels were no depth."""

    metric: dict[str, float]
    scaled: dict[str, float]
    invalid: int


def score(prediction: np.ndarray, target: np.ndarray, protocol: str) -> Score | None:
    """Figures of one image, (h, w) and (H, W) in metres; None where the truth has no valid pixel.

    `scaled` multiplies the (clamped) prediction by median(target) / median(prediction) over the
    pixels where both are valid.
    """
    check_choice('protocol', protocol, PROTOCOLS)
    full = protocol == 'full'
    valid = np.isfinite(target) & (target > (MIN_DEPTH if full else 0))
    if full:
        valid &= target < MAX_DEPTH
    if not valid.any():
        return None
    if prediction.shape != target.shape:
        size = (target.shape[1], target.shape[0])
        prediction = cv2.resize(prediction, size, interpolation=cv2.INTER_LINEAR)
    usable = np.isfinite(prediction) & (prediction > 0)
    prediction = np.where(usable, prediction, MIN_DEPTH)
    if full:
        prediction = np.clip(prediction, MIN_DEPTH, MAX_DEPTH)
    scaled = np.where(usable, prediction * median_scale(prediction, target, valid & usable), 0)
    return Score(
        depth_metrics(prediction, target, valid),
        depth_metrics(np.maximum(scaled, MIN_DEPTH), target, valid),
        int(np.count_nonzero(valid & ~usable)),
    )


def score_constant(depth: float, target: np.ndarray, protocol: str) -> Score | None:
    """Figures of the same depth (metres) everywhere: the baseline that looks at nothing."""
    return score(np.full_like(target, depth), target, protocol)


def median_scale(prediction: np.ndarray, target: np.ndarray, both_valid: np.ndarray) -> float:
    """median(target) / median(prediction) over a mask; 1 where it is empty."""
    if not both_valid.any():
        return 1.0
    return float(np.median(target[both_valid]) / np.median(prediction[both_valid]))


def summarise(scores: list[Score], protocol: str) -> dict[str, object]:
    """The JSON of `evaluate`: protocol, count, invalid pixels, and the means over images."""
    return {
        'protocol': protocol,
        'count': len(scores),
        'invalid_predictions': sum(s.invalid for s in scores),
        'metric': mean_metrics([s.metric for s in scores]),
        'scaled': mean_metrics([s.scaled for s in scores]),
    }
