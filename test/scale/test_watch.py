from __future__ import annotations

import pytest

from fastdepth_ros.scale.watch import SourceWatch


@pytest.fixture
def watch() -> SourceWatch:
    return SourceWatch('scan', 'nothing comes on /scan', patience=10)


def run(watch: SourceWatch, begin: int, end: int, reason: str = '') -> None:
    """Images each second, of which none measures the scale."""
    for now in range(begin, end + 1):
        watch.asked(now)
        if reason:
            watch.refused(now, reason)


def test_a_silent_source_is_said_after_a_while(watch: SourceWatch) -> None:
    run(watch, 0, 10)
    assert watch.problem(10) == ''
    run(watch, 11, 11)
    assert watch.problem(11) == 'no scale by scan for 11 s: nothing comes on /scan'


def test_a_refused_source_is_said_with_the_last_reason(watch: SourceWatch) -> None:
    run(watch, 0, 15, 'too few returns')
    assert watch.problem(15) == 'no scale by scan for 15 s: too few returns'
    assert watch.rejected == 16
    watch.accepted(16)
    assert watch.problem(16) == ''


def test_a_source_that_was_refused_and_then_falls_silent_is_silent(watch: SourceWatch) -> None:
    run(watch, 0, 15, 'too few returns')
    run(watch, 16, 25)
    assert watch.problem(25).endswith('too few returns')
    run(watch, 26, 26)
    assert watch.problem(26).endswith('nothing comes on /scan')
    assert watch.reason == 'too few returns'


def test_without_images_nothing_is_wrong_and_waiting_starts_anew(watch: SourceWatch) -> None:
    assert watch.problem(100) == ''
    run(watch, 0, 15)
    assert watch.problem(100) == ''
    run(watch, 100, 105)
    assert watch.problem(105) == ''
    run(watch, 106, 111)
    assert watch.problem(111)
