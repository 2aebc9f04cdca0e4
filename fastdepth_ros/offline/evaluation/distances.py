"""Predicted against true distance, over all images."""

from __future__ import annotations

import numpy as np

from fastdepth_ros.offline.evaluation.protocols import MAX_DEPTH, Aligned

CELLS = 100  # of 0 to MAX_DEPTH, both ways
SAMPLED = 5000  # pixels of an image, about


class DistanceHistogram:
    """How often each pair of true and predicted distance occurs; every image weighs the same."""

    def __init__(self) -> None:
        self.density = np.zeros((CELLS, CELLS))  # true, predicted; sums to the number of images

    def add(self, aligned: Aligned) -> None:
        """Counts evenly spread pixels that have both."""
        truth, prediction = (
            a[aligned.valid & aligned.usable] for a in (aligned.target, aligned.prediction)
        )
        every = max(1, truth.size // SAMPLED)
        pair = [
            np.minimum(d[::every] * (CELLS / MAX_DEPTH), CELLS - 1).astype(int)
            for d in (truth, prediction)
        ]
        if pair[0].size:
            counts = np.bincount(pair[0] * CELLS + pair[1], minlength=CELLS * CELLS)
            self.density += counts.reshape(CELLS, CELLS) / pair[0].size

    def quantiles(self, shares: tuple[float, ...]) -> np.ndarray:
        """(len(shares), CELLS) metres predicted at each true distance; NaN where there is none."""
        total = self.density.sum(1)
        cumulated = np.cumsum(self.density, 1) / np.where(total > 0, total, np.nan)[:, None]
        cell = MAX_DEPTH / CELLS
        rows = [(cumulated < share).sum(1) * cell + cell / 2 for share in shares]
        return np.where(total > 0, np.array(rows), np.nan)
