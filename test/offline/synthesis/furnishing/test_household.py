"""Things have the sizes in which they are sold or built, and rooms hold them by the style."""

import functools
import math

import numpy as np
import pytest

from fastdepth_ros.offline.synthesis.assets import Assets
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
)
from fastdepth_ros.offline.synthesis.furnishing.purposes import PURPOSES, TABLES
from fastdepth_ros.offline.synthesis.meshes import bounds
from fastdepth_ros.offline.synthesis.room import Room
from fastdepth_ros.offline.synthesis.rooms import random_room
from fastdepth_ros.offline.synthesis.styles import STYLES

DRAWN = Assets.at(None)
EVERY = [
    *dict.fromkeys(
        kind
        for style in (STYLES['home'], STYLES['office'], *PURPOSES, *TABLES)
        for kind in (*style.small, *style.along_walls, *style.free)
    ),
]


def sizes(kind, count: int = 20) -> np.ndarray:
    """(count, 3) m: width, depth, height."""
    made = [kind(np.random.default_rng(seed), DRAWN) for seed in range(count)]
    return np.array([np.subtract(*bounds(piece.meshes)[::-1]) for piece in made])


@pytest.mark.parametrize('kind', EVERY)
def test_a_thing_stands_on_the_floor_it_takes(kind):
    for seed in range(8):
        piece = kind(np.random.default_rng(seed), DRAWN)
        low, high = bounds(piece.meshes)
        assert low[2] == pytest.approx(0, abs=0.01)
        assert (high - low)[0] <= piece.width + 0.2
        assert (high - low)[1] <= piece.depth + 0.2
        for top in piece.tops:
            assert low[0] - 0.01 <= top.x - top.width / 2
            assert top.x + top.width / 2 <= high[0] + 0.01
            assert low[1] - 0.01 <= top.y - top.depth / 2
            assert top.y + top.depth / 2 <= high[1] + 0.01


@pytest.mark.parametrize(
    ('kind', 'axis', 'least', 'most'),
    [
        (household.keyboard, 0, 0.28, 0.46),  # ISO 9241-410 leaves 19 mm a key
        (household.can, 2, 0.1, 0.15),
        (household.mug, 2, 0.08, 0.11),
        (household.bottle, 2, 0.2, 0.33),
        (household.paper, 1, 0.29, 0.42),  # ISO 216: A4
        (household.binders, 2, 0.318, 0.318),
        (household.office_chair, 2, 0.9, 1.25),
        (home.bed, 1, 2.05, 2.2),
        (home.couch, 2, 0.75, 1.0),
        (home.bookcase, 2, 1.06, 2.34),  # with what stands on the top board
        (home.wardrobe, 1, 0.55, 0.65),
        (home.door, 2, 2.08, 2.18),  # with its frame
        (home.bathtub, 0, 1.7, 1.7),
        (home.low_table, 1, 0.45, 0.9),
        (kitchen.units, 0, 1.2, 5.6),  # 40, 60 and 80 cm, EN 1116
        (kitchen.units, 2, 1.1, 2.4),
        (kitchen.laid_table, 2, 0.73, 1.2),
        (kitchen.jar, 2, 0.09, 0.25),
        (kitchen.kitchen_roll, 2, 0.1, 0.3),
        (kitchen.spray, 2, 0.17, 0.28),
        (kitchen.glass, 2, 0.08, 0.22),
        (kitchen.chopping_board, 0, 0.2, 0.3),
        (textiles.made_bed, 1, 2.0, 2.4),
        (textiles.soft_couch, 2, 0.7, 1.1),
        (textiles.shoes, 1, 0.23, 0.45),
        (textiles.plush, 2, 0.15, 0.5),
        (textiles.house_plant, 2, 0.1, 0.75),
        (seating.visitor_chair, 2, 0.8, 0.9),
        (seating.stacking_chair, 2, 0.6, 0.95),
        (office.filing_cabinet, 2, 0.7, 1.32),
        (office.shutter_cabinet, 2, 0.79, 1.9),
        (office.files, 1, 0.35, 0.36),
        (office.lockers, 2, 1.8, 1.95),
        (stores.shop_shelf, 2, 1.35, 2.2),
        (stores.rack, 2, 1.8, 2.21),
        (office.copier, 2, 1.0, 1.25),
        (office.water_cooler, 2, 1.4, 1.4),
        (stores.counter, 2, 1.05, 1.15),
        (office.bin_, 2, 0.28, 0.82),
        (office.tall_plant, 2, 1.0, 2.6),
        (small_things.paper_cup, 2, 0.09, 0.15),
        (provisions.goods, 0, 0.11, 0.33),
        (provisions.tin, 2, 0.07, 0.12),
        (provisions.pouch, 0, 0.1, 0.26),
        (provisions.carrier_bag, 2, 0.32, 0.5),
        (provisions.open_carton, 2, 0.11, 0.56),
        (provisions.magazine, 1, 0.21, 0.298),  # ISO 216: A4, A5
        (provisions.flask, 2, 0.22, 0.36),
        (provisions.teapot, 2, 0.09, 0.24),
        (electronics.handset, 0, 0.046, 0.171),
        (electronics.headphones, 0, 0.15, 0.2),
        (electronics.loudspeaker, 2, 0.07, 0.35),
        (electronics.fan, 2, 0.3, 0.55),
        (electronics.circuit_board, 2, 0.006, 0.026),
        (tools.drill, 2, 0.19, 0.22),
        (tools.tool_box, 0, 0.37, 0.57),
        (tools.paint_pot, 2, 0.1, 0.32),
        (tools.workbench, 2, 0.8, 2.0),
        (toys.toy_car, 0, 0.08, 0.36),
        (toys.sports_ball, 2, 0.066, 0.24),
        (toys.globe, 2, 0.3, 0.42),
        (toys.die, 2, 0.05, 0.17),
        (toys.cap, 0, 0.18, 0.41),
        (toys.picture_frame, 2, 0.08, 0.3),
    ],
)
def test_sizes_are_those_of_the_trade(kind, axis, least, most):
    found = sizes(kind)[:, axis]
    assert least - 1e-6 <= found.min()
    assert found.max() <= most + 1e-6


