from __future__ import annotations

import json
import multiprocessing
from pathlib import Path
from statistics import median

import pytest

from fastdepth_ros.benchmark.race import ratio, ratio_to_limit, started, times
from fastdepth_ros.benchmark.worker import Burst, Worker, peak_mib
from fastdepth_ros.benchmark.workload import MODEL, Workload
from fastdepth_ros.errors import UserError

WORKLOAD = Workload(MODEL, 1)


def worker(*bursts: Burst) -> Worker:
    return Worker(WORKLOAD, peak_mib=100.0, bursts=list(bursts))


def test_times_are_of_all_steps_and_cpu_is_shared_among_them() -> None:
    found = times(worker(Burst([0.010, 0.012], 0.022, None), Burst([0.014, 0.040], 0.054, None)))
    assert found['median_ms'] == pytest.approx(13)
    assert found['cpu_ms'] == pytest.approx(1e3 * 0.076 / 4)
    assert found['p95_ms'] > 30
    assert found['peak_mib'] == 100


def test_a_peak_that_the_kernel_does_not_tell_is_null(monkeypatch: pytest.MonkeyPatch) -> None:
    assert peak_mib() > 10
    monkeypatch.setattr(Path, 'read_text', lambda _: 'Name:\tpython\nVmRSS:\t9000 kB\n')
    quiet = Worker(WORKLOAD, peak_mib=peak_mib(), bursts=[Burst([0.01], 0.01, None)])
    assert json.loads(json.dumps(times(quiet), allow_nan=False))['peak_mib'] is None


def test_a_ratio_is_that_of_bursts_beside_each_other() -> None:
    slow_machine = 3  # in the second and third round
    mine = worker(*(Burst([0.01 * f], 0.01, None) for f in (1, slow_machine, slow_machine)))
    other = worker(*(Burst([0.02 * f], 0.01, None) for f in (1, slow_machine, slow_machine)))
    assert ratio(mine, other) == pytest.approx(0.5)
    assert ratio(mine, None) is None


def test_the_limit_is_the_work_at_the_rate_beside_it() -> None:
    mine = worker(Burst([0.010], 0.01, 1e9), Burst([0.020], 0.02, 0.5e9))
    assert ratio_to_limit(mine, 5_000_000) == pytest.approx(median([2, 2]))
    assert ratio_to_limit(worker(Burst([0.01], 0.01, None)), 1) is None


def test_what_cannot_run_says_why_and_no_process_stays() -> None:
    gone = Workload(MODEL, 1, 'gone.onnx', 'openvino', 'f32')
    with started([gone]) as (workers, refused):
        assert workers == []
        assert "'gone.onnx'" in refused[gone]
    assert not multiprocessing.active_children()


def test_a_process_that_dies_is_one_line() -> None:
    lost = Worker(WORKLOAD)
    lost._connection, other = multiprocessing.Pipe()
    other.close()
    with pytest.raises(UserError, match=r'\[model torch f32, 1 threads\] has ended'):
        lost.run(0.1)
