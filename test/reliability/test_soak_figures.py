from __future__ import annotations

from dataclasses import replace

import pytest

from fastdepth_ros.reliability.process_usage import Usage
from fastdepth_ros.reliability.soak_figures import MIB, Second, Soak, figures_of

NOTHING_LOST = {'the node': 0, 'depth/scan': 0}


def seconds(count: int, **usage: int) -> list[Second]:
    """30 images a second, all answered in 10 ms."""
    used = Usage(**{'rss': 200 * MIB, 'threads': 20, 'fds': 23, **usage})
    return [Second(30, [10.0] * 30, used, load=1.5) for _ in range(count)]


@pytest.fixture
def steady() -> Soak:
    """A soak in which nothing happened."""
    return figures_of(seconds(100), 20, 100.0, NOTHING_LOST, skipped=0)


def test_a_steady_soak_meets_every_goal(steady: Soak) -> None:
    assert steady.missed_goals() == []
    assert (steady.sent, steady.answered, steady.lost_in_all) == (3000, 3000, 0)
    assert (steady.latency_ms, steady.latency_drift_ms) == (10.0, 0.0)
    assert (steady.rss_mib, steady.rss_growth_mib) == (200.0, 0.0)
    assert steady.line().endswith('threads 20 (+0), fds 23 (+0), load 1.5')
    assert '100 s: sent 3000, lost in transport 0, skipped 0, latency 10.0 ms' in steady.line()
    assert steady.to_json()['missed_goals'] == []


@pytest.mark.parametrize(
    ('change', 'goal'),
    [
        ({'lost': {'the node': 0, 'depth/scan': 2}}, '2 lost in transport (2 to depth/scan)'),
        ({'skipped': 4}, '4 of 3000 skipped: 0.1% at most'),
        ({'rss_growth_mib': 1.0}, 'RSS grew by 1.00 MiB'),
        ({'threads_growth': 1}, '1 threads more'),
        ({'fds_growth': 3}, '3 file descriptors more'),
        ({'answered': 0}, 'no image was answered'),
    ],
)
def test_each_goal_can_be_missed(steady: Soak, change: dict[str, object], goal: str) -> None:
    (missed,) = replace(steady, **change).missed_goals()
    assert goal in missed


def test_what_is_just_allowed_is_no_miss(steady: Soak) -> None:
    assert replace(steady, skipped=3, rss_growth_mib=0.99, fds_growth=-1).missed_goals() == []


def test_growth_counts_from_the_warm_up_on() -> None:
    cold = seconds(20, rss=100 * MIB, threads=3, fds=9)
    soak = figures_of([*cold, *seconds(80)], 20, 100.0, NOTHING_LOST, 0)
    assert (soak.rss_growth_mib, soak.threads_growth, soak.fds_growth) == (0, 0, 0)
    soak = figures_of([*cold, *seconds(80)], 0, 100.0, NOTHING_LOST, 0)
    assert (soak.rss_growth_mib, soak.threads_growth, soak.fds_growth) == (100, 17, 14)


def test_a_peak_that_passes_is_no_growth_of_memory() -> None:
    soak = figures_of(
        [*seconds(50), *seconds(5, rss=300 * MIB), *seconds(45)], 0, 100.0, NOTHING_LOST, 0
    )
    assert soak.rss_growth_mib == 0


def test_latency_drifts_from_the_first_fifth_to_the_last() -> None:
    late = [replace(second, latencies=[12.5] * 30) for second in seconds(50)]
    assert figures_of([*seconds(50), *late], 0, 100.0, {}, 0).latency_drift_ms == 2.5


def test_a_soak_without_answers_has_figures_and_is_none_that_passes() -> None:
    deaf = [replace(second, latencies=[]) for second in seconds(3)]
    soak = figures_of(deaf, 0, 3.0, NOTHING_LOST, 0)
    assert soak.latency_ms is None
    assert soak.latency_drift_ms is None
    assert 'latency - drift -' in soak.line()
    assert soak.missed_goals() == ['no image was answered']
