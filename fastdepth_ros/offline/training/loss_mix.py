"""Mixes of losses as data: 'l1', or 'silog=1,gradient=0.5', or in YAML a mapping of weights."""

from __future__ import annotations

import math
from typing import Any

import torch

from fastdepth_ros.errors import UserError, check_choice
from fastdepth_ros.offline.training.losses import LOSSES, Loss


def parse_mix(value: Any) -> dict[str, float]:
    """{loss: weight} of a text or of YAML's mapping; a name alone weighs 1.

    UserError for unknown losses and for weights that are not above 0.
    """
    items = list(value.items()) if isinstance(value, dict) else _items(str(value))
    weights: dict[str, float] = {}
    for name, weight in items:
        check_choice('loss', str(name), LOSSES)
        if name in weights:
            raise UserError(f"loss '{name}' is given twice in '{value}': once is needed")
        weights[str(name)] = _weight(str(name), weight)
    return weights


def mix_text(value: Any) -> str:
    """What parse_mix reads, in its one form: the same mix is the same text."""
    weights = parse_mix(value)
    if list(weights.values()) == [1.0]:
        return next(iter(weights))
    return ','.join(f'{name}={weight:g}' for name, weight in weights.items())


def mixed_loss(value: Any) -> Loss:
    """The weighted sum of a mix as one loss."""
    parts = [(LOSSES[name], weight) for name, weight in parse_mix(value).items()]
    return Loss(
        lambda p, t: torch.cat([weight * loss.sums(p, t) for loss, weight in parts]),
        lambda t: torch.cat([loss.counts(t) for loss, _ in parts]),
    )


def _items(text: str) -> list[tuple[str, str]]:
    pairs = [part.partition('=') for part in text.split(',')]
    return [(name.strip(), weight if sign else '1') for name, sign, weight in pairs]


def _weight(name: str, value: Any) -> float:
    try:
        weight = float(value)
    except (TypeError, ValueError):
        weight = math.nan
    if not 0 < weight < math.inf:
        raise UserError(f"the weight of loss '{name}' is '{value}': a number above 0 is needed")
    return weight
