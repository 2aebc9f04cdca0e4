"""Tops that are packed with printed goods, devices, tools and toys, and who looks at them."""

import math
from dataclasses import replace

import numpy as np
import pytest

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.cameras import random_camera
from fastdepth_ros.offline.synthesis.furnishing import electronics
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker, Surface, lying, solid
from fastdepth_ros.offline.synthesis.materials import Material
from fastdepth_ros.offline.synthesis.meshes import bounds, box
from fastdepth_ros.offline.synthesis.room import Room
from fastdepth_ros.offline.synthesis.styles import STYLES
from fastdepth_ros.offline.synthesis.tops import FLAT, pack, scatter

DRAWN = Assets.at(None)
STYLE = STYLES['tabletop']
TOP = Surface(2, 1.5, 1.2, 0.7, 0.75)


def packed(seed: int, maker: Maker) -> list[tuple[np.ndarray, np.ndarray]]:
    """Lowest and highest corners of what stands on TOP, of one mesh each."""
    style = replace(STYLE, small=(maker,), household=1)
    meshes = pack(np.random.default_rng(seed), DRAWN, style, TOP)
    return [bounds([mesh]) for mesh in meshes]


def a_box(height: float) -> Maker:
    def maker(rng, assets):
        return solid(box((*rng.uniform(0.05, 0.25, 2), height), assets.plain(rng)))

    return maker


@pytest.mark.parametrize('seed', range(6))
def test_things_stand_on_the_top_and_not_in_each_other(seed):
    corners = packed(seed, a_box(0.2))
    assert len(corners) >= 4
    for low, high in corners:
        assert np.all(low[:2] >= (1.4 - 1e-9, 1.15 - 1e-9))
        assert np.all(high[:2] <= (2.6 + 1e-9, 1.85 + 1e-9))
        assert low[2] == pytest.approx(TOP.z)
    for n, (low, high) in enumerate(corners):
        for other_low, other_high in corners[:n]:
            assert (low[:2] >= other_high[:2]).any() or (high[:2] <= other_low[:2]).any()


def test_flat_things_may_lie_under_others():
    sheets = packed(0, a_box(FLAT / 2))
    assert any(
        (low[:2] < other_high[:2]).all() and (high[:2] > other_low[:2]).all()
        for n, (low, high) in enumerate(sheets)
        for other_low, other_high in sheets[:n]
    )


def test_what_is_too_large_for_a_top_is_left_out():
    assert packed(0, lambda rng, assets: solid(box((2, 0.1, 0.1), assets.plain(rng)))) == []


def test_more_stands_on_a_packed_top():
    scattered = [
        scatter(np.random.default_rng(n), DRAWN, STYLES['household'], TOP) for n in range(8)
    ]
    dense = [pack(np.random.default_rng(n), DRAWN, STYLE, TOP) for n in range(8)]
    assert sum(map(len, dense)) > 1.5 * sum(map(len, scattered))


def test_large_tops_are_looked_at_more_often_and_from_near():
    small, large = Surface(1, 1, 0.3, 0.3, 0.7), Surface(3, 2, 1.6, 0.8, 0.75)
    room = Room(5, 4, 2.5, STYLE, surfaces=[small, large])
    rng = np.random.default_rng(0)
    made = [random_camera(rng, room, (320, 240)) for _ in range(400)]

    def away(top: Surface) -> np.ndarray:
        return np.array([np.linalg.norm(c.position - (top.x, top.y, top.z)) for c in made])

    nearer = away(large) < away(small)
    assert 0.6 < nearer.mean() < 0.9
    assert np.mean(np.minimum(away(large), away(small)) < 2.4) > 0.7


def test_hands_hold_cameras_less_level_than_robots():
    def roll(style: str) -> float:
        room = Room(5, 4, 2.5, STYLES[style])
        rng = np.random.default_rng(0)
        right = [random_camera(rng, room, (320, 240)).rotation[2, 0] for _ in range(300)]
        return math.degrees(np.std(np.arcsin(right)))

    assert roll('household') == pytest.approx(2, abs=0.3)
    assert roll('tabletop') == pytest.approx(5, abs=0.6)


def test_what_lies_is_as_high_as_it_was_deep():
    upright = solid(box((0.1, 0.04, 0.3), Material(np.zeros((4, 4, 3), np.uint8))))
    low, high = bounds(lying(upright).meshes)
    assert high - low == pytest.approx((0.1, 0.3, 0.04))
    assert low[2] == pytest.approx(0)
    assert (low + high)[:2] == pytest.approx((0, 0))


def test_cables_lie_flat_on_what_they_lie_on():
    for seed in range(12):
        low, high = bounds(electronics.cable(np.random.default_rng(seed), DRAWN).meshes)
        assert -1e-9 <= low[2] < 1e-3
        assert high[2] < 0.03
