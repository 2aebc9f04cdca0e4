"""Tops are as high as they are sold: what stands on them tells a camera how far away it is."""

import numpy as np
import pytest

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing import (
    belongings,
    fitted,
    household,
    kitchen,
    seating,
    tools,
)

DRAWN = Assets.at(None)


@pytest.mark.parametrize(
    ('kind', 'least', 'most'),
    [
        (household.workplace, 0.7, 0.76),
        (household.dining_table, 0.7, 0.76),
        (seating.desks, 0.7, 0.76),
        (seating.meeting_table, 0.7, 0.76),
        (seating.classroom, 0.7, 0.76),
        (kitchen.units, 0.86, 0.92),
        (kitchen.island, 0.88, 0.94),
        (kitchen.laid_table, 0.72, 0.77),
        (tools.workbench, 0.82, 0.95),
        (fitted.sideboard, 0.65, 0.9),
        (fitted.console, 0.22, 0.9),
        (fitted.trolley, 0.75, 0.9),
        (fitted.fireplace, 1.0, 1.37),
        (belongings.ironing_board, 0.8, 0.95),
    ],
)
def test_tops_are_at_their_height(kind, least, most):
    tops = [top.z for seed in range(30) for top in kind(np.random.default_rng(seed), DRAWN).tops]
    assert len(tops) >= 30
    assert least <= min(tops) < max(tops) <= most


def test_a_workbench_has_one_top():
    assert all(len(tools.workbench(np.random.default_rng(n), DRAWN).tops) == 1 for n in range(20))
