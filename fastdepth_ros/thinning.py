"""Fewer of many, evenly."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

T = TypeVar('T')


def thinned(items: np.ndarray, most: int) -> np.ndarray:
    """Every n-th of (N, ...) from the first, with the least n that leaves `most`; a view."""
    return items[:: max(1, -(-len(items) // most))]


def evenly(items: Sequence[T], most: int) -> list[T]:
    """`most` of them, or all if there are fewer, the first and the last among them."""
    return [items[int(i)] for i in np.linspace(0, len(items) - 1, min(most, len(items)))]
