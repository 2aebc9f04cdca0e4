"""How a prediction is held against the truth. Three protocols, which do not compare.

full       the whole image goes to the network; the prediction is resized bilinearly to the
           measured depth's size and clamped to 1e-3 .. 10 m; valid is 1e-3 < truth < 10 m.
eigen      as full, on the Eigen crop (rows 45 to 470, columns 41 to 600) of NYU Depth V2's
           480 x 640 frames, as most papers; the scaled prediction is clamped, too.
fastdepth  both at 224 x 224 after the authors' centre crop; valid is truth > 0; no clamp.

In all, a prediction that is NaN, infinite or <= 0 counts as wrong: it is scored as 1e-3 m.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from fastdepth_ros.errors import check_choice
from fastdepth_ros.offline.evaluation.bands import Band, Bands
from fastdepth_ros.offline.evaluation.metrics import depth_metrics, mean_metrics

PROTOCOLS = ('fastdepth', 'full', 'eigen')
MIN_DEPTH, MAX_DEPTH = 1e-3, 10.0  # m
LEAST_SHARE = 0.01  # of an image's pixels: a band with fewer would be judged by its noise
EIGEN_SIZE = (480, 640)  # rows, columns of a frame
EIGEN_CROP = (slice(45, 471), slice(41, 601))


@dataclass(frozen=True)
class Aligned:
    """A prediction on the truth's pixels, all (H, W): metres, and which of them count."""

    prediction: np.ndarray  # MIN_DEPTH where it is not usable
    target: np.ndarray
    usable: np.ndarray  # bool: there was a prediction
    valid: np.ndarray  # bool: there is a truth, and the protocol looks at it


@dataclass(frozen=True)
class Figures:
    """Metric and median-scaled figures of one image, over some of its pixels."""

    metric: dict[str, float]
    scaled: dict[str, float]
    pixels: int


@dataclass(frozen=True)
class Score(Figures):
    """One image: its figures, how many predicted pixels were no depth, and figures by band."""

    invalid: int
    bands: tuple[Figures | None, ...] = ()  # None: too few pixels in it


def align(prediction: np.ndarray, target: np.ndarray, protocol: str) -> Aligned:
    """(h, w) float onto (H, W), both in metres, as the protocol says."""
    check_choice('protocol', protocol, PROTOCOLS)
    clamped = protocol != 'fastdepth'
    valid = np.isfinite(target) & (target > (MIN_DEPTH if clamped else 0))
    if clamped:
        valid &= target < MAX_DEPTH
    if protocol == 'eigen':
        inside = np.zeros_like(valid)
        inside[EIGEN_CROP] = True
        valid &= inside
    if prediction.shape != target.shape:
        prediction = _resized(prediction, target.shape)
    usable = _is_depth(prediction)
    prediction = np.where(usable, prediction, MIN_DEPTH)
    if clamped:
        prediction = np.clip(prediction, MIN_DEPTH, MAX_DEPTH)
    return Aligned(prediction, target, usable, valid)


def _is_depth(prediction: np.ndarray) -> np.ndarray:
    return np.isfinite(prediction) & (prediction > 0)


def _resized(prediction: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """Bilinearly; what touches a pixel without depth has none."""
    holes = np.where(_is_depth(prediction), prediction, np.nan).astype(np.float32)
    return cv2.resize(holes, (shape[1], shape[0]), interpolation=cv2.INTER_LINEAR)


def score(
    prediction: np.ndarray, target: np.ndarray, protocol: str, bands: Bands = ()
) -> Score | None:
    """Figures of one image, (h, w) and (H, W) in metres; None where the truth has no valid pixel.

    `scaled` multiplies the (clamped) prediction by median(target) / median(prediction) over the
    pixels where both are valid; bands use the same factor.
    """
    return score_aligned(align(prediction, target, protocol), protocol, bands)


def score_aligned(aligned: Aligned, protocol: str, bands: Bands = ()) -> Score | None:
    """`score` of what is aligned already."""
    if not aligned.valid.any():
        return None
    scaled = replace(aligned, prediction=median_scaled(aligned, protocol))
    whole = _figures(aligned, scaled, aligned.valid)
    return Score(
        whole.metric,
        whole.scaled,
        whole.pixels,
        int(np.count_nonzero(aligned.valid & ~aligned.usable)),
        tuple(_figures_of_band(aligned, scaled, band) for band in bands),
    )


def median_scaled(aligned: Aligned, protocol: str) -> np.ndarray:
    """(H, W): the prediction that the `scaled` figures are of."""
    both = aligned.valid & aligned.usable
    factor = median_scale(aligned.prediction, aligned.target, both)
    scaled = np.where(aligned.usable, aligned.prediction * factor, 0)
    return np.clip(scaled, MIN_DEPTH, MAX_DEPTH if protocol == 'eigen' else None)


def _figures(metric: Aligned, scaled: Aligned, pixels: np.ndarray) -> Figures:
    return Figures(
        depth_metrics(metric.prediction, metric.target, pixels),
        depth_metrics(scaled.prediction, scaled.target, pixels),
        int(np.count_nonzero(pixels)),
    )


def _figures_of_band(metric: Aligned, scaled: Aligned, band: Band) -> Figures | None:
    pixels = metric.valid & (metric.target >= band.near) & (metric.target < band.far)
    share = np.count_nonzero(pixels) / np.count_nonzero(metric.valid)
    return _figures(metric, scaled, pixels) if share >= LEAST_SHARE else None


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
