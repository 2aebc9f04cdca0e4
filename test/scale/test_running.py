from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import examples

from fastdepth_ros.errors import UserError
from fastdepth_ros.scale.measurement import GROUND, Rejection, ScaleMeasurement
from fastdepth_ros.scale.running import (
    HELD,
    TRACKING,
    UNMEASURED,
    WIDEST,
    RunningScale,
    Scale,
)

RATE = 30


def says(factor: float, source: str = 'scan', confidence: float = 0.9) -> ScaleMeasurement:
    return ScaleMeasurement(factor, 0.0, confidence, source)


def feed(
    running: RunningScale,
    measurement: ScaleMeasurement | Rejection,
    seconds: float,
    start: float = 0.0,
) -> Scale:
    for k in range(round(seconds * RATE)):
        running.update(measurement, start + k / RATE)
        scale = running.at(start + k / RATE)
    return scale


def test_before_anything_it_is_what_it_started_with() -> None:
    scale = RunningScale(factor=1.3).at(5.0)
    assert (scale.factor, scale.state, scale.source) == (pytest.approx(1.3), UNMEASURED, '')
    assert math.isinf(scale.age_s)
    assert scale.confidence == 0


def test_it_arrives_and_says_from_where() -> None:
    scale = feed(RunningScale(), says(1.6), 3)
    assert scale.factor == pytest.approx(1.6)
    assert (scale.state, scale.source, scale.age_s) == (TRACKING, 'scan', 0.0)
    assert scale.confidence == pytest.approx(0.9)


@settings(deadline=None, max_examples=examples(50))
@given(
    factors=st.lists(st.floats(0.15, 8), min_size=2, max_size=60),
    shifts=st.lists(st.floats(-0.5, 0.5), min_size=60, max_size=60),
    gaps=st.lists(st.floats(-3, 3), min_size=60, max_size=60),
    rate=st.floats(0.05, 2),
)
def test_no_depth_from_a_metre_on_ever_changes_faster_than_the_rate(
    factors: list[float], shifts: list[float], gaps: list[float], rate: float
) -> None:
    running, stamp, latest = RunningScale(max_rate=rate), 0.0, 0.0
    before = running.at(stamp)
    for factor, shift, gap in zip(factors, shifts, gaps, strict=False):
        stamp += gap
        lean = shift * 4  # WIDEST off the axis, it is a factor of as much
        running.update(ScaleMeasurement(factor, shift, 0.9, 'scan', lean), stamp)
        after = running.at(stamp)
        passed = abs(gap)
        for depth, x in ((1.0, 0), (5.0, 0), (2.0, WIDEST), (2.0, -WIDEST)):
            old, new = (s.factor * math.exp(s.lean * x) * depth + s.shift for s in (before, after))
            if min(old, new) >= 1:
                assert abs(math.log(new / old)) <= math.log1p(rate) * passed + 1e-9
        before, latest = after, max(latest, stamp)


def test_a_single_wild_measurement_changes_nothing() -> None:
    running = RunningScale()
    feed(running, says(1.2), 3)
    running.update(says(4.0), 3.0)
    assert running.at(3.03).factor == pytest.approx(1.2)
    assert 'it says 4.00, and 1.20 holds' in running.rejections['scan']
    running.update(says(1.2), 3.1)
    assert running.rejections == {}


def test_what_disagrees_for_a_third_of_a_second_is_right() -> None:
    running = RunningScale()
    feed(running, says(1.0), 2)
    assert feed(running, says(1.8), 0.25, 2.0).factor == pytest.approx(1.0)
    assert feed(running, says(1.8), 0.25, 2.25).factor > 1.05
    assert feed(running, says(1.8), 4, 2.5).factor == pytest.approx(1.8)


