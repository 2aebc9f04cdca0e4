"""What a camera does that an operator should know of."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

STALE = 1.0  # s without an image, or three of the camera's periods if that is longer
LONGEST_PERIOD = 30.0  # s: a longer interval is a pause
BACK = 'stamps jumped back'
FRAME_ID = 'frame_id changed'
FORMAT = 'size or encoding changed'
RETURNED = 'camera returned'


@dataclass(frozen=True)
class Shown:
    """What of an image is the same from one to the next."""

    frame_id: str
    width: int
    height: int
    encoding: str


class CameraWatch:
    """Counts the changes of the images that come, and knows whether they still do."""

    def __init__(self) -> None:
        self.events: Counter[str] = Counter()
        self._shown: Shown | None = None
        self._stamp = 0
        self._last: float | None = None  # s
        self._period = 0.0  # s, smoothed; 0 while unknown

    def arrived(self, now: float, stamp: int, shown: Shown) -> list[str]:
        """An image at `now`, seconds of a steady clock; what is new about it."""
        news = []
        if self._shown is not None and self._last is not None:
            if stamp < self._stamp:
                news.append(BACK)
            if shown.frame_id != self._shown.frame_id:
                news.append(FRAME_ID)
            if (shown.width, shown.height, shown.encoding) != (
                self._shown.width,
                self._shown.height,
                self._shown.encoding,
            ):
                news.append(FORMAT)
            if self._period and self.stale(now):
                news.append(RETURNED)
            self._learn_period(now - self._last)
        self.events.update(news)
        self._shown, self._stamp, self._last = shown, stamp, now
        return news

    def _learn_period(self, interval: float) -> None:
        """From pauses, too: they are forgotten within some images, a slow camera is not."""
        if interval <= LONGEST_PERIOD:
            self._period += (0.2 if self._period else 1.0) * (interval - self._period)

    @property
    def seen(self) -> bool:
        """Whether any image has come."""
        return self._last is not None

    def age(self, now: float) -> float:
        """Seconds since the last image; infinite before the first."""
        return float('inf') if self._last is None else now - self._last

    def stale(self, now: float) -> bool:
        """Whether images have stopped to come."""
        return self.age(now) > max(STALE, 3 * self._period)

    def forget(self) -> None:
        """The node stops listening: the next image is no return, and nothing is stale."""
        self._last, self._shown = None, None
