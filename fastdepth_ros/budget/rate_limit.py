"""At most so many images a second, spread evenly."""

from __future__ import annotations

EARLY = 0.25  # of a period: a camera's jitter must not turn each second image into each third


class RateLimit:
    """Chooses which images to process. Over time they are never more than `rate` a second.

    Due times lie on a grid of 1 / rate, and an image may be a little early for its own. After a
    pause the grid starts anew, so that nothing is caught up on.
    """

    def __init__(self, rate: float) -> None:
        """`rate` in Hz; 0 lets everything pass."""
        self._period = 1 / rate if rate else 0.0
        self._due: float | None = None

    def passes(self, now: float) -> bool:
        """Whether an image of time `now`, seconds of a steady clock, is to be processed."""
        if not self._period:
            return True
        due = now if self._due is None else self._due
        if now < due - EARLY * self._period:
            return False
        late = now - due > self._period
        self._due = (now if late else due) + self._period
        return True
