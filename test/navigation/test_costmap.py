from __future__ import annotations

import numpy as np
import pytest

from fastdepth_ros.navigation.costmap import FREE, LETHAL, UNKNOWN, Costmap, CostmapOptions

SENSOR = np.array([0.5, 2.0, 0.4])


@pytest.fixture
def costmap() -> Costmap:
    return Costmap((6.0, 4.0), CostmapOptions(resolution=0.1))


def wall(x: float, z: float = 0.5) -> np.ndarray:
    y = np.linspace(1.0, 3.0, 60)
    return np.stack([np.full_like(y, x), y, np.full_like(y, z)], -1)[None]


def test_a_wall_is_marked_and_the_way_to_it_is_free(costmap: Costmap) -> None:
    costmap.update(wall(2.55), SENSOR)
    assert (costmap.cells[11:29, 25] == LETHAL).all()
    assert (costmap.cells[20, 6:25] == FREE).all()
    assert (costmap.cells[:, 26:] == UNKNOWN).all()
    assert costmap.cells[38, 20] == UNKNOWN, 'no ray went there'


def test_floor_and_ceiling_are_no_obstacles_and_clear_nothing(costmap: Costmap) -> None:
    costmap.update(np.concatenate([wall(2.0, z=0.05), wall(2.0, z=2.3)]), SENSOR)
    assert (costmap.cells == UNKNOWN).all()


def test_a_ghost_is_cleared_by_what_is_seen_behind_it(costmap: Costmap) -> None:
    costmap.update(wall(1.55), SENSOR)
    assert costmap.cells[20, 15] == LETHAL
    costmap.update(wall(2.55), SENSOR)
    assert costmap.cells[20, 15] == FREE
    assert costmap.cells[20, 25] == LETHAL


def test_ranges_of_marking_and_of_clearing(costmap: Costmap) -> None:
    costmap.update(wall(5.05), SENSOR)  # 4.55 m away: cleared up to 3.0 m, not marked
    assert not (costmap.cells == LETHAL).any()
    assert (costmap.cells[20, 6:34] == FREE).all()
    assert (costmap.cells[20, 36:] == UNKNOWN).all()


def test_holes_and_points_outside_the_map_are_left_out(costmap: Costmap) -> None:
    points = wall(2.05)
    points[0, :30] = np.nan
    points[0, 30:40, 1] = 40
    costmap.update(points, SENSOR)
    assert (costmap.cells[:, 20] == LETHAL).sum() <= 8
