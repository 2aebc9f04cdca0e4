from __future__ import annotations

import numpy as np

from fastdepth_ros.pictures.depth_colours import DepthColours


def test_near_is_blue_far_is_yellow_and_nothing_is_black() -> None:
    depth = np.array([[0.1, 6.0, 60.0, np.nan, np.inf]], np.float32)
    near, far, beyond, unknown, infinite = DepthColours(6.0)(depth)[0].astype(int)  # BGR
    assert near[0] > near[1]
    assert near[0] > near[2]
    assert far[1] > 200
    assert far[2] > 200
    assert (far == beyond).all()
    assert not unknown.any()
    assert not infinite.any()


def test_the_same_metres_have_the_same_colour_in_every_picture(rng: np.random.Generator) -> None:
    colours = DepthColours(6.0)
    first = colours(np.full((4, 5), 2.0, np.float32))[0, 0].copy()
    other = rng.uniform(0.1, 9, (4, 5)).astype(np.float32)
    other[2, 2] = 2.0
    found = colours(other)
    assert (found[2, 2] == first).all()
    assert found is colours(other)
