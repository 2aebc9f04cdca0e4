"""Depth metrics, in numpy alone."""

from __future__ import annotations

import math

import numpy as np

DELTAS = ('delta1', 'delta2', 'delta3')
METRICS = ('rmse', 'mae', 'absrel', 'sqrel', 'log10', 'irmse', 'silog', *DELTAS)


def depth_metrics(
    prediction: np.ndarray, target: np.ndarray, valid: np.ndarray
) -> dict[str, float]:
    """Metrics of one image over its valid pixels (a mask); depths are > 0 and in metres.

    rmse, mae in metres; absrel = |p - t| / t; sqrel = (p - t)^2 / t in metres; log10 = |log10 p -
    log10 t|; irmse = rms of 1 / p - 1 / t in 1 / m; silog = standard deviation of ln p - ln t (not
    times 100); delta k = share of pixels with max(p / t, t / p) < 1.25^k (Eigen et al., arXiv
    1406.2283; irmse from KITTI, arXiv 1708.06500).
    """
    p, t = prediction[valid].astype(np.float64), target[valid].astype(np.float64)
    error = np.abs(p - t)
    log_error = np.log(p / t)
    ratio = np.maximum(p / t, t / p)
    return {
        'rmse': float(np.sqrt(np.mean(error**2))),
        'mae': float(np.mean(error)),
        'absrel': float(np.mean(error / t)),
        'sqrel': float(np.mean(error**2 / t)),
        'log10': float(np.mean(np.abs(log_error)) / math.log(10)),
        'irmse': float(np.sqrt(np.mean((1 / p - 1 / t) ** 2))),
        'silog': float(np.std(log_error)),
        **{f'delta{k}': float(np.mean(ratio < 1.25**k)) for k in (1, 2, 3)},
    }


def mean_metrics(images: list[dict[str, float]]) -> dict[str, float]:
    """The mean of per-image figures: never pooled over pixels."""
    return {name: float(np.mean([image[name] for image in images])) for name in METRICS}
