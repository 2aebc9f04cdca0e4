"""What rooms and views are like: what differs between kinds of data sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastdepth_ros.offline.synthesis import home, household
from fastdepth_ros.offline.synthesis.household import Maker


@dataclass(frozen=True)
class Style:
    """Shares are from 0 to 1."""

    files: float  # share of things, models of the assets' folder
    household: float  # share of drawn things, those in the sizes in which they are sold
    along_walls: Sequence[Maker]  # furniture in such sizes
    free: Sequence[Maker]
    full: float  # how full of furniture the emptiest room is
    things: float  # how many stand on a top, times the usual
    tabletops: float  # share of views, those that look at the things on a top
    farthest: float  # m, of which such a view is taken at most
    dull: float  # share kept of views without depth or right before a wall
    plane: float  # share of a view that one plane may fill at most


_ANY = Style(
    files=0.5,
    household=0,
    along_walls=(),
    free=(),
    full=0,
    things=1,
    tabletops=0.22,
    farthest=1.4,
    dull=0.1,
    plane=1,
)
_HOUSEHOLD = replace(
    _ANY,
    household=0.75,
    along_walls=household.ALONG_WALLS,
    free=household.FREE,
    things=4,
    tabletops=0.4,
    farthest=2.2,
    dull=0.02,
    plane=0.8,
)
_HOME = replace(
    _HOUSEHOLD,
    files=0.3,
    household=0.85,
    along_walls=(*household.ALONG_WALLS, *home.ALONG_WALLS),
    free=(*household.FREE, *home.FREE),
    full=0.5,
    tabletops=0.2,
)
STYLES = {'any': _ANY, 'household': _HOUSEHOLD, 'home': _HOME}