def test_it_holds_the_last_good_one_and_says_so() -> None:
    running = RunningScale(hold_s=2.0)
    feed(running, says(1.4), 3)
    scale = feed(running, Rejection('scan', 'no returns'), 1, 3.0)
    assert (scale.factor, scale.state) == (pytest.approx(1.4), TRACKING)
    scale = feed(running, Rejection('scan', 'no returns'), 4, 4.0)
    assert (scale.factor, scale.state) == (pytest.approx(1.4), HELD)
    assert scale.age_s == pytest.approx(5.0, abs=0.1)
    assert scale.confidence < 0.3
    assert running.rejections == {'scan': 'no returns'}


def test_ranges_beat_the_ground_while_both_are_sure_and_it_follows_when_they_stop() -> None:
    running = RunningScale()
    for k in range(90):
        running.update(says(1.3, GROUND), k / RATE)
        running.update(says(1.0), k / RATE)
        scale = running.at(k / RATE)
    assert (scale.factor, scale.source) == (pytest.approx(1.0), 'scan')
    assert running.rejections == {}, 'nothing speaks against the ground'
    scale = feed(running, says(1.3, GROUND), 5, 3.0)
    assert (scale.factor, scale.source) == (pytest.approx(1.3), GROUND)


def test_what_was_refused_of_the_ground_is_forgotten_once_it_is_good_and_ranges_are_surer() -> (
    None
):
    running = RunningScale()
    running.update(Rejection(GROUND, 'no floor seen'), 0.0)
    running.update(says(1.0), 0.0)
    assert running.rejections == {GROUND: 'no floor seen'}
    running.update(says(1.3, GROUND), 0.1)
    assert running.rejections == {}


def test_unsure_ranges_do_not_silence_the_ground() -> None:
    running = RunningScale()
    for k in range(90):
        running.update(says(1.3, GROUND, 0.9), k / RATE)
        running.update(says(1.0, 'scan', 0.2), k / RATE)
        scale = running.at(k / RATE)
    assert scale.factor == pytest.approx(1.3)


@pytest.mark.parametrize('factor', [0.0, -1.0, 50.0, float('nan'), float('inf')])
def test_a_scale_that_cannot_be_is_left_out(factor: float) -> None:
    running = RunningScale()
    scale = feed(running, says(factor), 1)
    assert (scale.factor, scale.state) == (1.0, UNMEASURED)
    assert 'cannot be' in running.rejections['scan']


def test_an_hour_without_images_allows_no_jump() -> None:
    running = RunningScale(max_rate=0.2)
    feed(running, says(1.0), 1)
    running.update(says(1.9), 3600.0)
    assert running.at(3600.0).factor <= 1.2
    running = RunningScale()
    feed(running, says(1.0), 1)
    assert running.at(3600.0).state == HELD


def test_late_messages_of_another_sensor_do_not_turn_time_back() -> None:
    running = RunningScale()
    for k in range(90):
        running.update(says(1.4), k / RATE - 0.3)
        scale = running.at(k / RATE)
    assert scale.factor == pytest.approx(1.4)


@pytest.mark.parametrize('name', ['max_rate', 'hold_s', 'window_s'])
@pytest.mark.parametrize('value', [0.0, -1.0, float('nan'), float('inf')])
def test_a_setting_that_cannot_be_is_named(name: str, value: float) -> None:
    with pytest.raises(UserError, match=f'{name} of the scale is {value:g}'):
        RunningScale(**{name: value})


def test_a_start_that_cannot_be_is_named() -> None:
    with pytest.raises(UserError, match='the scale is 0'):
        RunningScale(factor=0.0)


def test_it_smooths_noise() -> None:
    running, rng = RunningScale(), np.random.default_rng(0)
    found = []
    for k in range(300):
        running.update(says(1.3 * math.exp(0.1 * rng.standard_normal())), k / RATE)
        found.append(running.at(k / RATE).factor)
    assert np.std(np.log(found[100:])) < 0.05
    assert np.mean(found[100:]) == pytest.approx(1.3, rel=0.03)
