"""The running scale under clocks and files that no one should have written."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import examples

from fastdepth_ros.errors import UserError
from fastdepth_ros.scale.calibration import KIND, ScaleCalibration
from fastdepth_ros.scale.measurement import ScaleMeasurement
from fastdepth_ros.scale.running import LONGEST_STEP, TRACKING, RunningScale

STEPS = st.sampled_from([0.0, 0.03, 0.1, 1.0, 30.0, 1e6, -0.01, -5.0, -1e4])
LOG_FACTORS = st.floats(-2.0, 2.0)


@settings(max_examples=examples(100), deadline=None)
@given(st.lists(st.tuples(STEPS, LOG_FACTORS, st.sampled_from(['ground', 'scan'])), max_size=60))
def test_no_sequence_of_measurements_and_times_moves_it_faster_than_its_rate(
    sequence: list[tuple[float, float, str]],
) -> None:
    running, stamp = RunningScale(max_rate=0.2), 0.0
    before = running.at(stamp).factor
    for step, log_factor, source in sequence:
        stamp += step
        running.update(ScaleMeasurement(math.exp(log_factor), 0.0, 0.9, source), stamp)
        after = running.at(stamp).factor
        allowed = math.log1p(0.2) * min(max(step, 0.0), LONGEST_STEP)
        assert abs(math.log(after / before)) <= allowed + 1e-6
        before = after


@pytest.mark.parametrize('stamp', [math.nan, math.inf])
def test_a_stamp_that_is_no_time_does_not_stop_the_clock(stamp: float) -> None:
    running = RunningScale()
    running.at(stamp)
    for k in range(200):
        running.update(ScaleMeasurement(1.5, 0.0, 0.9, 'scan'), k / 30)
        scale = running.at(k / 30)
    assert scale.factor == pytest.approx(1.5, rel=1e-3)
    assert scale.state == TRACKING
    assert math.isfinite(scale.age_s)


def test_infinite_frames_in_a_calibration_are_one_line(tmp_path: Path) -> None:
    path = tmp_path / 'scale.yaml'
    path.write_text(f'kind: {KIND}\nfactor: 1.0\nframes: .inf\n')
    with pytest.raises(UserError, match=r'scale\.yaml'):
        ScaleCalibration.load(path)
