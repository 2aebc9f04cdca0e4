"""Processes that take turns beside one camera, and what is heard of each."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import psutil
from rclpy.executors import Executor

from fastdepth_ros.benchmark.busy import busy_processes
from fastdepth_ros.benchmark.node_figures import Turn
from fastdepth_ros.benchmark.node_setup import Setup, Subject, start_camera, start_subject
from fastdepth_ros.benchmark.ros.probe import IMAGE, Probe
from fastdepth_ros.engines.cpu import available_cores
from fastdepth_ros.errors import UserError
from fastdepth_ros.processes.child import ChildProcess
from fastdepth_ros.processes.group import ProcessGroup
from fastdepth_ros.ros.session import ros, set_domain, spinning

START_LIMIT = 120.0  # s for a process to subscribe, on a busy machine too
SETTLE = 2.0  # s from there until it is measured: QoS is agreed on, and engines are warm
DRAIN = 1.0  # s at most, for the last answers


class Session:
    """The camera, and the probe in this process."""

    def __init__(self, probe: Probe, executor: Executor, setup: Setup) -> None:
        self._probe, self._executor, self._setup = probe, executor, setup
        self._group = ProcessGroup()

    def turn(self, subject: Subject, seconds: float) -> Turn:
        """Starts the subject's process, measures it for that long, and ends it."""
        self._probe.listen(subject.answers)
        self._wait_for_subscribers(0)
        child = start_subject(subject, self._setup)
        with self._group.running(child):
            self._wait_for_subscribers(1)
            with busy_processes(available_cores() if subject.busy else 0):
                self._spin(SETTLE)
                return self._measure(child, seconds)

    @contextlib.contextmanager
    def camera(self) -> Iterator[None]:
        """A camera whose images come; it ends with the context."""
        probe = self._probe
        with self._group.running(start_camera(self._setup)):
            if not probe.spin(
                self._executor, START_LIMIT, lambda: self._group.check() or bool(probe.sent)
            ):
                raise UserError(f'the camera sent nothing within {START_LIMIT:.0f} s')
            yield

    def _measure(self, child: ChildProcess, seconds: float) -> Turn:
        probe, process = self._probe, psutil.Process(child.pid)
        begin, used = time.time_ns(), cpu_seconds(process)
        self._spin(seconds)
        end, used = time.time_ns(), cpu_seconds(process) - used
        threads = process.num_threads()
        sent = [stamp for stamp in probe.sent if begin <= stamp < end]
        probe.spin(self._executor, DRAIN, lambda: not sent or sent[-1] in probe.answers)
        answers = {stamp: probe.answers[stamp] for stamp in sent if stamp in probe.answers}
        return Turn(sent, answers, used, threads)

    def _wait_for_subscribers(self, count: int) -> None:
        def reached() -> bool:
            self._group.check()
            return self._probe.count_subscribers(IMAGE) == count

        if not self._probe.spin(self._executor, START_LIMIT, reached):
            raise UserError(f'{IMAGE} has not come to {count} subscribers: is another one there?')

    def _spin(self, seconds: float) -> None:
        self._probe.spin(self._executor, seconds, self._group.check)


@contextlib.contextmanager
def session(setup: Setup, received: list[int]) -> Iterator[Session]:
    """A camera whose images come; all processes end with the context.

    A signal that is noted in `received` ends all waiting with a KeyboardInterrupt.
    """
    set_domain()
    with ros([]), spinning(probe := Probe(received)) as executor:
        opened = Session(probe, executor, setup)
        with opened.camera():
            yield opened


def cpu_seconds(process: psutil.Process) -> float:
    """User and system time of all its threads so far."""
    times = process.cpu_times()
    return float(times.user + times.system)
