"""Holds the process to a share of one core, by leaving images out evenly."""

from __future__ import annotations

SAVED = 0.25  # s of the budget that may be saved up: a pause must not be caught up on
OWED = 2.0  # s of the budget that may be owed for anything but an image that was processed
PAUSE = 10.0  # s without a question, after which that image is not what the time went into


class CpuGovernor:
    """Lets an image pass while the CPU time used is below what the budget has allowed so far.

    All the CPU time of the process counts, also that for images that are left out. Over any 10 s
    it stays below the budget by at most one image, and above by at most SAVED / 10 of it and one
    image. Where leaving everything out is not enough, `exceeded` says so; of what that costs no
    more than OWED is owed afterwards.
    """

    def __init__(self, budget: float) -> None:
        """`budget`: share of one core, as 0.5; 0 lets everything pass."""
        self.budget = budget
        self._credit = 0.0  # s of CPU time
        self._last: tuple[float, float] | None = None

    @property
    def exceeded(self) -> bool:
        """Whether more than a second's budget is owed: receiving alone costs more."""
        return bool(self.budget) and self._credit < -self.budget

    def passes(self, now: float, cpu: float) -> bool:
        """Whether to process an image at `now`; `cpu` is time.process_time(), both in seconds."""
        if not self.budget:
            return True
        if self._last is not None:
            passed, used = now - self._last[0], cpu - self._last[1]
            credit = self._credit + self.budget * passed - used
            if self._credit < 0 or passed > PAUSE:  # no image was processed
                credit = max(credit, min(self._credit, -OWED * self.budget))
            self._credit = min(credit, SAVED * self.budget)
        self._last = (now, cpu)
        return self._credit >= 0
