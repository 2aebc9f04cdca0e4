from __future__ import annotations

from dataclasses import replace

import pytest

from fastdepth_ros.monitoring.camera_watch import (
    BACK,
    FORMAT,
    FRAME_ID,
    RETURNED,
    CameraWatch,
    Shown,
)

SHOWN = Shown('camera', 640, 480, 'rgb8')


def test_what_changes_is_news_once() -> None:
    watch = CameraWatch()
    assert watch.arrived(0.0, 10, SHOWN) == []
    assert watch.arrived(0.1, 9, SHOWN) == [BACK]
    assert watch.arrived(0.2, 11, replace(SHOWN, frame_id='other')) == [FRAME_ID]
    assert watch.arrived(0.3, 12, replace(SHOWN, frame_id='other', width=80)) == [FORMAT]
    assert watch.arrived(0.4, 13, replace(SHOWN, frame_id='other', width=80)) == []
    assert watch.events == {BACK: 1, FRAME_ID: 1, FORMAT: 1}


def test_a_camera_is_stale_after_a_second_or_three_of_its_periods() -> None:
    watch = CameraWatch()
    assert not watch.seen
    for i in range(50):
        watch.arrived(i / 10, i, SHOWN)
    assert not watch.stale(5.8)
    assert watch.stale(6.0)
    slow = CameraWatch()
    for i in range(50):
        slow.arrived(0.9 * i, i, SHOWN)
    assert not slow.stale(0.9 * 49 + 2)
    assert slow.stale(0.9 * 49 + 3)


def test_a_camera_that_comes_back_is_news_but_not_after_we_stopped_listening() -> None:
    watch = CameraWatch()
    watch.arrived(0.0, 0, SHOWN)
    watch.arrived(0.1, 0, SHOWN)
    assert watch.arrived(9.0, 1, SHOWN) == [RETURNED]
    watch.forget()
    assert not watch.seen
    assert watch.arrived(30.0, 2, SHOWN) == []


@pytest.mark.parametrize('period', [2.0, 7.0, 25.0])
def test_a_slow_camera_has_neither_stopped_nor_returned(period: float) -> None:
    watch = CameraWatch()
    for i in range(9):
        assert watch.arrived(i * period, i, SHOWN) == []
        if i:
            assert not watch.stale((i + 2.9) * period)
    assert watch.stale(11.1 * period)


def test_a_pause_is_no_period_for_long() -> None:
    watch = CameraWatch()
    times = [*(i / 10 for i in range(20)), *(20 + i / 10 for i in range(30))]
    news = [event for i, now in enumerate(times) for event in watch.arrived(now, i, SHOWN)]
    assert news == [RETURNED]
    assert watch.stale(times[-1] + 1.1)
