"""Workloads timed in turns, so that what else the machine does falls on all of them alike."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from statistics import median

import numpy as np
from tqdm import tqdm

from fastdepth_ros.benchmark.worker import Burst, Worker
from fastdepth_ros.benchmark.workload import EAGER, FASTDEPTH, MODEL, Workload
from fastdepth_ros.errors import UserError

Row = dict[str, object]


@contextlib.contextmanager
def started(workloads: Sequence[Workload]) -> Iterator[tuple[list[Worker], dict[Workload, str]]]:
    """Workers of those that can run here, and why the others cannot; all end with the context."""
    workers: list[Worker] = []
    refused: dict[Workload, str] = {}
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


def run_race(workers: Sequence[Worker], rounds: int, burst: float) -> None:
    """`rounds` bursts of `burst` seconds of each, in turns."""
    with tqdm(total=rounds * len(workers), desc='timing', leave=False) as bar:
        for _ in range(rounds):
            for worker in workers:
                worker.run(burst)
                bar.update()


def rows_of(workers: Sequence[Worker], macs: int) -> list[Row]:
    """A row for each model that ran; `macs`: multiply-adds of its network."""
    references = {w.workload.kind: w for w in workers if w.workload.kind != MODEL}
    return [_row(w, references, macs) for w in workers if w.workload.kind == MODEL]


def _row(worker: Worker, references: dict[str, Worker], macs: int) -> Row:
    milliseconds = 1e3 * np.array([s for burst in worker.bursts for s in burst.seconds])
    return {
        'engine': worker.workload.engine,
        'precision': worker.said['precision'],
        'threads': worker.said['threads'],
        'median_ms': float(np.median(milliseconds)),
        'p95_ms': float(np.percentile(milliseconds, 95)),
        'cpu_ms': 1e3 * sum(b.cpu for b in worker.bursts) / len(milliseconds),
        'peak_mib': worker.peak_mib,
        'ratio_to_eager': _ratio(worker, references.get(EAGER)),
        'ratio_to_fastdepth': _ratio(worker, references.get(FASTDEPTH)),
        'ratio_to_limit': _ratio_to_limit(worker.bursts, macs),
    }


def _ratio(worker: Worker, reference: Worker | None) -> float | None:
    """Time over the reference's time: the median over rounds, so a slow moment counts once."""
    if reference is None:
        return None
    pairs = zip(worker.bursts, reference.bursts, strict=True)
    return median(median(mine.seconds) / median(other.seconds) for mine, other in pairs)


def _ratio_to_limit(bursts: Sequence[Burst], macs: int) -> float | None:
    ratios = [median(b.seconds) * b.rate / macs for b in bursts if b.rate]
    return median(ratios) if ratios else None
