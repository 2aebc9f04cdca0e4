from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scale_rooms import CAMERA, HEIGHT, LEVEL, noisy, pitched, room
from support import examples

from fastdepth_ros.errors import UserError
from fastdepth_ros.scale.ground import GroundScale
from fastdepth_ros.scale.measurement import Rejection, ScaleMeasurement


def factor_of(
    depth: np.ndarray, up: np.ndarray = LEVEL, height: float = HEIGHT
) -> ScaleMeasurement:
    found = GroundScale(height).measure(depth, CAMERA, up)
    assert isinstance(found, ScaleMeasurement), found
    return found


def reason_of(depth: np.ndarray, up: np.ndarray = LEVEL) -> str:
    found = GroundScale(HEIGHT).measure(depth, CAMERA, up)
    assert isinstance(found, Rejection), found
    assert found.source == 'ground'
    assert '\n' not in found.reason
    return found.reason


@settings(deadline=None, max_examples=examples(25))
@given(
    factor=st.floats(0.3, 3),
    pitch=st.floats(-5, 25),
    height=st.floats(0.3, 1.8),
)
def test_any_scale_is_recovered(factor: float, pitch: float, height: float) -> None:
    up = pitched(pitch)
    depth = noisy(room(up, height, wall=6 * height)) / np.float32(factor)
    found = factor_of(depth, up, height)
    assert found.factor == pytest.approx(factor, rel=0.03)
    assert found.shift == 0
    assert 0 < found.confidence <= 1


def test_the_same_image_gives_the_same_scale() -> None:
    depth = noisy(room())
    ground = GroundScale(HEIGHT)
    assert ground.measure(depth, CAMERA, LEVEL) == ground.measure(depth, CAMERA, LEVEL)


@pytest.mark.parametrize('above', [0.25, 0.4])
def test_a_table_that_fills_more_of_the_picture_is_not_the_floor(above: float) -> None:
    up = pitched(25)
    bare, depth = room(up, wall=3), room(up, wall=3, table=above)
    floor = (bare < 3) & (depth == bare)
    assert (depth < bare).sum() > 0.4 * floor.sum(), 'it fills much of the picture'
    found = factor_of(noisy(depth), up)
    assert found.factor == pytest.approx(1, rel=0.04)


def test_holes_and_an_up_that_is_2_degrees_off_do_not_matter_much() -> None:
    depth = noisy(room(pitched(10)))
    depth[::3] = np.nan
    assert factor_of(depth, pitched(10)).factor == pytest.approx(1, rel=0.03)
    assert factor_of(depth, pitched(12)).factor == pytest.approx(1, rel=0.08)


def test_a_wall_is_no_floor() -> None:
    flat = np.full((192, 256), 2.0, np.float32)
    assert 'no floor seen' in reason_of(flat)


def test_what_lies_over_much_of_the_picture_is_no_floor() -> None:
    depth = room(pitched(20), table=0.4)
    above = room(pitched(20), height=HEIGHT - 0.4)
    depth[:, :150] = above[:, :150]
    scattered = np.random.default_rng(0).uniform(1.3, 3, depth[:, 150:].shape)
    depth[:, 150:] *= scattered.astype(np.float32)
    assert 'lower rows lie under' in reason_of(depth, pitched(20))


def test_clutter_is_no_floor() -> None:
    rng = np.random.default_rng(0)
    assert 'no floor seen' in reason_of(rng.uniform(0.3, 9, (192, 256)).astype(np.float32))


@pytest.mark.parametrize('value', [np.nan, 0, np.inf, -1])
def test_no_depth_is_no_floor(value: float) -> None:
    assert '0 pixels below the horizon' in reason_of(np.full((192, 256), value, np.float32))


def test_a_camera_that_looks_at_the_sky_sees_no_floor() -> None:
    assert 'no floor seen' in reason_of(room(), pitched(-60))


@pytest.mark.parametrize('up', [(0, 0, 0), (np.nan, -1, 0), (0, -2, 0)])
def test_up_that_is_no_direction_is_rejected(up: tuple[float, ...]) -> None:
    assert 'no unit vector' in reason_of(room(), np.array(up, np.float64))


@pytest.mark.parametrize('height', [0.0, -0.5, float('nan'), float('inf')])
def test_a_height_that_cannot_be_is_named(height: float) -> None:
    with pytest.raises(UserError, match=f'{height:g} m'):
        GroundScale(height)
    ground = GroundScale(1.0)
    with pytest.raises(UserError, match=f'{height:g} m'):
        ground.height = height
    assert ground.height == 1.0
