"""What rooms and views are like: what differs between kinds of data sets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from fastdepth_ros.offline.synthesis.decor import DecorMaker, natural_decor, random_decor
from fastdepth_ros.offline.synthesis.furnishing import (
    home,
    household,
    office,
    seating,
    stores,
    walls,
)
from fastdepth_ros.offline.synthesis.furnishing.overhead import OVERHEAD
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker
from fastdepth_ros.offline.synthesis.furnishing.purposes import PURPOSES, TABLES, Purpose
from fastdepth_ros.offline.synthesis.furnishing.suites import SUITES
from fastdepth_ros.offline.synthesis.materials import Random


@dataclass(frozen=True)
class Style:
    """Shares are from 0 to 1."""

    files: float  # share of things, models of the assets' folder
    household: float  # share of drawn things, those in the sizes in which they are sold
    along_walls: Sequence[Maker]  # furniture in such sizes
    free: Sequence[Maker]
    small: Sequence[Maker]  # what stands on tops
    on_walls: Sequence[Maker]  # what hangs on them, beside pictures and doors
    decor: DecorMaker | None  # the few materials that a room is of
    corridors: float  # share of rooms
    halls: float  # share of rooms
    full: float  # how full of furniture the emptiest room is
    things: float  # how many stand on a top, times the usual
    tabletops: float  # share of views, those that look at the things on a top
    farthest: float  # m, of which such a view is taken at most
    dull: float  # share kept of views without depth or right before a wall
    plane: float  # share of a view that one plane may fill at most
    width: tuple[float, float] = (2.4, 6)  # m, of what is neither corridor nor hall
    depth: tuple[float, float] = (2.6, 7.5)
    roll: float = 2.0  # degrees, the standard deviation over views
    packed: bool = False  # whether things stand close on tops, large ones of which are seen more
    openings: float = 0.4  # share of rooms with one in a wall
    adjoining: bool = False  # whether another furnished room is behind it, or a bare one
    through: float = 0.0  # share of views not of a top, those through such an opening
    overhead: Sequence[Maker] = ()  # what hangs from ceilings, beside their lamps
    purposes: Sequence[Purpose] = ()  # one of which decides what a room holds

    def of_one_room(self, rng: Random) -> Style:
        """The same with the furniture of one purpose, if there are any."""
        if not self.purposes:
            return self
        purpose = self.purposes[int(rng.integers(len(self.purposes)))]
        return replace(
            self,
            along_walls=purpose.along_walls,
            free=purpose.free,
            small=purpose.small,
            on_walls=purpose.on_walls,
        )


_ANY = Style(
    files=0.5,
    household=0,
    along_walls=(),
    free=(),
    small=(),
    on_walls=(),
    decor=None,
    corridors=0.12,
    halls=0.15,
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
    small=household.SMALL,
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
_OFFICE = replace(
    _HOME,
    files=0.15,
    household=0.92,
    along_walls=(
        *(household.workplace, household.fitted_kitchen, household.white_goods),
        *(home.couch, home.bookcase, home.door, home.door, home.radiator),
        *office.ALONG_WALLS,
    ),
    free=(household.workplace, household.dining_table, home.low_table, *office.FREE),
    small=(*household.SMALL, *office.SMALL),
    on_walls=walls.ON_WALLS,
    decor=random_decor,
    corridors=0.15,
    halls=0.35,
    tabletops=0.25,
    dull=0,
    plane=0.65,
)
_APARTMENT = replace(
    _OFFICE,
    along_walls=(*household.ALONG_WALLS, *household.ALONG_WALLS, *home.ALONG_WALLS, office.bin_),
    free=(
        *(household.workplace, household.dining_table, household.dining_table, home.low_table),
        *(home.couch, seating.bistro_table, office.tall_plant, seating.stacking_chair),
        stores.crate,
    ),
    on_walls=(*(walls.poster,) * 3, walls.fixture),
    corridors=0.1,
    halls=0.1,
    tabletops=0.35,
)
_DWELLING = replace(
    _APARTMENT,
    files=0.08,
    purposes=PURPOSES,
    corridors=0.05,
    halls=0.05,
    full=0.8,
    things=9,
    tabletops=0.4,
    farthest=1.7,
    plane=0.55,
    width=(2.2, 4.5),
    depth=(2.5, 6),
)
_TABLETOP = replace(
    _DWELLING,
    decor=natural_decor,
    files=0.12,
    household=0.96,
    purposes=TABLES,
    corridors=0,
    halls=0.3,
    packed=True,
    things=28,
    roll=5.0,
    tabletops=0.75,
    farthest=2.3,
    width=(2.4, 5),
)
_SUITE = replace(
    _DWELLING,
    decor=natural_decor,
    household=0.95,
    purposes=SUITES,
    halls=0.15,
    full=0.7,
    openings=0.75,
    adjoining=True,
    through=0.3,
    overhead=OVERHEAD,
    roll=3.0,
    tabletops=0.35,
    farthest=2.0,
    width=(2.2, 5),
    depth=(2.5, 6.5),
)
STYLES = {
    'any': _ANY,
    'household': _HOUSEHOLD,
    'home': _HOME,
    'apartment': _APARTMENT,
    'dwelling': _DWELLING,
    'office': _OFFICE,
    'tabletop': _TABLETOP,
    'suite': _SUITE,
}
