"""Offices, shops and stores: sheets of ISO sizes, what hangs on walls."""

import math

import numpy as np
import pytest

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing import walls
from fastdepth_ros.offline.synthesis.furnishing.purposes import PURPOSES
from fastdepth_ros.offline.synthesis.meshes import bounds, tube
from fastdepth_ros.offline.synthesis.rooms import random_room
from fastdepth_ros.offline.synthesis.styles import STYLES

DRAWN = Assets.at(None)


def test_sheets_are_of_the_a_series():
    for seed in range(20):
        piece = walls.poster(np.random.default_rng(seed), DRAWN)
        sheet = np.ptp(piece.meshes[0].vertices, axis=0)
        assert max(sheet[0], sheet[2]) / min(sheet[0], sheet[2]) == pytest.approx(math.sqrt(2))
        halvings = 2 * math.log2(max(sheet[0], sheet[2]) / 0.297)
        assert halvings == pytest.approx(round(halvings))


@pytest.mark.parametrize(
    'kind',
    dict.fromkeys(
        kind for place in (walls.ON_WALLS, *(p.on_walls for p in PURPOSES)) for kind in place
    ),
)
def test_what_hangs_on_walls_is_before_them_and_not_in_the_ground(kind):
    for seed in range(12):
        low, high = bounds(kind(np.random.default_rng(seed), DRAWN).meshes)
        assert high[1] <= 0.011  # the wall is at y = 0
        assert low[1] > -0.25
        assert low[2] >= 0.1
        assert high[2] <= 2.45


def test_a_tube_leads_from_point_to_point():
    points = [(0.0, 0.0, 0.0), (0.0, 0.0, 0.5), (0.3, 0.4, 0.5)]
    bars = tube(0.01, DRAWN.plain(np.random.default_rng(0)), *points)
    for bar, start, end in zip(bars, points, points[1:], strict=False):
        middle = bar.vertices.mean(0)
        np.testing.assert_allclose(middle, np.mean([start, end], 0), atol=1e-9)
        along = np.subtract(end, start)
        reach = (bar.vertices - middle) @ along / np.linalg.norm(along)
        assert np.ptp(reach) == pytest.approx(np.linalg.norm(along))


def test_offices_have_more_halls_and_corridors_than_homes():
    def large(style: str) -> float:
        made = [
            random_room(np.random.default_rng([4, n]), DRAWN, STYLES[style]) for n in range(16)
        ]
        return np.mean([max(room.width, room.depth) > 7.5 for room in made])

    assert large('office') > large('home')
