"""Depth metrics, in numpy alone."""

from __future__ import annotations

import numpy as np

METRICS = ('rmse', 'mae', 'absrel', 'log10', 'delta1', 'delta2', 'delta3')


def depth_metrics(
    prediction: np.ndarray, target: np.ndarray, valid: np.ndarray
) -> dict[str, float]:
    """Metrics of one image over its valid pixels (a mask); depths are > 0 and in metres.

    rmse, mae in metres; absrel = |p - t| / t; log10 = |log10 p - log10 t|; delta k = share of
    pixels with max(p / t, t / p) < 1.25^k (Eigen et al., arXiv 1406.2283).
    """
    p, t = prediction[valid].astype(np.float64), target[valid].astype(np.float64)
    error = np.abs(p - t)
    ratio = np.maximum(p / t, t / p)
    return {
        'rmse': float(np.sqrt(np.mean(error**2))),
        'mae': float(np.mean(error)),
        'absrel': float(np.mean(error / t)),
        'log10': float(np.mean(np.abs(np.log10(p / t)))),
        **{f'delta{k}': float(np.mean(ratio < 1.25**k)) for k in (1, 2, 3)},
    }


def mean_metrics(images: list[dict[str, float]]) -> dict[str, float]:
    """The mean of per-image figures: never pooled over pixels."""
    return {name: float(np.mean([image[name] for image in images])) for name in METRICS}
