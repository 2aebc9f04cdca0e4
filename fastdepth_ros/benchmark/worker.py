"""A process that prepares one workload and times it when told to."""

from __future__ import annotations

import contextlib
import multiprocessing as mp
import signal
import time
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from fastdepth_ros.benchmark.matmul import MatMul
from fastdepth_ros.benchmark.workload import MODEL, Step, Workload
from fastdepth_ros.errors import UserError

READY, FAILED = 'ready', 'failed'
PATIENCE = 120.0  # s for libraries to load and models to compile, on a busy machine too
WARM_UP = 5  # steps


@dataclass(frozen=True)
class Burst:
    """Some steps in a row, and the machine's best beside them."""

    seconds: list[float]
    cpu: float  # s of all threads, in all
    rate: float | None  # multiply-adds a second of a matrix multiply; None: not known


@dataclass
class Worker:
    """The parent's end of one workload."""

    workload: Workload
    said: dict[str, Any] = field(default_factory=dict)  # precision and threads, as they run
    peak_mib: float | None = None  # memory of the process, its libraries and the model
    bursts: list[Burst] = field(default_factory=list)

    def start(self) -> None:
        """Starts the process, and waits until it is warm; UserError if it cannot run this."""
        context = mp.get_context('spawn')
        self._connection, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(self.workload, other), daemon=True)
        self._process.start()
        other.close()
        state, *values = self._receive()
        if state == FAILED:
            raise UserError(values[0])
        self.said, self.peak_mib = values

    def run(self, seconds: float) -> None:
        """One burst of about that long; UserError if the process has ended."""
        with contextlib.suppress(BrokenPipeError):  # receiving says so
            self._connection.send(seconds)
        (burst,) = self._receive()
        self.bursts.append(burst)

    def end(self) -> None:
        """Ends the process, however it is."""
        self._process.terminate()
        self._process.join()

    def _receive(self) -> tuple[Any, ...]:
        if self._connection.poll(PATIENCE):
            with contextlib.suppress(EOFError, ConnectionResetError):
                return tuple(self._connection.recv())
        raise UserError(f'the process of [{self.workload}] has ended or does not answer')


def _serve(workload: Workload, connection: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's
    try:
        step, said = workload.prepare()
    except (UserError, ModuleNotFoundError) as error:
        connection.send((FAILED, str(error)))
        return
    for _ in range(WARM_UP):
        step()
    connection.send((READY, said, peak_mib()))
    best = _best(workload, said)
    while True:
        try:
            seconds = connection.recv()
        except EOFError:  # the parent has ended
            return
        connection.send((_burst(step, seconds, best),))


def _best(workload: Workload, said: dict[str, Any]) -> MatMul | None:
    if workload.kind != MODEL:
        return None
    try:
        return MatMul(workload.engine, said['precision'], said['threads'])
    except ModuleNotFoundError:
        return None


def _burst(step: Step, seconds: float, best: MatMul | None) -> Burst:
    step()  # what ran before has left the caches cold
    times: list[float] = []
    used, end = time.process_time(), time.perf_counter() + seconds
    while (begin := time.perf_counter()) < end or not times:
        step()
        times.append(time.perf_counter() - begin)
    used = time.process_time() - used
    return Burst(times, used, best.rate() if best else None)


def peak_mib() -> float | None:
    """The most memory that this process has had so far (VmHWM), MiB; None: it is not told."""
    for line in Path('/proc/self/status').read_text().splitlines():
        if line.startswith('VmHWM:'):
            return int(line.split()[1]) / 1024
    return None
