"""How far a mean over images may be from that of other scenes like these: a cluster bootstrap.

Frames of one scene resemble each other, a video's most of all: drawing single images would take
them for independent and give intervals that are far too narrow. So whole scenes are drawn.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

RESAMPLES = 2000
LEVEL = 0.95
Interval = tuple[float, float]


def mean_intervals(
    values: np.ndarray, groups: Sequence[str], seed: int = 0
) -> list[Interval] | None:
    """95 % percentile intervals of the mean over images of each column of `values` (n, k).

    `groups` are the n scenes, drawn with replacement, each with all of its images. None where
    there are fewer than two of them: nothing can be said then.
    """
    names, index = np.unique(np.asarray(groups), return_inverse=True)
    if len(names) < 2:
        return None
    sums = np.zeros((len(names), values.shape[1]))
    np.add.at(sums, index, values)
    sizes = np.bincount(index)
    equal = np.full(len(names), 1 / len(names))
    draws = np.random.default_rng(seed).multinomial(len(names), equal, RESAMPLES)
    means = (draws @ sums) / (draws @ sizes)[:, None]
    low, high = np.quantile(means, ((1 - LEVEL) / 2, (1 + LEVEL) / 2), axis=0)
    return [(float(a), float(b)) for a, b in zip(low, high, strict=True)]
