"""Values of the last seconds."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

MOST = 2048  # values kept: 5 s at 400 Hz


class Window:
    """Values with their times, forgotten after `seconds`."""

    def __init__(self, seconds: float = 5.0) -> None:
        self._seconds = seconds
        self._items: deque[tuple[float, float]] = deque(maxlen=MOST)

    def add(self, now: float, value: float = 0.0) -> None:
        """`now` in seconds of a steady clock."""
        self._items.append((now, value))

    def rate(self, now: float) -> float:
        """Hz over the window, from the intervals between values; 0 for fewer than two."""
        self._forget(now)
        if len(self._items) < 2:
            return 0.0
        span = self._items[-1][0] - self._items[0][0]
        return (len(self._items) - 1) / span if span > 0 else 0.0

    def percentiles(self, now: float, which: Sequence[float]) -> list[float | None]:
        """Of the values; None where there are none."""
        self._forget(now)
        if not self._items:
            return [None] * len(which)
        return [float(p) for p in np.percentile([value for _, value in self._items], which)]

    def _forget(self, now: float) -> None:
        while self._items and self._items[0][0] < now - self._seconds:
            self._items.popleft()
