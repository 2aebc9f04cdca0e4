from __future__ import annotations

import numpy as np
import pytest

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.scale.calibration import ScaleCalibration
from fastdepth_ros.scale.evidence import Evidence, KnownFloor
from fastdepth_ros.scale.lean import column_factors
from fastdepth_ros.scale.tracker import ScaleTracker, TrackerOptions

CAMERA = Intrinsics(80.0, 80.0, 48.0, 32.0, 96, 64)
HEIGHT, WALL, WRONG = 0.5, 4.0, 1.3
UP = np.array([0.0, -1.0, 0.0])
OPTIONS = TrackerOptions({'ground': '', 'scan': 'nothing comes'}, max_rate=5.0, hold=3.0)


def seen() -> np.ndarray:
    """(64, 96) m of a floor before a wall, all too near by WRONG."""
    rows = (np.arange(64) - 32) / 80
    floor = np.where(rows > 0, HEIGHT / np.maximum(rows, 1e-6), np.inf)
    depth = np.repeat(np.minimum(floor, WALL)[:, None], 96, 1) / WRONG
    return depth.astype(np.float32)


def points() -> np.ndarray:
    """(50, 3) true points of the wall."""
    x = np.linspace(-1, 1, 50)
    return np.stack([x, np.full(50, -0.5), np.full(50, WALL)], -1)


def drive(tracker: ScaleTracker, begin: int, count: int, evidence: Evidence) -> np.ndarray:
    """The depth of the last of so many images, ten a second."""
    for i in range(begin, begin + count):
        scaled = tracker.correct(seen(), CAMERA, i / 10, evidence, i / 10)
    return scaled


def test_an_image_has_the_scale_of_its_own_view() -> None:
    tracker = ScaleTracker(TrackerOptions({'scan': ''}, max_rate=10.0))
    drive(tracker, 0, 5, Evidence(points={'scan': points()}))
    flickered = tracker.correct(
        seen() / 1.2, CAMERA, 0.5, Evidence(points={'scan': points()}), 0.5
    )
    np.testing.assert_allclose(flickered, seen() * WRONG, rtol=1e-3)


@pytest.mark.parametrize(
    'evidence', [Evidence(KnownFloor(UP, HEIGHT)), Evidence(points={'scan': points()})]
)
def test_each_source_puts_the_depth_right(evidence: Evidence) -> None:
    tracker = ScaleTracker(OPTIONS)
    assert tracker.figures()['scale state'] == 'no image yet'
    scaled = drive(tracker, 0, 20, evidence)
    np.testing.assert_allclose(scaled, seen() * WRONG, rtol=0.03)
    assert tracker.figures()['scale state'] == 'tracking'


def test_reasons_are_counted_told_and_become_a_problem() -> None:
    tracker = ScaleTracker(OPTIONS)
    drive(tracker, 0, 40, Evidence(KnownFloor(UP, HEIGHT), {'scan': 'tf is late'}))
    figures = tracker.figures()
    assert figures['scale rejections'] == 'ground 0, scan 40'
    assert figures['scale last rejection'] == 'scan: tf is late'
    assert tracker.problem(4.0) == 'no scale by scan for 4 s: tf is late'
    assert float(figures['scale factor']) == pytest.approx(WRONG, rel=0.03)


def test_a_floor_that_is_not_needed_beside_ranges_is_no_problem() -> None:
    tracker = ScaleTracker(OPTIONS)
    drive(tracker, 0, 60, Evidence(KnownFloor(UP, HEIGHT), {'scan': points()}))
    figures = tracker.figures()
    assert figures['scale source'] == 'scan'
    assert figures['scale rejections'] == 'ground 0, scan 0'
    assert figures['scale last rejection'] == 'none'
    assert tracker.problem(6.0) == ''


@pytest.mark.parametrize('stamp', [0.0, 1e9])
def test_where_stamps_stand_still_steady_time_passes(stamp: float) -> None:
    tracker = ScaleTracker(OPTIONS)
    floor = Evidence(KnownFloor(UP, 2 * HEIGHT))
    for i in range(40):
        scaled = tracker.correct(seen(), CAMERA, stamp, floor, i / 10)
    np.testing.assert_allclose(scaled, seen() * 2 * WRONG, rtol=0.03)
    for i in range(40, 80):
        tracker.correct(seen(), CAMERA, stamp, Evidence(), i / 10)
    assert tracker.figures()['scale state'] == 'held'


