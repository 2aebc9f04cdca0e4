"""What becomes of stamps and answers."""

from __future__ import annotations

import json

import pytest

from fastdepth_ros.benchmark.bare import BARE, ENGINE, Paced
from fastdepth_ros.benchmark.node_figures import (
    Turn,
    cpu_of_stages,
    missing_of,
    node_row,
    where_it_goes,
)
from fastdepth_ros.benchmark.node_setup import IDLE, NODE, RECEIVE, Subject
from fastdepth_ros.benchmark.node_table import node_table

MS = 1_000_000
UNLOADED = Subject(NODE, answers=True)
BUSY = Subject(NODE, answers=True, busy=True)


def turn(answers: dict[int, int], sent: int = 10, cpu: float = 0.1) -> Turn:
    """Images every 30 ms; `answers`: number of the image to its latency, ms."""
    came = {30 * MS * n: (30 * n + latency) * MS for n, latency in answers.items()}
    return Turn([30 * MS * n for n in range(sent)], came, cpu, threads=9)


def test_an_image_that_came_while_another_was_on_its_way_was_skipped() -> None:
    every_third = turn({0: 70, 3: 70, 6: 70, 9: 70})
    assert missing_of(every_third) == (0, 6)


def test_an_image_that_is_missing_while_the_node_was_free_got_lost() -> None:
    assert missing_of(turn({n: 12 for n in range(10) if n not in (4, 9)})) == (2, 0)
    assert missing_of(turn({})) == (10, 0)


def test_a_row_is_over_all_turns_and_busy_is_compared_with_unloaded() -> None:
    calm, loaded = [turn(dict.fromkeys(range(10), 10))] * 2, [turn(dict.fromkeys(range(8), 40))]
    row = node_row(BUSY, loaded, {UNLOADED: calm, BUSY: loaded})
    assert row['latency_p50_ms'] == row['latency_p99_ms'] == pytest.approx(40)
    assert row['p99_over_unloaded_p50'] == pytest.approx(4)
    assert (row['sent'], row['answered']) == (10, 8)
    assert row['lost'] + row['skipped'] == 2
    row = node_row(UNLOADED, calm, {UNLOADED: calm})
    assert (row['sent'], row['answered'], row['process_threads']) == (20, 20, 9)
    assert row['cpu_ms'] == pytest.approx(1e3 * 0.2 / 20)


@pytest.mark.parametrize('turns', [[], [turn({})]])
def test_a_node_without_answers_has_no_latencies(turns: list[Turn]) -> None:
    row = node_row(UNLOADED, turns, {})
    assert row['latency_p50_ms'] is row['cpu_ms'] is row['p99_over_unloaded_p50'] is None
    assert row['lost'] == (10 if turns else None)
    json.dumps(row, allow_nan=False)


def test_the_parts_of_the_cpu_add_up_to_the_node_s() -> None:
    said = {'engine': 'e', 'precision': 'f32', 'threads': 1}
    paced = {ENGINE: [Paced(10, 0.08, said)], BARE: [Paced(10, 0.09, said)]}
    heard = {
        Subject(RECEIVE, answers=False): [turn({}, cpu=0.02)],
        Subject(IDLE, answers=False): [turn({}, cpu=0.025)],
        UNLOADED: [turn(dict.fromkeys(range(10), 9), cpu=0.13)],
        BUSY: [turn({}, cpu=9.9)],
    }
    cpu = cpu_of_stages(paced, heard)
    assert cpu == pytest.approx(
        {'engine': 8, 'bare': 9, 'receive': 2, 'idle': 2.5, 'depth_node': 13}
    )
    where = where_it_goes(cpu)
    assert where is not None
    *parts, beside_bare, whole = where.values()
    assert sum(parts) == pytest.approx(whole) == pytest.approx(13)
    assert beside_bare == pytest.approx(4)
    assert where_it_goes({**cpu, NODE: None}) is None


def test_the_table_shows_what_is_missing_as_such() -> None:
    result = {
        'model': 'default',
        'engine': 'openvino',
        'precision': 'f32',
        'threads': 1,
        'size': [640, 480],
        'rate_hz': 30.0,
        'transport': 'shm',
        'duration_s': 10.0,
        'rounds': 2,
        'naive_lacks': 'torch not installed: no naive node',
        'rows': [node_row(UNLOADED, [turn({0: 12})], {}), node_row(BUSY, [], {})],
        'where': None,
    }
    lines = node_table(result).splitlines()
    assert '640 x 480 at 30 Hz' in lines[0]
    shown = next(line.split() for line in lines if line.startswith('depth_node  '))
    assert shown[1:8] == ['12.0', '12.0', '12.0', '100.0', '10', '9', '0']
    assert next(line for line in lines if 'busy' in line).split().count('-') == 9
    assert 'torch not installed: no naive node' in lines
