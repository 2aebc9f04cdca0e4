from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scale_rooms import CAMERA, noisy, pitched, returns, room
from support import examples

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.scale.lean import column_factors
from fastdepth_ros.scale.measurement import Rejection, ScaleMeasurement
from fastdepth_ros.scale.ranges import RangeScale

ROOM = room(pitched(10))
ROWS = (100, 120, 150, 180)


def measured(found: ScaleMeasurement | Rejection) -> ScaleMeasurement:
    assert isinstance(found, ScaleMeasurement), found
    return found


def reason(found: ScaleMeasurement | Rejection) -> str:
    assert isinstance(found, Rejection), found
    return found.reason


def with_outliers(share: float) -> np.ndarray:
    """(n, 3) returns of ROOM, some of them at any distance."""
    points = returns(ROOM, ROWS)
    rng = np.random.default_rng(0)
    wrong = rng.random(len(points)) < share
    return points * np.where(wrong, rng.uniform(0.2, 5, len(points)), 1)[:, None]


@settings(deadline=None, max_examples=examples(25))
@given(factor=st.floats(0.3, 3), outliers=st.floats(0, 0.3))
def test_any_scale_is_recovered_in_spite_of_outliers(factor: float, outliers: float) -> None:
    points = with_outliers(outliers)
    found = RangeScale().measure(noisy(ROOM) / np.float32(factor), CAMERA, points, 0.0)
    assert measured(found).factor == pytest.approx(factor, rel=0.05)
    assert measured(found).shift == 0


@settings(deadline=None, max_examples=examples(25))
@given(factor=st.floats(0.4, 2.5), shift=st.floats(-0.3, 0.5))
def test_scale_and_shift_are_recovered(factor: float, shift: float) -> None:
    depth = (noisy(ROOM, 0.01) - np.float32(shift)) / np.float32(factor)
    found = measured(RangeScale(shift=True).measure(depth, CAMERA, returns(ROOM, ROWS), 0.0))
    assert found.factor == pytest.approx(factor, rel=0.06)
    assert found.shift == pytest.approx(shift, abs=0.1)


@settings(deadline=None, max_examples=examples(25))
@given(factor=st.floats(0.4, 2.5), lean=st.floats(-0.5, 0.5), outliers=st.floats(0, 0.2))
def test_what_leans_is_put_straight(factor: float, lean: float, outliers: float) -> None:
    depth = noisy(ROOM) / column_factors(factor, lean, CAMERA)
    points = with_outliers(outliers)
    found = measured(RangeScale().measure(depth, CAMERA, points, 0.0))
    assert found.factor == pytest.approx(factor, rel=0.05)
    assert found.lean == pytest.approx(lean, abs=0.08 + 0.15 * abs(lean))  # the ridge holds back


def test_a_lean_ends_45_degrees_aside() -> None:
    wide = Intrinsics(20, 20, 99.5, 50, 200, 100)
    factors = column_factors(2.0, 0.5, wide)
    np.testing.assert_allclose(factors[[0, 50, 150, 199]], 2 * np.exp([-0.5, -0.5, 0.5, 0.5]))
    assert factors[99:101].mean() == pytest.approx(2, rel=1e-3)


def test_what_would_lean_too_much_is_a_wrong_pose() -> None:
    depth = ROOM / column_factors(1.0, 1.5, CAMERA)
    assert 'lean by 1.' in reason(RangeScale().measure(depth, CAMERA, returns(ROOM, ROWS), 0.0))


def test_ranges_in_one_direction_tell_a_factor_and_no_lean() -> None:
    wall = np.full((192, 256), 2.0, np.float32)
    points = returns(wall)
    aside = points[(points[:, 0] / points[:, 2] > 0.3) & (points[:, 0] / points[:, 2] < 0.35)]
    found = measured(RangeScale().measure(wall / 1.5, CAMERA, np.tile(aside, (10, 1)), 0.0))
    assert abs(found.lean) < 0.02
    np.testing.assert_allclose(column_factors(found.factor, found.lean, CAMERA), 1.5, rtol=0.1)


def test_a_flat_wall_gives_no_shift() -> None:
    wall = np.full((192, 256), 2.0, np.float32)
    found = measured(RangeScale(shift=True).measure(wall / 2, CAMERA, returns(wall), 0.0))
    assert (found.factor, found.shift) == (pytest.approx(2), 0.0)


def test_a_lidar_that_disagrees_is_rejected() -> None:
    rng = np.random.default_rng(0)
    points = returns(ROOM, ROWS) * rng.uniform(0.2, 3, (256, 1))
    assert 'disagree' in reason(RangeScale().measure(ROOM, CAMERA, points, 0.0))


def test_a_lidar_that_sees_it_the_other_way_round_is_rejected() -> None:
    points = returns(ROOM, ROWS)
    points *= 3 / points[:, 2:] ** 2
    assert 'disagree' in reason(RangeScale(shift=True).measure(ROOM, CAMERA, points, 0.0))


@pytest.mark.parametrize(
    ('points', 'said'),
    [
        (np.empty((0, 3)), 'no returns'),
        (np.full((5, 3), np.nan), 'none of 5 returns is finite'),
        (np.tile((0.0, 0.0, -2.0), (5, 1)), 'none of 5 returns is in view: 5 are behind'),
        (np.tile((50.0, 0.0, 2.0), (5, 1)), 'none of 5 returns is in view: 0 are behind'),
        (np.tile((0.0, 0.0, 2.0), (5, 1)), '5 returns meet depth: at least 8'),
    ],
)
def test_what_is_no_use_is_said(points: np.ndarray, said: str) -> None:
    assert said in reason(RangeScale().measure(ROOM, CAMERA, points, 0.0))


def test_without_depth_there_is_nothing_to_meet() -> None:
    nothing = np.full_like(ROOM, np.nan)
    assert 'smooth depth' in reason(RangeScale().measure(nothing, CAMERA, returns(ROOM), 0.0))


def test_returns_at_an_edge_of_depth_do_not_count() -> None:
    depth = np.full((192, 256), 4.0, np.float32)
    depth[:, :128] = 1.0
    points = np.tile((0.0, 0.0, 1.0), (20, 1)) * 4  # 0.5 px beside the edge
    assert 'smooth depth' in reason(RangeScale().measure(depth, CAMERA, points, 0.0))


def test_a_single_beam_adds_up_over_the_window_and_is_forgotten() -> None:
    beam = np.array([[0.0, 0.0, 4.0]])
    ranges = RangeScale(window_s=1.0)
    found = [ranges.measure(ROOM / 2, CAMERA, beam, k / 10) for k in range(10)]
    assert isinstance(found[6], Rejection)
    assert measured(found[9]).factor == pytest.approx(2)
    assert isinstance(ranges.measure(ROOM / 2, CAMERA, beam, 9.0), Rejection), 'all are too old'


def test_time_that_jumps_back_empties_the_window() -> None:
    ranges = RangeScale(window_s=5.0)
    measured(ranges.measure(ROOM, CAMERA, returns(ROOM, ROWS), 100.0))
    found = ranges.measure(ROOM / 2, CAMERA, returns(ROOM, ROWS), 1.0)
    assert measured(found).factor == pytest.approx(2, rel=0.01)


@pytest.mark.parametrize('window', [-1.0, float('nan'), float('inf')])
def test_a_window_that_cannot_be_is_named(window: float) -> None:
    with pytest.raises(UserError, match=f'{window:g} s'):
        RangeScale(window_s=window)
