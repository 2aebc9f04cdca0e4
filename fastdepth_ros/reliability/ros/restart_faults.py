"""The node's own end, at any moment, and its next start."""

from __future__ import annotations

import signal
from pathlib import Path

import psutil

from fastdepth_ros.benchmark.ros.session import cpu_seconds
from fastdepth_ros.processes.child import ChildProcess
from fastdepth_ros.reliability.outcome import Outcome
from fastdepth_ros.reliability.ros.camera_faults import kill
from fastdepth_ros.reliability.ros.stage import Stage
from fastdepth_ros.ros.stale_segments import LOCK, YOUNG

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
LONGEST_LIFE = 4.0  # s until a signal: some come while the node starts
# Python's own answer to a signal that comes before it has loaded this package's first line
TOO_EARLY = (130, 1)
MOST_KILLS = 10


def restarts(stage: Stage) -> Outcome:
    """Signals at random times, also while it starts; from each new start to the first depth."""
    outcome = Outcome(stage.options.start_limit)
    codes, used = [], 0.0
    for number in range(stage.options.times(100)):
        ending = ENDINGS[number % len(ENDINGS)]
        codes.append(end_at_random(stage, ending))
        if not as_it_should(ending, codes[-1]):
            outcome.problems.append(f'exit code {codes[-1]} after {ending.name}')
        with stage.group.running(stage.start()) as node:
            outcome.recovered.append(stage.recover())
            used = max(used, cpu_seconds(psutil.Process(node.pid)))
    outcome.note = f'{used:.1f} s of CPU a start; exit codes {" ".join(map(str, codes))}'
    return outcome


def end_at_random(stage: Stage, ending: signal.Signals) -> int:
    """Starts a node, and sends it a signal; its exit code."""
    with stage.group.running(stage.start()) as node:
        stage.spin(stage.random.uniform(0, LONGEST_LIFE))
        node.send(ending)
        return node.end()


def as_it_should(ending: signal.Signals, code: int) -> bool:
    """Whether a process ends with such a code after this signal."""
    return code == -ending or (ending != signal.SIGKILL and code in (0, *TOO_EARLY))


def stale_segments(stage: Stage) -> Outcome:
    """SIGKILL again and again: the shared memory that is left is removed by later starts."""
    outcome = Outcome(stage.options.start_limit)
    left: set[Path] = set()
    for _ in range(min(stage.options.times(100), MOST_KILLS)):
        with stage.group.running(stage.start()) as node:
            outcome.recovered.append(stage.recover())
            left |= locks_of(node)
            kill(node)
    stage.spin(YOUNG + 1)
    with stage.running_node():
        piled = sum(lock.exists() for lock in left)
    outcome.note = f'{len(left)} segments left by {len(outcome.recovered)} kills, {piled} stay'
    if piled:
        outcome.problems.append('they pile up')
    if not left:
        outcome.problems.append('no shared memory was used')
    return outcome


def locks_of(node: ChildProcess) -> set[Path]:
    """Of the shared-memory segments that are this process's own."""
    files = [link.readlink() for link in Path(f'/proc/{node.pid}/fd').iterdir()]
    return {file for file in files if LOCK.fullmatch(file.name)}
