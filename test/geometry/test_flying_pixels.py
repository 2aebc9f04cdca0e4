from __future__ import annotations

import numpy as np

from fastdepth_ros.geometry.flying_pixels import FlyingPixels


def test_what_hangs_between_two_surfaces_is_found_and_they_are_not() -> None:
    depth = np.full((8, 20), 4.0, np.float32)
    depth[:, :8] = 1.0
    depth[:, 8:11] = (1.5, 2.5, 3.4)  # a network's blurred step
    flying = FlyingPixels(0.1)(depth)
    assert not flying[:, :8].any(), 'the near side'
    assert flying[:, 8:11].all()
    assert not flying[:, 12:].any(), 'the far side, but for its first pixel'


def test_a_thin_pole_and_the_slanted_floor_stay() -> None:
    depth = np.full((30, 30), 3.0, np.float32)
    depth[:, 15] = 1.0
    assert not FlyingPixels(0.1)(depth)[:, 15].any()
    floor = (208 * 0.4 / np.arange(20, 50, dtype=np.float32))[:, None].repeat(30, 1)
    assert not FlyingPixels(0.1)(floor).any()


def test_holes_are_no_edges() -> None:
    depth = np.full((6, 6), 2.0, np.float32)
    depth[2:4, 2:4] = np.nan
    assert not FlyingPixels(0.05)(depth).any()


def test_zero_finds_nothing() -> None:
    assert not FlyingPixels(0.0)(np.array([[1.0, 9.0]], np.float32)).any()
