"""The demo while it runs: watches the two processes and shows a line each second."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass

import numpy as np
import psutil
from rclpy.executors import Executor

from fastdepth_ros.demo.report import Run, percent
from fastdepth_ros.demo.ros.listener import DemoListener
from fastdepth_ros.processes.child import ChildProcess
from fastdepth_ros.ros.session import WAIT

START_LIMIT = 120.0  # s until the first depth: the room is rendered before
SAMPLE_LIMIT = 30.0  # s from there until a frame is whole: discovery can take some
USER_ERROR = 2  # the exit code of a command that was given what it cannot use


class DemoError(Exception):
    """A process of the demo ended, or never began; `code` is the exit code that fits."""

    def __init__(self, text: str, code: int = 1) -> None:
        super().__init__(text)
        self.code = code


@dataclass(frozen=True)
class Snapshot:
    """Where the counters stand."""

    time: float  # s, monotonic
    answers: int
    cpu: float | None  # s that the depth node has used; None: it has ended


class LiveDemo:
    """Listens in this thread until a signal is noted in `received`."""

    def __init__(
        self,
        listener: DemoListener,
        executor: Executor,
        children: list[ChildProcess],
        received: list[int],
    ) -> None:
        self.listener = listener
        self._executor = executor
        self._children = children  # the camera and the depth node
        self._received = received

    def wait_for_sample(self) -> bool:
        """Until a frame has come whole; False where a signal came before any depth image.

        Where parts of every frame are lost, the measurement begins SAMPLE_LIMIT after the first
        depth image.
        """
        count, end = self.listener.count, time.monotonic() + START_LIMIT
        while not count.answers and not self._received:
            if time.monotonic() > end:
                raise DemoError(f'no depth image came within {START_LIMIT:.0f} s')
            self._spin()
        end = time.monotonic() + SAMPLE_LIMIT
        while not (self.listener.samples.kept or self._received) and time.monotonic() < end:
            self._spin()
        return count.answers > 0

    def measure(self, duration: float) -> Run:
        """Listens for `duration` seconds (0: until a signal), with a live line on stderr."""
        begin = shown = self._snapshot()
        while not self._received and (not duration or time.monotonic() < begin.time + duration):
            self._spin()
            if time.monotonic() >= shown.time + 1:
                last, shown = shown, self._snapshot()
                _show(shown.time - begin.time, self._run(last, shown))
        if sys.stderr.isatty():
            print(file=sys.stderr)
        return self._run(begin, self._snapshot())

    def _spin(self) -> None:
        """Takes one message; DemoError if a process has ended."""
        self._executor.spin_once(timeout_sec=WAIT)
        for child in self._children:
            code = child.exit_code()
            if code is not None and not self._received:
                child.end()  # reads its last words
                last = child.last_lines[-1] if child.last_lines else 'it said nothing'
                raise DemoError(
                    f'{child.name} ended with exit code {code}: {last.removeprefix("error: ")}',
                    USER_ERROR if code == USER_ERROR else 1,
                )

    def _snapshot(self) -> Snapshot:
        try:
            times = psutil.Process(self._children[1].pid).cpu_times()
            cpu = times.user + times.system
        except psutil.NoSuchProcess:  # _spin says so
            cpu = None
        return Snapshot(time.monotonic(), self.listener.count.answers, cpu)

    def _run(self, begin: Snapshot, end: Snapshot) -> Run:
        """What happened between two snapshots; the frames lost are those of the whole demo."""
        seconds, frames = end.time - begin.time, end.answers - begin.answers
        # the depth that started the measurement counts where there is none after it
        latencies = self.listener.latencies[min(begin.answers, end.answers - 1) : end.answers]
        p50, p95 = (float(p) for p in np.percentile(latencies, (50, 95)))
        share = None
        if begin.cpu is not None and end.cpu is not None:
            share = (end.cpu - begin.cpu) / seconds
        lost = self.listener.count.lost
        return Run(seconds, frames / seconds, p50, p95, share, frames, lost)


def _show(seconds: float, run: Run) -> None:
    line = (
        f'{seconds:4.0f} s | depth {run.rate_hz:5.1f} Hz | latency p50 {run.latency_p50_ms:5.1f} '
        f'p95 {run.latency_p95_ms:5.1f} ms | CPU {percent(run.cpu_share):>3} % | lost {run.lost}'
    )
    terminal = sys.stderr.isatty()
    print(f'\r{line}' if terminal else line, end='' if terminal else '\n', file=sys.stderr)
    sys.stderr.flush()
