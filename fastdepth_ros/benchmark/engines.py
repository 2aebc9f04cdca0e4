"""A model in every engine, precision and number of threads, beside what it is measured by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from fastdepth_ros.benchmark.cells import cell
from fastdepth_ros.benchmark.matmul import SIZE
from fastdepth_ros.benchmark.race import race, ratio, ratio_to_limit, times
from fastdepth_ros.benchmark.worker import Worker
from fastdepth_ros.benchmark.workload import (
    EAGER,
    FASTDEPTH,
    FASTDEPTH_SIZE,
    MODEL,
    Workload,
    read_metadata,
)
from fastdepth_ros.engines.cpu import Cpu
from fastdepth_ros.engines.registry import installed_engines, supported_precisions
from fastdepth_ros.errors import UserError
from fastdepth_ros.network.cost import macs, parameters

Row = dict[str, Any]


def measure_engines(
    model: str,
    engines: Sequence[str],
    precisions: Sequence[str],
    threads: Sequence[int],
    rounds: int,
) -> dict[str, Any]:
    """JSON-ready figures; `precisions` may be empty for all that run here.

    Rows have `engine`, `precision`, `threads`, `median_ms`, `p95_ms`, `cpu_ms`, `peak_mib` and the
    ratios, times over the time of what ran beside them in turns (null where that cannot run):
    `ratio_to_eager` (the same network in eager PyTorch, NCHW, f32), `ratio_to_fastdepth` (the
    published network at 224 x 224 in the same) and `ratio_to_limit` (the network's multiply-adds
    at the rate of a matrix multiply in the row's engine, precision and threads). `skipped` says
    what did not run, and why. UserError where nothing does.
    """
    metadata = read_metadata(model)
    size = metadata.input_width, metadata.input_height
    work = macs(metadata.network, *size)
    rows: list[Row] = []
    skipped: list[Row] = []
    for count in threads:
        workloads = list(workloads_of(model, engines, precisions, count))
        workers, refused = race(workloads, rounds)
        rows += rows_of(workers, work)
        skipped += [_said(w) | {'reason': reason} for w, reason in refused.items()]
    if not rows:
        reasons = '; '.join(f'{s["engine"]} {s["precision"]}: {s["reason"]}' for s in skipped)
        raise UserError(f"nothing of this runs '{model}' here: {reasons}")
    return {
        'model': model,
        'name': metadata.name,
        'encoder': metadata.network.encoder,
        'input': list(size),
        'macs': work,
        'parameters': parameters(metadata.network),
        'fastdepth_input': list(FASTDEPTH_SIZE),
        'limit_matmul': [SIZE, SIZE, SIZE],
        'rounds': rounds,
        'rows': rows,
        'skipped': skipped,
    }


def workloads_of(
    model: str, engines: Sequence[str], precisions: Sequence[str], threads: int
) -> Iterator[Workload]:
    """Every engine and precision that can run here or was asked for, and the two references."""
    cpu = Cpu.detect()
    for engine in engines:
        for precision in precisions or supported_precisions(engine, cpu):
            yield Workload(MODEL, threads, model, engine, precision)
    if 'torch' in installed_engines():
        yield Workload(EAGER, threads, model)
        yield Workload(FASTDEPTH, threads)


def rows_of(workers: Sequence[Worker], work: int) -> list[Row]:
    """A row for each model that ran; `work`: multiply-adds of its network."""
    references = {w.workload.kind: w for w in workers if w.workload.kind != MODEL}
    return [
        {
            'engine': worker.workload.engine,
            'precision': worker.said['precision'],
            'threads': worker.said['threads'],
            **times(worker),
            'ratio_to_eager': ratio(worker, references.get(EAGER)),
            'ratio_to_fastdepth': ratio(worker, references.get(FASTDEPTH)),
            'ratio_to_limit': ratio_to_limit(worker, work),
        }
        for worker in workers
        if worker.workload.kind == MODEL
    ]


def _said(workload: Workload) -> Row:
    return {
        'engine': workload.engine,
        'precision': workload.precision,
        'threads': workload.threads,
    }


COLUMNS = (
    ('median_ms', 'median ms', '.2f'),
    ('p95_ms', 'p95 ms', '.2f'),
    ('cpu_ms', 'CPU ms', '.2f'),
    ('peak_mib', 'peak MiB', '.0f'),
    ('ratio_to_eager', '/ eager', '.3f'),
    ('ratio_to_fastdepth', '/ FastDepth', '.3f'),
    ('ratio_to_limit', '/ limit', '.2f'),
)


def engines_table(result: dict[str, Any]) -> str:
    """The figures as lines of text."""
    width, height = result['input']
    lines = [
        f'{result["name"] or result["model"]}: {result["encoder"]}, {width} x {height}, '
        f'{result["macs"] / 1e9:.3f} GMAC, {result["parameters"] / 1e6:.2f} M parameters; '
        f'{result["rounds"]} turns',
        f'{"engine":<12}{"":<6}{"threads":>8}' + ''.join(f'{name:>12}' for _, name, _ in COLUMNS),
    ]
    for row in result['rows']:
        cells = ''.join(f'{cell(row[key], form):>12}' for key, _, form in COLUMNS)
        lines.append(f'{row["engine"]:<12}{row["precision"]:<6}{row["threads"]:>8}{cells}')
    lines += [
        f'not run: {s["engine"]} {s["precision"]}, {s["threads"]} threads: {s["reason"]}'
        for s in result['skipped']
    ]
    return '\n'.join(lines)
