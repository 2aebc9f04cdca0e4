"""Workloads timed in turns, so that what else the machine does falls on all of them alike."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from statistics import median

import numpy as np
from tqdm import tqdm

from fastdepth_ros.benchmark.worker import Worker
from fastdepth_ros.benchmark.workload import Workload
from fastdepth_ros.errors import UserError

BURST = 0.2  # s: long beside one inference, short beside what disturbs a machine

Refused = dict[Workload, str]


def race(workloads: Sequence[Workload], rounds: int) -> tuple[list[Worker], Refused]:
    """The workers after `rounds` bursts of each, in turns; and what could not run, and why."""
    with started(workloads) as (workers, refused):
        with tqdm(total=rounds * len(workers), desc='timing', leave=False) as bar:
            for _ in range(rounds):
                for worker in workers:
                    worker.run(BURST)
                    bar.update()
        return workers, refused


@contextlib.contextmanager
def started(workloads: Sequence[Workload]) -> Iterator[tuple[list[Worker], Refused]]:
    """Workers of those that can run here, and why the others cannot; all end with the context."""
    workers: list[Worker] = []
    refused: Refused = {}
    try:
        for workload in tqdm(workloads, desc='loading', leave=False):
            worker = Worker(workload)
            workers.append(worker)
            try:
                worker.start()
            except UserError as error:
                refused[workload] = str(error)
                workers.remove(worker)
                worker.end()
        yield workers, refused
    finally:
        for worker in workers:
            worker.end()


def times(worker: Worker) -> dict[str, float | None]:
    """`median_ms`, `p95_ms` and `cpu_ms` of a step, and `peak_mib` of the process (or None)."""
    milliseconds = 1e3 * np.array([s for burst in worker.bursts for s in burst.seconds])
    return {
        'median_ms': float(np.median(milliseconds)),
        'p95_ms': float(np.percentile(milliseconds, 95)),
        'cpu_ms': 1e3 * sum(b.cpu for b in worker.bursts) / len(milliseconds),
        'peak_mib': worker.peak_mib,
    }


def ratio(worker: Worker, reference: Worker | None) -> float | None:
    """Time over the reference's time: the median over rounds, so a slow moment counts once."""
    if reference is None:
        return None
    pairs = zip(worker.bursts, reference.bursts, strict=True)
    return median(median(mine.seconds) / median(other.seconds) for mine, other in pairs)


def ratio_to_limit(worker: Worker, work: int) -> float | None:
    """Time over that of `work` multiply-adds at the rate measured beside each burst."""
    ratios = [median(b.seconds) * b.rate / work for b in worker.bursts if b.rate]
    return median(ratios) if ratios else None
