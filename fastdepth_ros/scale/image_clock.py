"""Time that passes from image to image, whatever their stamps do."""

from __future__ import annotations


class ImageClock:
    """Seconds since the first image.

    They pass as the stamps say; where those stand still, or start again, as a steady clock says.
    """

    def __init__(self) -> None:
        self._time = 0.0
        self._last: tuple[float, float] | None = None

    def at(self, stamp: float, now: float) -> float:
        """The time of the image of `stamp`, taken up at `now` of a steady clock; both in s."""
        if self._last is not None:
            by_stamp, by_steady = stamp - self._last[0], now - self._last[1]
            self._time += by_stamp if by_stamp > 0 else by_steady
        self._last = stamp, now
        return self._time
