"""What rooms and views are like: shares that differ between kinds of data sets."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Style:
    """Shares are from 0 to 1."""

    household: float  # share of drawn things, those in the sizes in which they are sold
    things: float  # how many stand on a top, times the usual
    tabletops: float  # share of views, those that look at the things on a top
    farthest: float  # m, of which such a view is taken at most
    dull: float  # share kept of views without depth or right before a wall
    plane: float  # share of a view that one plane may fill at most


STYLES = {
    'any': Style(household=0, things=1, tabletops=0.22, farthest=1.4, dull=0.1, plane=1),
    'household': Style(
        household=0.75, things=4, tabletops=0.4, farthest=2.2, dull=0.02, plane=0.8
    ),
}
