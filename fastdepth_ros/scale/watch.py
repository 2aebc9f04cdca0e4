"""Whether a source of scale does its work, and what to say where it does not."""

from __future__ import annotations

PAUSE = 5.0  # s without images: what was before does not count


class SourceWatch:
    """One source; times are seconds of a steady clock."""

    def __init__(self, name: str, silence: str, patience: float) -> None:
        """`silence` says what to look at when nothing comes; `patience` s are waited before."""
        self.name, self._silence, self._patience = name, silence, patience
        self.reason = ''  # of the last rejection
        self.rejected = 0
        self._asked = self._good = self._said = float('-inf')

    def asked(self, now: float) -> None:
        """An image has come that it could be of use for."""
        if now - self._asked > PAUSE:
            self._good = now
        self._asked = now

    def accepted(self, now: float) -> None:
        """It has measured the scale, whether that was needed or not."""
        self._good = now

    def refused(self, now: float, reason: str) -> None:
        """What it said was no use."""
        self._said, self.reason = now, reason
        self.rejected += 1

    def problem(self, now: float) -> str:
        """'' while it works, is young, or no images come."""
        since = self._asked - self._good
        if since <= self._patience or now - self._asked > PAUSE:
            return ''
        silent = self._asked - self._said > self._patience
        why = self._silence if silent else self.reason
        return f'no scale by {self.name} for {since:.0f} s: {why}'
