"""What came of a fault, and the table of all of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

ROW = '{:<22}{:>6}{:>16}{:>16}{:>12}  {:<5}{}'
HEAD = ROW.format('fault', 'times', 'recovered in s', 'longest gap s', 'exceptions', 'ok', 'note')


@dataclass
class Outcome:
    """Of one fault, injected once or more often."""

    limit: float  # s in which the node must have recovered
    recovered: list[float] = field(default_factory=list)  # s; infinite where it did not
    gap: float | None = None  # s, the longest without a depth, where it must go on meanwhile
    problems: list[str] = field(default_factory=list)  # what else must not be
    exceptions: int = 0  # tracebacks that the node has printed
    note: str = ''

    @property
    def ok(self) -> bool:
        """Whether all is as promised."""
        slowest = max([*self.recovered, self.gap or 0.0])
        return slowest < self.limit and not self.problems and not self.exceptions

    def to_json(self) -> dict[str, Any]:
        """Its figures; None for what never came."""
        times = [None if math.isinf(seconds) else seconds for seconds in self.recovered]
        return {
            'recovered_s': times,
            'longest_gap_s': self.gap,
            'limit_s': self.limit,
            'exceptions_escaped': self.exceptions,
            'problems': self.problems,
            'note': self.note,
            'ok': self.ok,
        }

    def row(self, name: str) -> str:
        """Of the table; the slowest recovery counts."""
        slowest = f'{max(self.recovered):.2f}' if self.recovered else '-'
        gap = '-' if self.gap is None else f'{self.gap:.2f}'
        note = '; '.join([*self.problems, *filter(None, [self.note])])
        times, ok = len(self.recovered), 'yes' if self.ok else 'NO'
        return ROW.format(name, times, slowest, gap, self.exceptions, ok, note).rstrip()


def table(outcomes: Sequence[tuple[str, Outcome]]) -> str:
    """For people."""
    return '\n'.join([HEAD, *(outcome.row(name) for name, outcome in outcomes)])
