"""Rooms are varied, the same for the same seed, and nothing stands in anything else."""

import itertools

import numpy as np
import pytest

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.objects import ALONG_WALLS, FREE, thing
from fastdepth_ros.offline.synthesis.furnishing.piece import Piece, Surface
from fastdepth_ros.offline.synthesis.meshes import bounds
from fastdepth_ros.offline.synthesis.room import Room
from fastdepth_ros.offline.synthesis.rooms import random_room
from fastdepth_ros.offline.synthesis.styles import STYLES

DRAWN = Assets.at(None)


def rooms(count: int) -> list[Room]:
    return [random_room(np.random.default_rng([1, n]), DRAWN, STYLES['any']) for n in range(count)]


def test_a_seed_gives_one_room():
    one, other = (random_room(np.random.default_rng(3), DRAWN, STYLES['any']) for _ in range(2))
    assert len(one.meshes) == len(other.meshes)
    for a, b in zip(one.meshes, other.meshes, strict=True):
        assert np.array_equal(a.vertices, b.vertices)
        assert np.array_equal(a.material.texture, b.material.texture)


def test_rooms_differ_in_size_lights_and_number_of_things():
    made = rooms(12)
    assert max(r.depth for r in made) > 1.5 * min(r.depth for r in made)
    assert len({len(r.meshes) for r in made}) > 8
    assert len({len(r.lights) for r in made}) > 2
    assert all(r.lights for r in made)


def test_footprints_do_not_overlap():
    for room in rooms(8):
        for one, other in itertools.combinations(room.taken[-12:], 2):
            apart = one[2] < other[0] or other[2] < one[0]
            assert apart or one[3] < other[1] or other[3] < one[1]


def test_there_is_no_room_for_a_piece_outside_or_on_another():
    room = Room(4, 4, 2.5, STYLES['any'])
    piece = Piece([], 1, 1, [Surface(0, 0, 1, 1, 0.7)])
    assert room.place(piece, 2, 2)
    assert not room.place(piece, 2.5, 2)
    assert not room.place(piece, 3.8, 2)
    assert room.surfaces == [Surface(2, 2, 1, 1, 0.7)]


@pytest.mark.parametrize('kind', [*dict.fromkeys((*ALONG_WALLS, *FREE, thing))])
def test_a_piece_is_as_large_as_the_floor_it_takes(kind):
    for seed in range(6):
        piece = kind(np.random.default_rng(seed), DRAWN)
        low, high = bounds(piece.meshes)
        assert low[2] == pytest.approx(0, abs=0.05)
        assert 0.015 < high[2] < 2.5
        assert (high - low)[:2] == pytest.approx((piece.width, piece.depth), abs=0.35)
        for top in piece.tops:
            assert 0.05 < top.z <= high[2] + 0.06


def test_tops_turn_with_their_piece():
    piece = Piece([], 2, 1, [Surface(0.5, 0, 1.8, 0.8, 0.7)]).moved(1, 1, 0, np.pi / 2)
    (top,) = piece.tops
    assert (top.x, top.y) == pytest.approx((1, 1.5))
    assert (top.width, top.depth) == (0.8, 1.8)
