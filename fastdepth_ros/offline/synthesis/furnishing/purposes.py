"""What a kitchen, a living room, ... or a workshop holds; a room has one purpose."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from fastdepth_ros.offline.synthesis.furnishing import (
    electronics,
    home,
    household,
    kitchen,
    office,
    provisions,
    seating,
    small_things,
    stores,
    textiles,
    tools,
    toys,
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
_STREWN = (*provisions.PROVISIONS, *electronics.DEVICES, *toys.TOYS)
WORKSHOP = Purpose(
    along_walls=(
        *(*(tools.workbench,) * 4, stores.rack, stores.rack, office.shutter_cabinet),
        *(office.lockers, home.door, office.bin_, stores.carton, household.workplace),
    ),
    free=(
        *(tools.workbench, tools.workbench, stores.pallet, stores.crate, office.bin_),
        *(household.office_chair, stores.carton, tools.tool_box, household.dining_table),
    ),
    small=(
        *(*tools.TOOLS, *tools.TOOLS, *electronics.DEVICES, *provisions.PROVISIONS),
        *(household.mug, household.bottle, household.paper, household.desk_lamp, household.laptop),
    ),
    on_walls=(tools.hung_tools, tools.hung_tools, kitchen.wall_shelf, walls.fixture, walls.poster),
)
DESKS = Purpose(
    along_walls=(
        *(*(household.workplace,) * 4, office.files, home.bookcase, home.drawers, home.door),
        *(office.shutter_cabinet, office.bin_, office.coat_stand, home.radiator),
    ),
    free=(
        *(seating.desks, seating.desks, household.workplace, household.workplace),
        *(seating.meeting_table, household.office_chair, office.partition, office.tall_plant),
    ),
    small=(
        *(*household.SMALL, *household.SMALL, *office.SMALL, *electronics.DEVICES),
        *(*electronics.DEVICES, *_STREWN, electronics.fan, textiles.house_plant, textiles.plush),
    ),
    on_walls=walls.ON_WALLS,
)
DINING = Purpose(
    along_walls=(
        *(kitchen.units, kitchen.units, home.drawers, home.bookcase, textiles.soft_couch),
        *(kitchen.refrigerator, home.door, home.radiator, home.floor_lamp, office.bin_),
    ),
    free=(
        *(household.dining_table, household.dining_table, seating.bistro_table, kitchen.island),
        *(kitchen.laid_table, textiles.rug_and_table, home.low_table, office.tall_plant),
    ),
    small=(
        *(*kitchen.COOKING, *provisions.PROVISIONS, *provisions.PROVISIONS, *toys.TOYS),
        *(household.books, household.paper, household.laptop, textiles.house_plant),
        *(electronics.handset, electronics.cable, provisions.goods, provisions.teapot),
    ),
    on_walls=(kitchen.wall_shelf, textiles.curtain, textiles.blind, kitchen.utensil_rail, *_HUNG),
)
LOUNGE = Purpose(
    along_walls=(
        *(*(textiles.soft_couch,) * 3, home.television, home.bookcase, home.bookcase),
        *(home.drawers, home.floor_lamp, office.tall_plant, home.door, textiles.bean_bag),
    ),
    free=(
        *(textiles.rug_and_table, textiles.rug_and_table, home.low_table, home.low_table),
        *(textiles.soft_couch, household.dining_table, textiles.bean_bag, toys.blocks),
        *(toys.sports_ball, provisions.open_carton, textiles.bag),
    ),
    small=(
        *(*_STREWN, *_STREWN, household.mug, household.can, household.bottle, kitchen.glass),
        *(kitchen.tray, small_things.fruit, household.dish, household.books, household.books),
        *(textiles.plush, textiles.folded, household.laptop, textiles.house_plant),
    ),
    on_walls=(textiles.curtain, textiles.curtain, textiles.blind, walls.wall_screen, *_HUNG),
)
TABLES = (WORKSHOP, DESKS, DESKS, DINING, DINING, LOUNGE, LOUNGE)
