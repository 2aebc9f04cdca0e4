"""How far off a measurement may be before it counts for less (Huber, 1964)."""

from __future__ import annotations

import numpy as np

NORMAL = 1.4826  # standard deviations in the median absolute deviation
HUBER = 1.345  # standard deviations


def huber_limit(off: np.ndarray) -> float:
    """Of absolute deviations (n,) that about a normal distribution has, more than 0."""
    return HUBER * NORMAL * float(np.median(off)) + 1e-9
