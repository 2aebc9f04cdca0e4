"""What rooms hold that open into each other: purposes.py's, with more furniture and belongings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from fastdepth_ros.offline.synthesis.furnishing import (
    belongings,
    electronics,
    fitted,
    home,
    household,
    kitchen,
    office,
    provisions,
    purposes,
    seating,
    stores,
    textiles,
    toys,
    walls,
)
from fastdepth_ros.offline.synthesis.furnishing.cookware import COOKWARE
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker
from fastdepth_ros.offline.synthesis.furnishing.purposes import Purpose


def _with(
    purpose: Purpose,
    along_walls: Sequence[Maker] = (),
    free: Sequence[Maker] = (),
    small: Sequence[Maker] = (),
    on_walls: Sequence[Maker] = (),
) -> Purpose:
    """The same, and these, too."""
    return replace(
        purpose,
        along_walls=(*purpose.along_walls, *along_walls),
        free=(*purpose.free, *free),
        small=(*purpose.small, *small),
        on_walls=(*purpose.on_walls, *on_walls),
    )


_KITCHEN = _with(
    purposes.KITCHEN,
    along_walls=(
        *(kitchen.units, kitchen.units, fitted.larder, fitted.larder, fitted.sideboard),
        *(fitted.bench, fitted.trolley),
    ),
    free=(
        *(kitchen.laid_table, household.dining_table, fitted.high_chair, fitted.trolley),
        *(belongings.rubbish_bag, belongings.cleaning_things, belongings.step_ladder),
    ),
    small=(*COOKWARE, *COOKWARE, *provisions.PROVISIONS, textiles.house_plant, textiles.folded),
)
_PANTRY = Purpose(  # where an office has its coffee
    along_walls=(
        *(*(kitchen.units,) * 4, kitchen.refrigerator, fitted.larder, office.water_cooler),
        *(office.copier, home.door, office.bin_, office.bin_, office.lockers, fitted.bench),
        office.shutter_cabinet,
    ),
    free=(
        *(*(seating.bistro_table,) * 3, seating.meeting_table, household.dining_table),
        *(kitchen.island, seating.stacking_chair, seating.visitor_chair, office.tall_plant),
        *(office.bin_, stores.carton),
    ),
    small=(
        *(*kitchen.COOKING, *COOKWARE, *provisions.PROVISIONS, *office.SMALL, household.laptop),
        *(household.mug, household.mug, household.paper),
    ),
    on_walls=(*walls.ON_WALLS, kitchen.wall_shelf, kitchen.wall_shelf, textiles.blind),
)
_LIVING = _with(
    purposes.LIVING,
    along_walls=(
        *(fitted.wall_unit, fitted.wall_unit, fitted.sideboard, fitted.sideboard, fitted.console),
        *(fitted.fireplace, fitted.piano, fitted.standard_lamp, belongings.guitar),
        *(belongings.tower_fan, fitted.bench),
    ),
    free=(
        *(household.dining_table, kitchen.laid_table, fitted.trolley, toys.blocks),
        *(toys.sports_ball, belongings.exercise_ball, fitted.standard_lamp, seating.bistro_table),
    ),
    small=(*toys.TOYS, *electronics.DEVICES, provisions.magazine, provisions.magazine),
    on_walls=(walls.poster, walls.poster),
)
_BEDROOM = _with(
    purposes.BEDROOM,
    along_walls=(
        *(fitted.dressing_table, fitted.bunk_bed, fitted.cot, fitted.console, textiles.made_bed),
        *(textiles.made_bed, belongings.storage_boxes, belongings.suitcase, belongings.tower_fan),
        *(belongings.guitar, fitted.standard_lamp),
    ),
    free=(
        *(belongings.suitcase, belongings.ironing_board, belongings.storage_boxes, toys.blocks),
        *(belongings.exercise_ball, belongings.vacuum_cleaner, toys.sports_ball),
    ),
    small=(*toys.TOYS, electronics.handset, electronics.cable, provisions.magazine),
)
_BATH = _with(
    purposes.BATH,
    along_walls=(home.bathtub, home.washbasin, belongings.cleaning_things, fitted.trolley),
    free=(belongings.cleaning_things, belongings.storage_boxes, belongings.ironing_board),
)
_STUDY = _with(
    purposes.STUDY,
    along_walls=(
        *(home.bookcase, fitted.sideboard, belongings.storage_boxes, belongings.guitar),
        *(office.filing_cabinet, belongings.tower_fan, belongings.suitcase),
    ),
    free=(belongings.storage_boxes, household.workplace, fitted.standard_lamp),
    small=electronics.DEVICES,
    on_walls=(walls.pinboard, walls.whiteboard),
)
_HALL = Purpose(
    along_walls=(
        *(fitted.console, fitted.console, fitted.bench, fitted.bench, home.wardrobe, home.drawers),
        *(home.door, home.door, home.radiator, office.coat_stand, belongings.bicycle),
        *(*belongings.BELONGINGS, household.white_goods, home.bookcase, office.tall_plant),
    ),
    free=(
        *belongings.BELONGINGS,
        textiles.shoes,
        textiles.bag,
        stores.carton,
        provisions.open_carton,
    ),
    small=(
        *(*provisions.PROVISIONS, *toys.TOYS, textiles.house_plant, textiles.folded),
        *(household.paper, household.books, electronics.handset),
    ),
    on_walls=(textiles.coats, textiles.coats, walls.poster, walls.poster, walls.fixture),
)
SUITES = (
    *(_KITCHEN, _KITCHEN, _KITCHEN, _KITCHEN, _PANTRY, _LIVING, _LIVING, _LIVING),
    *(_BEDROOM, _BEDROOM, _BEDROOM, _BATH, _STUDY, _HALL),
)
