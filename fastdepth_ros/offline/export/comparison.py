"""What each precision of an ONNX model costs in accuracy and gives in speed, side by side."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tqdm import tqdm

from fastdepth_ros.benchmark.cells import cell
from fastdepth_ros.benchmark.race import race, ratio, times
from fastdepth_ros.benchmark.worker import Worker
from fastdepth_ros.benchmark.workload import MODEL, Workload
from fastdepth_ros.engines.cpu import Cpu
from fastdepth_ros.engines.engine import Engine
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.engines.int8 import INT8, model_files
from fastdepth_ros.engines.registry import AUTO, choose_engine, choose_precisions, load_engine
from fastdepth_ros.offline.data.frames import FrameRef, depth_kind, read_frame
from fastdepth_ros.offline.evaluation.evaluation import Evaluation
from fastdepth_ros.thinning import evenly

Row = dict[str, Any]

MAX_LOSS = 0.01  # of delta 1, by int8
ROUNDS = 15


def compare_precisions(path: Path, refs: list[FrameRef], frames: int) -> list[Row]:
    """A row for each precision that runs here, f32 first, in the engine that auto takes.

    `delta1` and `absrel` (metric, protocol `full`) of up to `frames` of the validation frames
    `refs`, evenly taken; `ms` a frame on one thread, and `ratio_to_f32`, timed in turns: None
    where the process that times it did not start, which a line on stderr explains.
    """
    name = choose_engine(AUTO, str(path))
    names = choose_precisions(AUTO, name, Cpu.detect(), model_files(path))
    precisions = names[::-1]
    engines = [load_engine(str(path), name, precision) for precision in precisions]
    accuracies = score(engines, refs, frames)
    workloads = [Workload(MODEL, 1, str(path), name, precision) for precision in precisions]
    workers, refused = race(workloads, ROUNDS)
    for workload, reason in refused.items():
        print(f'warning: {workload.precision} is not timed: {reason}', file=sys.stderr)
    timed = {worker.workload: worker for worker in workers}
    f32 = timed.get(workloads[0])
    return [
        {
            'engine': engine.name,
            'precision': engine.precision,
            'frames': accuracy['count'],
            'depth': depth_kind(refs),
            'delta1': accuracy['metric']['delta1'],
            'absrel': accuracy['metric']['absrel'],
            **_figures_of_time(timed.get(workload), f32),
        }
        for engine, accuracy, workload in zip(engines, accuracies, workloads, strict=True)
    ]


def _figures_of_time(worker: Worker | None, f32: Worker | None) -> Row:
    if worker is None:
        return {'ms': None, 'ratio_to_f32': None}
    return {'ms': times(worker)['median_ms'], 'ratio_to_f32': ratio(worker, f32)}


def score(engines: list[Engine], refs: list[FrameRef], frames: int) -> list[dict[str, Any]]:
    """What `evaluate` says of each engine; every frame is read once."""
    evaluations = [Evaluation(DepthEstimator.from_engine(engine), 'full') for engine in engines]
    for ref in tqdm(evenly(refs, frames), desc='evaluating', unit='image', leave=False):
        frame = read_frame(ref)
        for evaluation in evaluations:
            evaluation.add(frame)
    return [evaluation.summary() for evaluation in evaluations]


def table(rows: list[Row]) -> str:
    """The rows for people."""
    head = (
        f'{rows[0]["engine"]}, {rows[0]["frames"]} validation frames (depth '
        f'{rows[0]["depth"]}), 1 thread, timed in turns'
    )
    lines = [head, f'{"":<6}{"delta1":>9}{"absrel":>9}{"ms":>9}{"ms / f32":>10}']
    lines += [
        f'{row["precision"]:<6}{row["delta1"]:9.3f}{row["absrel"]:9.3f}'
        f'{cell(row["ms"], ".1f"):>9}{cell(row["ratio_to_f32"], ".2f"):>10}'
        for row in rows
    ]
    return '\n'.join(lines)


def int8_loss(rows: list[Row]) -> float:
    """How much delta 1 int8 loses against f32; 0 where it does not run."""
    delta1 = {row['precision']: row['delta1'] for row in rows}
    return delta1['f32'] - delta1.get(INT8, delta1['f32'])