def test_televisions_are_of_32_to_65_inches():
    for seed in range(20):
        piece = home.television(np.random.default_rng(seed), DRAWN)
        screens = [m for m in piece.meshes if 0.04 < np.ptp(m.vertices[:, 1]) < 0.06]
        width, _, height = max(np.ptp(m.vertices, axis=0).tolist() for m in screens)
        assert 32 * 0.0254 - 0.01 < math.hypot(width, height) < 65 * 0.0254 + 0.01


def test_homes_are_fuller_than_other_rooms():
    pieces = {name: np.mean([len(room.taken) for room in rooms(name)]) for name in STYLES}
    assert pieces['home'] > 1.15 * pieces['household']


def test_screens_are_of_19_to_27_inches():
    for width, _, height in sizes(household.monitor):
        stand = height - 0.16  # at most, of the foot
        assert 19 * 0.0254 * 0.75 < width < 27 * 0.0254
        assert math.hypot(width, stand) < 28 * 0.0254


@functools.cache
def rooms(style: str) -> list[Room]:
    return [random_room(np.random.default_rng([2, n]), DRAWN, STYLES[style]) for n in range(8)]


def share_at_table_height(style: str) -> float:
    """Of all tops."""
    heights = [surface.z for room in rooms(style) for surface in room.surfaces]
    return np.mean([0.7 <= z <= 0.76 for z in heights])


def test_the_style_decides_how_many_tops_have_the_height_of_tables():
    assert share_at_table_height('household') > 2 * share_at_table_height('any')


def standing(style: str) -> float:
    """Meshes that stand on a top, by top."""
    things = tops = 0
    for room in rooms(style):
        levels = {surface.z for surface in room.surfaces}
        things += sum(mesh.vertices[:, 2].min() in levels for mesh in room.meshes)
        tops += len(room.surfaces)
    return things / tops


def test_more_stands_on_tops_in_the_household_style():
    assert standing('household') > 1.5 * standing('any')
