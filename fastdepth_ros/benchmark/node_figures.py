"""From what was heard of a node to its figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from fastdepth_ros.benchmark.bare import BARE, ENGINE, Paced
from fastdepth_ros.benchmark.node_setup import IDLE, NODE, RECEIVE, Subject


@dataclass(frozen=True)
class Turn:
    """One stretch of time beside a node."""

    sent: list[int]  # stamps of the camera's images, ns
    answers: Mapping[int, int]  # stamp to when the depth was received, ns
    cpu: float  # s that the node's process used
    threads: int  # that it has


def missing_of(turn: Turn) -> tuple[int, int]:
    """(lost in transport, skipped while busy) of the images without an answer.

    From outside an image counts as skipped if it was sent while another one was on its way to
    its answer: where a node is always busy, one that got lost looks the same.
    """
    busy = [(stamp, came) for stamp, came in turn.answers.items()]
    missing = [stamp for stamp in turn.sent if stamp not in turn.answers]
    skipped = sum(any(begin < stamp < end for begin, end in busy) for stamp in missing)
    return len(missing) - skipped, skipped


def node_row(
    subject: Subject, turns: Sequence[Turn], others: Mapping[Subject, Sequence[Turn]]
) -> dict[str, Any]:
    """JSON-ready figures of a node; None where it gave none.

    `others` holds the turns of the same node without load, for `p99_over_unloaded_p50`.
    """
    latencies = latencies_of(turns)
    unloaded = percentile(latencies_of(others.get(replace(subject, busy=False), [])), 50)
    p99 = percentile(latencies, 99)
    missing = [missing_of(turn) for turn in turns]
    return {
        'node': subject.name,
        'busy': subject.busy,
        'latency_p50_ms': percentile(latencies, 50),
        'latency_p95_ms': percentile(latencies, 95),
        'latency_p99_ms': p99,
        'p99_over_unloaded_p50': p99 / unloaded if p99 and unloaded else None,
        'cpu_ms': _cpu(turns, len(latencies)),
        'sent': sum(len(turn.sent) for turn in turns) if turns else None,
        'answered': len(latencies) if turns else None,
        'lost': sum(lost for lost, _ in missing) if turns else None,
        'skipped': sum(skipped for _, skipped in missing) if turns else None,
        'process_threads': max((turn.threads for turn in turns), default=None),
    }


def latencies_of(turns: Sequence[Turn]) -> list[float]:
    """ms from each stamp to when its depth was received."""
    return [
        (turn.answers[stamp] - stamp) / 1e6
        for turn in turns
        for stamp in turn.sent
        if stamp in turn.answers
    ]


def percentile(values: Sequence[float], which: float) -> float | None:
    """None where there are no values."""
    return float(np.percentile(values, which)) if values else None


def cpu_of_stages(
    paced: Mapping[str, Sequence[Paced]], heard: Mapping[Subject, Sequence[Turn]]
) -> dict[str, float | None]:
    """ms of CPU a frame: a call of the engine, an image sent, or for nodes a depth."""
    found: dict[str, float | None] = {
        kind: 1e3 * sum(run.cpu for run in runs) / sum(run.frames for run in runs)
        for kind, runs in paced.items()
    }
    for subject, turns in heard.items():
        if not subject.busy:
            frames = [len(turn.answers if subject.answers else turn.sent) for turn in turns]
            found[subject.name] = _cpu(turns, sum(frames))
    return found


def _cpu(turns: Sequence[Turn], frames: int) -> float | None:
    return 1e3 * sum(turn.cpu for turn in turns) / frames if frames else None


def where_it_goes(cpu: Mapping[str, float | None]) -> dict[str, float] | None:
    """The CPU of a depth, ms, as differences between processes; the parts add up to the node's.

    None where a process answered nothing.
    """
    stages = [value for s in (ENGINE, BARE, RECEIVE, IDLE, NODE) if (value := cpu[s]) is not None]
    if len(stages) < 5:
        return None
    engine, bare, receive, idle, node = stages
    return {
        'engine': engine,
        'resize, metres': bare - engine,
        'transport, rclpy': receive,
        'CameraInfo, timers, diagnostics': idle - receive,
        'publishing, and the rest': node - idle - bare,
        'all but engine, resize and metres': node - bare,
        'all': node,
    }
