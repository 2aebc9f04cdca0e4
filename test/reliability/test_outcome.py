from __future__ import annotations

import json
import math

import pytest

from fastdepth_ros.reliability.outcome import Outcome, table


def test_a_recovery_in_time_is_ok_and_the_slowest_counts() -> None:
    outcome = Outcome(1.0, recovered=[0.2, 0.9], gap=0.5)
    assert outcome.ok
    assert outcome.row('clock_jumps').split() == ['clock_jumps', '2', '0.90', '0.50', '0', 'yes']


@pytest.mark.parametrize(
    'outcome',
    [
        Outcome(1.0, recovered=[0.1, 1.0]),
        Outcome(1.0, recovered=[0.1], gap=1.5),
        Outcome(1.0, recovered=[0.1], problems=['memory grew']),
        Outcome(1.0, recovered=[0.1], exceptions=1),
        Outcome(1.0, recovered=[math.inf]),
    ],
)
def test_one_thing_that_is_not_well_is_enough(outcome: Outcome) -> None:
    assert not outcome.ok
    assert ' NO' in outcome.row('flood')
    assert json.loads(json.dumps(outcome.to_json()))['ok'] is False


def test_what_never_came_is_null_in_json_and_problems_stand_in_the_table() -> None:
    never = Outcome(1.0, recovered=[math.inf], problems=['it ended'], note='too bad')
    assert never.to_json()['recovered_s'] == [None]
    head, row = table([('flood', never)]).splitlines()
    assert head.split()[:2] == ['fault', 'times']
    assert row.endswith('it ended; too bad')
