from __future__ import annotations

import numpy as np
import pytest

from fastdepth_ros.budget.governor import CpuGovernor

RECEIVE, PROCESS = 0.0025, 0.011  # s of CPU an image


def drive(budget: float, rate: float = 30.0, seconds: float = 60.0) -> tuple[np.ndarray, ...]:
    """(times, CPU so far, which images passed) of a camera."""
    governor, cpu = CpuGovernor(budget), 0.0
    times = np.arange(0, seconds, 1 / rate)
    used, passed = [], []
    for now in times:
        cpu += RECEIVE
        passed.append(governor.passes(float(now), cpu))
        cpu += PROCESS * passed[-1]
        used.append(cpu)
    return times, np.array(used), np.array(passed)


def window_shares(times: np.ndarray, used: np.ndarray, seconds: float = 10.0) -> np.ndarray:
    ends = np.searchsorted(times, times + seconds)
    whole = ends < len(times)
    return (used[ends[whole]] - used[whole]) / (times[ends[whole]] - times[whole])


@pytest.mark.parametrize('budget', [0.1, 0.2, 0.3])
def test_any_ten_seconds_are_within_a_tenth_of_the_budget(budget: float) -> None:
    times, used, passed = drive(budget)
    shares = window_shares(times, used)
    assert shares.max() <= 1.1 * budget
    assert shares.min() >= 0.9 * budget
    gaps = np.diff(np.flatnonzero(passed))
    assert gaps.max() - gaps.min() <= 1, 'evenly'


def test_a_camera_that_needs_less_loses_nothing() -> None:
    _, used, passed = drive(0.5)
    assert passed[1:].all()
    assert used[-1] / 60 < 0.5


def test_a_pause_is_not_caught_up_on() -> None:
    governor = CpuGovernor(0.1)
    governor.passes(0.0, 0.0)
    cpu = 0.0
    for i in range(60):
        cpu += RECEIVE + PROCESS * governor.passes(100 + i / 30, cpu)
    assert cpu < 0.1 * 2 + 0.1 * 0.25 + PROCESS + RECEIVE


def test_zero_is_no_budget_and_a_budget_that_receiving_exceeds_is_told() -> None:
    assert drive(0.0)[2].all()
    governor, cpu = CpuGovernor(0.01), 0.0
    for i in range(3000):
        cpu += RECEIVE
        governor.passes(i / 30, cpu)
    assert governor.exceeded
    assert not CpuGovernor(0.5).exceeded
