from __future__ import annotations

import pytest

from fastdepth_ros.scale.image_clock import ImageClock


def test_stamps_tell_the_time_whatever_the_steady_clock_does() -> None:
    clock = ImageClock()
    assert clock.at(1e9, 5.0) == 0
    assert clock.at(1e9 + 0.5, 5.1) == pytest.approx(0.5)
    assert clock.at(1e9 + 2.0, 5.2) == pytest.approx(2.0)


@pytest.mark.parametrize('stamp', [0.0, 1e9])
def test_stamps_that_stand_still_leave_it_to_the_steady_clock(stamp: float) -> None:
    clock = ImageClock()
    assert [clock.at(stamp, now) for now in (7.0, 7.25, 8.0)] == [0, 0.25, 1.0]


def test_time_runs_on_where_stamps_start_again() -> None:
    clock = ImageClock()
    times = [clock.at(s, n) for s, n in ((100, 1.0), (101, 2.0), (0, 2.25), (0.5, 9.0))]
    assert times == pytest.approx([0, 1, 1.25, 1.75])
