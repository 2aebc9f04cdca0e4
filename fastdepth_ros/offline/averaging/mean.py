"""The weighted mean of models' weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.network.metadata import ModelMetadata

SAME = ('network', 'fx', 'fy', 'mean', 'std')  # without which weights mean different things

Model = tuple[ModelMetadata, dict[str, np.ndarray]]


def average(models: Sequence[Model], weights: Sequence[float]) -> Model:
    """The weighted mean; metadata are the first's, without figures, with everybody's depths.

    Raises:
        UserError: fewer than two models, networks that differ, or weights that do not fit.

    """
    if len(models) < 2:
        raise UserError(f'{len(models)} model to average: at least 2 are needed')
    if len(weights) != len(models):
        raise UserError(f'{len(weights)} weights for {len(models)} models: one each is needed')
    if not (np.isfinite(weights).all() and min(weights) >= 0 and sum(weights) > 0):
        raise UserError(f'weights are {list(weights)}: 0 or more, and not all 0, are needed')
    first, tensors = models[0]
    for number, (other, found) in enumerate(models[1:], 2):
        for name in SAME:
            mine, its = getattr(first, name), getattr(other, name)
            if mine != its:
                raise UserError(
                    f'{name} of model {number} is {its}, of the first {mine}: only '
                    'models trained on from the same one can be averaged'
                )
        if {n: t.shape for n, t in found.items()} != {n: t.shape for n, t in tensors.items()}:
            raise UserError(f'model {number} has other weights than the first')
    shares = np.asarray(weights, np.float64) / np.sum(weights)
    mean = {
        name: np.sum([s * t[name] for s, (_, t) in zip(shares, models, strict=True)], 0)
        for name in tensors
    }
    metadata = replace(
        first,
        min_depth=min(m.min_depth for m, _ in models),
        max_depth=max(m.max_depth for m, _ in models),
        metrics={},
    )
    return metadata, mean
