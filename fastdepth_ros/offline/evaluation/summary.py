"""Means over images, their intervals over scenes, and both by band of distance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from fastdepth_ros.offline.evaluation.bands import Bands
from fastdepth_ros.offline.evaluation.bootstrap import mean_intervals
from fastdepth_ros.offline.evaluation.metrics import METRICS, mean_metrics
from fastdepth_ros.offline.evaluation.protocols import Figures, summarise
from fastdepth_ros.offline.evaluation.results import KINDS, ImageResult


def summarise_images(
    images: list[ImageResult], protocol: str, bands: Bands, seed: int = 0
) -> dict[str, Any]:
    """The JSON of `summarise`, and `scenes`, `intervals` (None for one scene) and `bands`."""
    scenes = [image.scene for image in images]
    return {
        **summarise([image.score for image in images], protocol),
        'scenes': len(set(scenes)),
        'intervals': intervals([image.score for image in images], scenes, seed),
        'bands': [_band(images, bands, i, seed) for i in range(len(bands))],
    }


def intervals(
    figures: Sequence[Figures], scenes: Sequence[str], seed: int
) -> dict[str, Any] | None:
    """{kind: {metric: [low, high]}} of the means over images; None for fewer than two scenes."""
    values = np.array([[getattr(f, kind)[m] for kind in KINDS for m in METRICS] for f in figures])
    found = mean_intervals(values, scenes, seed) if len(figures) else None
    if found is None:
        return None
    pairs = iter(found)
    return {kind: {m: list(next(pairs)) for m in METRICS} for kind in KINDS}


def _band(images: list[ImageResult], bands: Bands, index: int, seed: int) -> dict[str, Any]:
    """One band: the images that reach it, their share of all pixels, the mean of their figures."""
    inside = [(f, image.scene) for image in images if (f := image.score.bands[index])]
    figures = [f for f, _ in inside]
    pixels = sum(image.score.pixels for image in images)
    return {
        'from': bands[index].near,
        'to': bands[index].far,
        'images': len(inside),
        'pixels': sum(f.pixels for f in figures) / pixels,
        **{k: mean_metrics([getattr(f, k) for f in figures]) if inside else None for k in KINDS},
        'intervals': intervals(figures, [scene for _, scene in inside], seed),
    }
