from __future__ import annotations

import pytest

from fastdepth_ros.monitoring.cpu_share import CpuShare
from fastdepth_ros.monitoring.window import Window


def test_rate_and_percentiles_are_of_the_last_seconds() -> None:
    window = Window(seconds=5)
    for i in range(100):
        window.add(i / 10, value=i)
    assert window.rate(9.9) == pytest.approx(10)
    assert window.percentiles(9.9, (0, 50, 100)) == pytest.approx([49, 74, 99])
    assert window.rate(30) == 0
    assert window.percentiles(30, (50,)) == [None]


def test_one_value_makes_no_rate() -> None:
    window = Window()
    window.add(1.0)
    assert window.rate(1.0) == 0


def test_cpu_share_is_of_the_last_seconds() -> None:
    share = CpuShare(seconds=5)
    assert share.sample(0, 0) is None
    found = [share.sample(t, 0.5 * t) for t in range(1, 10)]
    assert found == pytest.approx([0.5] * 9)
    for t in range(10, 20):
        last = share.sample(t, 4.5)
    assert last == 0
