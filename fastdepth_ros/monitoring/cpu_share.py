"""How much of a core this process takes."""

from __future__ import annotations

from collections import deque


class CpuShare:
    """CPU seconds of all threads by wall seconds, over the last `seconds`."""

    def __init__(self, seconds: float = 5.0) -> None:
        self._seconds = seconds
        self._items: deque[tuple[float, float]] = deque()

    def sample(self, now: float, cpu: float) -> float | None:
        """The share (1: one core) for time.monotonic() and time.process_time(); None at first."""
        self._items.append((now, cpu))
        while now - self._items[0][0] > self._seconds and len(self._items) > 2:
            self._items.popleft()
        (begin, used), (end, in_all) = self._items[0], self._items[-1]
        return (in_all - used) / (end - begin) if end > begin else None
