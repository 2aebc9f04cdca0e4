"""What a kitchen, a living room, a bedroom, a bath or a study holds; a room has one purpose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastdepth_ros.offline.synthesis.furnishing import (
    home,
    household,
    kitchen,
    office,
    seating,
    small_things,
    stores,
    textiles,
    walls,
)
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker


@dataclass(frozen=True)
class Purpose:
    """Makers by place, each as often as it is named."""

    along_walls: Sequence[Maker]
    free: Sequence[Maker]
    small: Sequence[Maker]  # on tops
    on_walls: Sequence[Maker]


_HUNG = (walls.poster, walls.poster, walls.fixture)
KITCHEN = Purpose(
    along_walls=(
        *(*(kitchen.units,) * 4, kitchen.refrigerator, kitchen.refrigerator),
        *(household.white_goods, home.door, home.radiator, home.bookcase, office.bin_),
    ),
    free=(
        *(kitchen.laid_table, kitchen.laid_table, household.dining_table, kitchen.island),
        *(seating.bistro_table, office.bin_, textiles.bag, stores.crate),
    ),
    small=kitchen.COOKING,
    on_walls=(
        *(kitchen.wall_shelf, kitchen.wall_shelf, kitchen.utensil_rail, textiles.towel),
        *(textiles.blind, textiles.curtain, *_HUNG),
    ),
)
LIVING = Purpose(
    along_walls=(
        *(*(textiles.soft_couch,) * 3, home.couch, home.television, home.television),
        *(home.bookcase, home.bookcase, home.drawers, home.floor_lamp, home.door),
        *(home.radiator, household.workplace, office.tall_plant, textiles.bean_bag),
    ),
    free=(
        *(textiles.rug_and_table, textiles.rug_and_table, home.low_table, textiles.soft_couch),
        *(textiles.bean_bag, office.tall_plant, kitchen.laid_table, textiles.bag),
    ),
    small=(
        *(*household.SMALL, textiles.house_plant, textiles.house_plant, textiles.plush),
        *(small_things.fruit, kitchen.tray, kitchen.glass, kitchen.jar, textiles.folded),
    ),
    on_walls=(
        *(*(textiles.curtain,) * 3, textiles.blind, walls.wall_screen, kitchen.wall_shelf),
        *_HUNG,
    ),
)
BEDROOM = Purpose(
    along_walls=(
        *(*(textiles.made_bed,) * 3, home.bed, home.wardrobe, home.wardrobe, home.drawers),
        *(home.drawers, home.night_table, home.night_table, household.workplace, home.bookcase),
        *(textiles.laundry, home.door, home.radiator, home.floor_lamp),
    ),
    free=(
        *(textiles.made_bed, textiles.laundry, textiles.clothes, textiles.clothes),
        *(textiles.airer, textiles.bean_bag, textiles.bag, textiles.shoes, textiles.plush),
    ),
    small=(
        *(household.books, household.books, household.mug, household.desk_lamp, household.bottle),
        *(household.packet, household.paper, household.laptop, textiles.clothes, textiles.plush),
        *(textiles.folded, textiles.house_plant, kitchen.spray, small_things.backpack),
    ),
    on_walls=(textiles.curtain, textiles.curtain, textiles.blind, textiles.coats, *_HUNG),
)
BATH = Purpose(
    along_walls=(
        *(home.toilet, home.bathtub, home.washbasin, home.washbasin, household.white_goods),
        *(home.drawers, textiles.laundry, home.radiator, home.door),
    ),
    free=(textiles.laundry, textiles.airer, textiles.clothes, textiles.shoes, office.bin_),
    small=(
        *(kitchen.spray, kitchen.spray, kitchen.spray, kitchen.jar, kitchen.kitchen_roll),
        *(kitchen.glass, household.bottle, textiles.folded, textiles.folded, textiles.house_plant),
    ),
    on_walls=(textiles.towel, textiles.towel, textiles.towel, textiles.blind, walls.fixture),
)
STUDY = Purpose(
    along_walls=(
        *(household.workplace, household.workplace, household.workplace, home.bookcase),
        *(home.bookcase, office.files, home.drawers, textiles.made_bed, home.door, office.bin_),
    ),
    free=(
        *(household.workplace, household.office_chair, textiles.bag, textiles.bean_bag),
        *(stores.carton, textiles.clothes, textiles.shoes),
    ),
    small=(*household.SMALL, *office.SMALL, textiles.house_plant, textiles.plush),
    on_walls=(textiles.curtain, textiles.blind, textiles.coats, kitchen.wall_shelf, *_HUNG),
)
PURPOSES = (KITCHEN, KITCHEN, KITCHEN, LIVING, LIVING, BEDROOM, BEDROOM, BATH, STUDY)
