from __future__ import annotations

import numpy as np
import pytest

from fastdepth_ros.budget.rate_limit import RateLimit


def passed(rate: float, times: np.ndarray) -> np.ndarray:
    limit = RateLimit(rate)
    return times[[limit.passes(float(t)) for t in times]]


def test_zero_is_no_limit() -> None:
    times = np.arange(30) / 30
    assert len(passed(0.0, times)) == 30


@pytest.mark.parametrize(('rate', 'expected'), [(10, 100), (20, 200), (30, 300), (7, 70)])
def test_a_camera_of_30_hz_is_thinned_evenly(rate: float, expected: int) -> None:
    times = np.arange(300) / 30
    found = passed(rate, times)
    assert abs(len(found) - expected) <= 1
    assert np.diff(found).max() < 1 / rate + 1 / 30 + 1e-9


def test_jitter_loses_no_image_of_a_camera_that_is_slow_enough(rng: np.random.Generator) -> None:
    times = np.arange(300) / 30 + rng.uniform(-0.003, 0.003, 300)
    assert len(passed(30.0, times)) >= 298
    assert abs(len(passed(15.0, times)) - 150) <= 2


def test_it_is_never_exceeded_over_time(rng: np.random.Generator) -> None:
    times = np.cumsum(rng.exponential(0.01, 5000))
    found = passed(10.0, times)
    counts = [np.sum((found >= t) & (found < t + 10)) for t in found]
    assert max(counts) <= 101


def test_a_pause_is_not_caught_up_on() -> None:
    times = np.concatenate([np.arange(30) / 30, 5 + np.arange(30) / 30])
    assert len(passed(10.0, times)) == pytest.approx(20, abs=1)
