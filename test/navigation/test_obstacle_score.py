from __future__ import annotations

import numpy as np

from fastdepth_ros.navigation.costmap import FREE, LETHAL, UNKNOWN
from fastdepth_ros.navigation.obstacle_score import score_obstacles


def reference() -> np.ndarray:
    """Free on the left, a wall, unknown on the right."""
    cells = np.full((20, 40), FREE, np.uint8)
    cells[:, 20] = LETHAL
    cells[:, 21:] = UNKNOWN
    return cells


def test_the_reference_itself_is_perfect() -> None:
    score = score_obstacles(reference(), reference())
    assert (score.found, score.missed, score.invented, score.blocked) == (20, 0, 0, 0)
    assert (score.recall, score.blocked_share) == (1, 0)


def test_a_wall_may_be_off_by_the_tolerance_and_no_more() -> None:
    for shift, found in ((2, 20), (3, 0)):
        cells = np.roll(reference(), -shift, axis=1)
        score = score_obstacles(cells, reference())
        assert (score.found, score.missed) == (found, 20 - found)
        assert score.invented == 20 - found


def test_what_is_invented_blocks_only_known_free_space() -> None:
    cells = reference()
    cells[5, 5] = cells[6, 35] = LETHAL
    score = score_obstacles(cells, reference())
    assert (score.invented, score.blocked, score.free) == (2, 1, 400)
    assert score.blocked_share == 1 / 400
    assert (score + score).invented == 4


def test_an_empty_map_misses_all() -> None:
    score = score_obstacles(np.full((20, 40), UNKNOWN, np.uint8), reference())
    assert (score.found, score.missed, score.recall) == (0, 20, 0)
