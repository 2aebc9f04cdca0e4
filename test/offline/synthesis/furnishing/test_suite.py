"""Rooms that open into furnished ones, seen through, and what they hold beside a dwelling's."""

import math
from dataclasses import replace

import numpy as np
import pytest

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.cameras import random_camera
from fastdepth_ros.offline.synthesis.furnishing import belongings, cookware, fitted
from fastdepth_ros.offline.synthesis.furnishing.overhead import OVERHEAD
from fastdepth_ros.offline.synthesis.furnishing.piece import Surface, centred
from fastdepth_ros.offline.synthesis.furnishing.suites import SUITES
from fastdepth_ros.offline.synthesis.lights import ceiling_lamp
from fastdepth_ros.offline.synthesis.materials import Material
from fastdepth_ros.offline.synthesis.meshes import bounds, box
from fastdepth_ros.offline.synthesis.openings import Opening, adjoining, pierced
from fastdepth_ros.offline.synthesis.room import Passage, Room
from fastdepth_ros.offline.synthesis.rooms import random_room
from fastdepth_ros.offline.synthesis.styles import STYLES

DRAWN = Assets.at(None)
STYLE = STYLES['suite']
PLAIN = Material(np.zeros((4, 4, 3), np.uint8))
FITTED = [
    *(fitted.larder, fitted.sideboard, fitted.wall_unit, fitted.fireplace, fitted.bunk_bed),
    *(fitted.cot, fitted.dressing_table, fitted.piano, fitted.trolley, fitted.bench),
    *(fitted.high_chair, fitted.console, fitted.standard_lamp),
]
STANDING = list(dict.fromkeys((*FITTED, *belongings.BELONGINGS, *cookware.COOKWARE)))


@pytest.mark.parametrize('kind', STANDING)
def test_a_piece_stands_on_the_floor_that_it_takes(kind):
    for seed in range(6):
        piece = kind(np.random.default_rng(seed), DRAWN)
        low, high = bounds(piece.meshes)
        assert low[2] == pytest.approx(0, abs=0.05)
        assert 0.03 < high[2] < 2.4
        assert np.all(high[:2] - low[:2] <= np.add((piece.width, piece.depth), 0.35))
        for top in piece.tops:
            assert 0.15 < top.z <= high[2] + 0.06


@pytest.mark.parametrize('kind', list(dict.fromkeys(OVERHEAD)))
def test_what_hangs_from_a_ceiling_is_below_it(kind):
    for seed in range(6):
        low, high = bounds(kind(np.random.default_rng(seed), DRAWN).meshes)
        assert high[2] == pytest.approx(0, abs=0.005)
        assert -1.7 < low[2] < -0.02


def test_what_is_centred_takes_the_floor_about_the_origin():
    piece = centred([box((1, 0.4, 0.7), PLAIN, (2, -0.3, 0))], [Surface(2.1, -0.3, 0.5, 0.3, 0.7)])
    low, high = bounds(piece.meshes)
    assert (low + high)[:2] == pytest.approx((0, 0))
    assert (piece.width, piece.depth) == pytest.approx((1, 0.4))
    assert piece.tops == [Surface(pytest.approx(0.1), 0, 0.5, 0.3, 0.7)]


def test_every_purpose_of_a_suite_is_drawn():
    chosen = {STYLE.of_one_room(np.random.default_rng(n)).along_walls for n in range(120)}
    assert chosen == {purpose.along_walls for purpose in SUITES}


@pytest.mark.parametrize('side', range(4))
def test_the_adjoining_room_lies_behind_its_wall(side):
    """All of it but the wall's own thickness and a door that is open."""
    rng = np.random.default_rng(side)
    room = Room(4, 5, 2.5, STYLE.of_one_room(rng))
    other = adjoining(rng, DRAWN, room, Opening(side, 1.0, 0.9, 2.05, is_door=True))
    start, _, inward = room.side(side)
    inside = np.concatenate([(mesh.vertices - start) @ inward for mesh in other.meshes])
    assert inside.max() < 0.6
    assert inside.min() < -1.7
    assert len(other.meshes) > 20
    for top in other.tops:
        assert (np.array([top.x, top.y, 0]) - start) @ inward < 0
    for light in room.lights:
        assert (light.corner + light.across / 2 - start) @ inward < 0.02


def test_the_way_through_an_opening_is_clear():
    rng = np.random.default_rng(1)
    room = Room(4, 5, 2.5, STYLE.of_one_room(rng))
    opening = Opening(0, 1.0, 0.9, 2.05)
    wall = pierced(rng, room, opening, PLAIN)
    x, y, _ = opening.middle(room)
    assert not room.is_free(x, y + 0.4, 0.5, 0.5)

    def is_wall(x: float) -> bool:
        point = np.array([x, 0, 1.0])
        corners = [bounds([mesh]) for mesh in wall]
        return any(np.all(low <= point) and np.all(point <= high) for low, high in corners)

    assert not is_wall(1.45)
    assert is_wall(0.5)
    assert is_wall(2.5)


def test_most_suites_have_a_second_room_and_its_tops_are_looked_at():
    rooms = [random_room(np.random.default_rng([5, n]), DRAWN, STYLE) for n in range(12)]
    opened = [room for room in rooms if room.passage]
    assert 6 <= len(opened) < 12
    beyond = [
        top
        for room in opened
        for top in room.surfaces
        if not (0 <= top.x <= room.width and 0 <= top.y <= room.depth)
    ]
    assert len(beyond) > len(opened)


def test_nothing_hangs_in_a_passage():
    passage = Passage(2.0, 0.0, 0.9)
    assert passage.is_behind(2.3, 0, 0.5)
    assert passage.is_behind(1.0, 0, 1.2)
    assert not passage.is_behind(3.0, 0, 0.6)


def test_cameras_look_through_the_passage_as_often_as_the_style_says():
    room = Room(5, 4, 2.5, replace(STYLE, through=0.5), passage=Passage(0.0, 1.0, 0.9))
    plain = Room(5, 4, 2.5, replace(STYLE, through=0.0), passage=Passage(0.0, 1.0, 0.9))

    def aimed(room: Room) -> float:
        rng = np.random.default_rng(0)
        off = []
        for _ in range(300):
            camera = random_camera(rng, room, (320, 240))
            x, y, _ = camera.position
            yaw = math.atan2(camera.rotation[1, 2], camera.rotation[0, 2])
            away = yaw - math.atan2(1.0 - y, -x)
            off.append(abs((away + math.pi) % (2 * math.pi) - math.pi))
        return float(np.mean(np.array(off) < 0.3))

    assert aimed(room) > aimed(plain) + 0.2


def test_a_moved_lamp_shines_down_as_before():
    lamp = ceiling_lamp(np.random.default_rng(0), 1.0, 2.0, 2.5)
    moved = lamp.moved(3.0, 0.0, math.pi / 2)
    middle = moved.corner + (moved.across + moved.up) / 2
    assert middle == pytest.approx((1.0, 1.0, 2.48))
    assert moved.normal == pytest.approx(lamp.normal)
