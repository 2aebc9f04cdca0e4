"""Frames that the camera sent and the node never saw: skipped while busy, or lost on the way."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from statistics import median

KNOWN_PERIODS = 5  # intervals between stamps that make a period
REMEMBERED = 31
LONGEST_GAP = 3_000_000_000  # ns: a longer one is a camera that stopped, not a loss


@dataclass(frozen=True)
class Arrival:
    """One image, as far as the middleware tells."""

    stamp: int  # ns, the camera's
    source: int  # ns, when it was published; the stamp where the middleware does not tell
    sequence: int | None = None  # of its publisher; None before ROS 2 Jazzy
    publisher: bytes = b''


class FrameLosses:
    """Counts what is missing between the images that arrive.

    With sequence numbers of the publisher the number of missing frames is exact. Without them it
    is estimated from the stamps and their median period. A keep-last-1 queue overwrites what comes
    while the node is busy, so a missing frame that was sent before the node was done is counted as
    skipped and any other one as lost; with frames assumed to be evenly spaced.
    """

    def __init__(self) -> None:
        self.skipped = 0
        self.lost = 0
        self._last: dict[bytes, Arrival] = {}
        self._periods: deque[int] = deque(maxlen=REMEMBERED)
        self._done = 0

    def arrived(self, arrival: Arrival) -> None:
        """The node takes this image."""
        last = self._last.get(arrival.publisher)
        if last is None and len(self._last) > 8:  # publishers that came and went
            self._last.clear()
        self._last[arrival.publisher] = arrival
        if last is None:
            return
        gap = arrival.stamp - last.stamp
        missing = self._missing(last, arrival, gap)
        if missing > 0 and 0 < gap < LONGEST_GAP:
            step = (arrival.source - last.source) / (missing + 1)
            while_busy = int((self._done - last.source) // step) if step > 0 else 0
            skipped = min(missing, max(0, while_busy))
            self.skipped += skipped
            self.lost += missing - skipped
        elif gap > 0:
            self._periods.append(gap)

    def done(self, now: int) -> None:
        """The node is ready for the next image; `now` in ns of the clock of Arrival.source."""
        self._done = now

    def forget(self) -> None:
        """The node stops listening: what is sent until it listens again is no loss."""
        self._last.clear()

    def _missing(self, last: Arrival, arrival: Arrival, gap: int) -> int:
        if arrival.sequence is not None and last.sequence is not None:
            return arrival.sequence - last.sequence - 1
        if len(self._periods) < KNOWN_PERIODS or gap <= 0:
            return 0
        return round(gap / median(self._periods)) - 1
