from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import examples

from fastdepth_ros.budget.governor import SAVED, CpuGovernor

RECEIVE, PROCESS = 0.0025, 0.011  # s of CPU an image


def drive(
    budget: float,
    rate: float = 30.0,
    seconds: float = 60.0,
    receive: float = RECEIVE,
    process: float = PROCESS,
) -> tuple[np.ndarray, ...]:
    """(times, CPU so far, which images passed) of a camera."""
    governor, cpu = CpuGovernor(budget), 0.0
    times = np.arange(0, seconds, 1 / rate)
    used, passed = [], []
    for now in times:
        cpu += receive
        passed.append(governor.passes(float(now), cpu))
        cpu += process * passed[-1]
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


def test_what_receiving_alone_costs_is_not_owed_for_long() -> None:
    governor, cpu, passed = CpuGovernor(0.3), 0.0, []
    for i in range(30 * 620):
        now = i / 30
        cpu += (0.6 if now < 600 else 0.05) / 30
        passed.append((now, governor.passes(now, cpu)))
        if now < 600:
            assert i < 100 or governor.exceeded
        cpu += PROCESS * passed[-1][1]
    first = next(now for now, it in passed if it and now > 600)
    assert first < 604
    assert not governor.exceeded
    late = [it for now, it in passed if now > first]
    assert sum(late) * PROCESS == pytest.approx(0.25 * (620 - first), rel=0.1)


def test_a_pause_in_which_receiving_cost_too_much_is_not_owed_for_long() -> None:
    governor = CpuGovernor(0.3)
    assert governor.passes(0.0, 0.0)
    assert not governor.passes(600.0, 360.0)
    assert governor.passes(603.0, 360.1)


def test_an_image_that_costs_much_is_owed_whole() -> None:
    _, used, passed = drive(0.1, seconds=300.0, process=2.0)
    assert used[-1] / 300 == pytest.approx(0.1, abs=0.01)
    assert passed.sum() == pytest.approx(300 * (0.1 - 30 * RECEIVE) / 2, abs=1)


@settings(deadline=None, max_examples=examples(30))
@given(
    budget=st.floats(0.05, 1.0),
    load=st.floats(0.0, 0.9),
    process=st.floats(0.001, 1.0),
    rate=st.floats(5.0, 60.0),  # slower ones have their images farther apart than SAVED
)
def test_any_ten_seconds_are_within_an_image_of_the_budget(
    budget: float, load: float, process: float, rate: float
) -> None:
    times, used, passed = drive(budget, rate, receive=load * budget / rate, process=process)
    if passed[1:].all():
        return  # it needs less than the budget
    off = 10 * (window_shares(times, used) - budget)
    assert np.abs(off).max() <= process + (SAVED + 1 / rate) * budget
