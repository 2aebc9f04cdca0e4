"""How far off a measurement may be before it counts for less (Huber, 1964)."""

from __future__ import annotations

import numpy as np

NORMAL = 1.4826  # standard deviations in the median absolute deviation
HUBER = 1.345  # standard deviations


def huber_weights(off: np.ndarray) -> np.ndarray:
    """(n,) of deviations: 1, and less where they are more than a normal distribution's."""
    off = np.abs(off)
    limit = HUBER * NORMAL * np.median(off) + 1e-9
    return np.minimum(1, limit / np.maximum(off, 1e-12))
