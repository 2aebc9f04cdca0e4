"""Rooms with one purpose: what belongs there, of real sizes, much of it of cloth."""

import math

import numpy as np
import pytest

from fastdepth_ros.offline.synthesis.assets import WHITE, Assets
from fastdepth_ros.offline.synthesis.furnishing import kitchen, purposes, textiles
from fastdepth_ros.offline.synthesis.furnishing.purposes import PURPOSES
from fastdepth_ros.offline.synthesis.materials import Material
from fastdepth_ros.offline.synthesis.rooms import random_room
from fastdepth_ros.offline.synthesis.styles import STYLES

DRAWN = Assets.at(None)
CLOTH = Material(WHITE, tile=0.4)


def test_a_spread_lies_on_its_rectangle_and_hangs_over_the_edges():
    rng = np.random.default_rng(0)
    points = textiles.spread(rng, CLOTH, 1.4, 2.0, 0.5, 0.2, 0.03).vertices
    inside = (np.abs(points[:, 0]) < 0.69) & (np.abs(points[:, 1]) < 0.99)
    assert points[inside, 2].min() > 0.5
    assert points[:, 2].min() == pytest.approx(0.32, abs=0.05)
    assert np.ptp(points[:, 0]) == pytest.approx(1.45, abs=0.1)


def test_a_spread_does_not_sink_into_the_floor():
    points = textiles.spread(np.random.default_rng(0), CLOTH, 1.4, 2.0, 0.3, 0.8, 0.03).vertices
    assert points[:, 2].min() > 0


def test_bumps_are_smooth():
    noise = textiles.bumps(np.random.default_rng(0), 40, 50, 5)
    assert noise.shape == (40, 50)
    assert np.abs(noise).max() < 1.5
    assert np.abs(np.diff(noise, axis=0)).max() < 0.5 * np.ptp(noise)


def test_a_room_holds_what_belongs_to_one_purpose():
    style = STYLES['dwelling']
    chosen = [style.of_one_room(np.random.default_rng(n)) for n in range(60)]
    found = {
        purpose.along_walls
        for one in chosen
        for purpose in PURPOSES
        if (one.along_walls, one.free, one.small, one.on_walls)
        == (purpose.along_walls, purpose.free, purpose.small, purpose.on_walls)
    }
    assert len(found) == len(set(PURPOSES))
    assert textiles.made_bed not in purposes.BATH.along_walls
    assert STYLES['apartment'].of_one_room(np.random.default_rng(0)) is STYLES['apartment']


def test_its_things_are_of_that_purpose(monkeypatch):
    made = []

    def noting(rng, assets):
        made.append(assets.decor)
        return kitchen.jar(rng, assets)

    noted = purposes.Purpose((noting,), (noting,), (noting,), (noting,))
    monkeypatch.setitem(vars(STYLES['dwelling']), 'purposes', (noted,))
    random_room(np.random.default_rng(1), DRAWN, STYLES['dwelling'])
    assert len(made) > 10
    assert len(set(map(id, made))) == 1
    assert made[0] is not None


def test_dwellings_are_small():
    made = [
        random_room(np.random.default_rng([5, n]), DRAWN, STYLES['dwelling']) for n in range(16)
    ]
    assert np.median([room.width * room.depth for room in made]) < 20
    assert math.isclose(np.mean([max(r.width, r.depth) > 6 for r in made]), 0.1, abs_tol=0.2)