def test_stamps_that_start_again_go_on_from_the_scale_that_was() -> None:
    tracker = ScaleTracker(OPTIONS)
    floor = Evidence(KnownFloor(UP, HEIGHT))
    for i in range(20):
        before = tracker.correct(seen(), CAMERA, 1e9 + i / 10, floor, i / 10).copy()
    again = tracker.correct(seen(), CAMERA, 0.0, None, 2.0)
    np.testing.assert_allclose(again, before, rtol=0.01)
    assert tracker.figures()['scale state'] == 'tracking'
    for i in range(1, 40):
        lifted = Evidence(KnownFloor(UP, 1.2 * HEIGHT))
        tracker.correct(seen(), CAMERA, i / 10, lifted, 2 + i / 10)
    assert float(tracker.figures()['scale factor']) == pytest.approx(1.2 * WRONG, rel=0.03)


def test_without_intrinsics_nothing_is_measured_and_it_is_said() -> None:
    tracker = ScaleTracker(OPTIONS)
    evidence = Evidence(KnownFloor(UP, HEIGHT), {'scan': points()})
    tracker.correct(seen(), None, 0, evidence, 0)
    assert tracker.figures()['scale last rejection'] == 'scan: the camera is not calibrated'


def test_the_calibration_comes_first_and_alone_needs_no_source() -> None:
    tracker = ScaleTracker(TrackerOptions({}), ScaleCalibration(WRONG))
    np.testing.assert_allclose(
        tracker.correct(seen(), CAMERA, 0, None, 0), seen() * WRONG, rtol=1e-6
    )
    assert tracker.figures() == {'scale calibration': 'file', 'scale state': 'no source'}
    both = ScaleTracker(OPTIONS, ScaleCalibration(WRONG))
    drive(both, 0, 20, Evidence(KnownFloor(UP, HEIGHT)))
    assert float(both.figures()['scale factor']) == pytest.approx(1, rel=0.03)


def test_other_options_go_on_from_the_scale_that_was_and_a_lift_is_followed() -> None:
    tracker = ScaleTracker(OPTIONS)
    before = drive(tracker, 0, 20, Evidence(KnownFloor(UP, HEIGHT))).copy()
    other = ScaleTracker(TrackerOptions({'ground': ''}, max_rate=0.01))
    other.take_over(tracker)
    np.testing.assert_allclose(other.correct(seen(), CAMERA, 2.0, None, 2.0), before, rtol=0.01)
    lifted = ScaleTracker(OPTIONS)
    drive(lifted, 0, 20, Evidence(KnownFloor(UP, HEIGHT)))
    drive(lifted, 20, 40, Evidence(KnownFloor(UP, 1.2 * HEIGHT)))
    assert float(lifted.figures()['scale factor']) == pytest.approx(1.2 * WRONG, rel=0.03)


def test_a_shift_makes_no_depth_of_zero_or_less() -> None:
    tracker = ScaleTracker(TrackerOptions({'scan': ''}, shift=True, max_rate=5.0))
    depth = np.repeat(np.linspace(0.6, 3, 96, dtype=np.float32)[None], 64, 0)
    depth[:10] = 0.1
    z = depth[32] - 0.3
    true = np.stack([(np.arange(96) - 48) / 80 * z, np.zeros(96), z], -1)
    for i in range(30):
        evidence = Evidence(points={'scan': true})
        scaled = tracker.correct(depth.copy(), CAMERA, i / 10, evidence, i / 10)
    assert float(tracker.figures()['scale shift (m)']) < -0.15
    assert np.isnan(scaled[:10]).all()
    assert np.nanmin(scaled) > 0


def test_a_lean_is_put_straight_and_ends_with_the_view() -> None:
    tracker = ScaleTracker(TrackerOptions({'scan': ''}, max_rate=10.0))
    evidence = Evidence(points={'scan': points() * (2.3, 1, 1)})
    leaning = seen() / column_factors(1.0, 0.2, CAMERA)
    for i in range(5):
        scaled = tracker.correct(leaning.copy(), CAMERA, i / 10, evidence, i / 10)
    np.testing.assert_allclose(scaled, seen() * WRONG, rtol=0.03)
    assert float(tracker.figures()['scale lean']) == pytest.approx(0.2, abs=0.05)
    for i in range(5, 25):
        tracker.correct(leaning.copy(), CAMERA, i / 10, None, i / 10)
    assert float(tracker.figures()['scale lean']) == 0
    assert float(tracker.figures()['scale factor']) == pytest.approx(WRONG, rel=0.03)
