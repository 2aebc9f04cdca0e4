"""The processes of a soak, and what is seen of them each second."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Callable

from diagnostic_msgs.msg import DiagnosticArray
from rclpy.executors import Executor

from fastdepth_ros.benchmark.node_setup import (
    NODE,
    QUIET,
    Setup,
    Subject,
    environment,
    start_camera,
    start_subject,
)
from fastdepth_ros.benchmark.ros.probe import Probe
from fastdepth_ros.benchmark.ros.session import SETTLE, START_LIMIT
from fastdepth_ros.documents import parse_json
from fastdepth_ros.errors import UserError
from fastdepth_ros.processes.child import ChildProcess
from fastdepth_ros.processes.group import ProcessGroup
from fastdepth_ros.reliability.process_usage import Usage
from fastdepth_ros.reliability.soak_figures import MIB, Second, Soak, figures_of, median_of
from fastdepth_ros.ros.session import reliable, ros, set_domain, spinning

HEARD = ('depth/image', 'depth/points', 'depth/scan')
STATUS = 'depth_node: depth'  # in /diagnostics
LOST, SKIPPED = 'lost in transport', 'skipped while busy'
ON_ITS_WAY = 10**9  # ns after which an image without an answer has none
SHOWN_EVERY = 10  # s
WARM_UP = 60.0  # s at most, and at most a fifth of the time


class SoakProbe(Probe):
    """Listens to the camera, the depth and the node's own counts."""

    def __init__(self, received: list[int]) -> None:
        super().__init__(received)
        self.counts: dict[str, int] = {}  # LOST and SKIPPED, as the node says
        self.listen(to_depth=True)
        self.create_subscription(
            DiagnosticArray, '/diagnostics', self._on_diagnostics, reliable(10)
        )

    def take(self, before: int) -> tuple[int, list[float]]:
        """(images, latencies of their depths, ms) of stamps up to `before`, ns; forgets them."""
        done = [stamp for stamp in self.sent if stamp < before]
        self.sent = self.sent[len(done) :]
        answers = [(self.answers[s] - s) / 1e6 for s in done if s in self.answers]
        self.answers = {s: came for s, came in self.answers.items() if s >= before}
        return len(done), answers

    def _on_diagnostics(self, message: DiagnosticArray) -> None:
        for status in message.status:
            if status.name == STATUS:
                values = {item.key: item.value for item in status.values}
                self.counts = {name: int(values[name]) for name in (LOST, SKIPPED)}


class SoakRun:
    """The processes, which all run while this one listens."""

    def __init__(self, probe: SoakProbe, executor: Executor, group: ProcessGroup) -> None:
        self._probe, self._executor, self._group = probe, executor, group

    def wait_for(self, what: str, done: Callable[[], bool]) -> None:
        """UserError where it does not come to that."""
        if not self._probe.spin(
            self._executor, START_LIMIT, lambda: self._group.check() or done()
        ):
            raise UserError(f'{what} within {START_LIMIT:.0f} s')

    def watch(self, node: ChildProcess, duration: float) -> list[Second]:
        """For that long, or until a signal."""
        seconds: list[Second] = []
        begin = time.monotonic()
        self._probe.take(time.time_ns())
        with contextlib.suppress(KeyboardInterrupt):
            while time.monotonic() < begin + duration:
                self._probe.spin(self._executor, 1.0, self._group.check)
                sent, latencies = self._probe.take(time.time_ns() - ON_ITS_WAY)
                seconds.append(
                    Second(sent, latencies, Usage.of_process(node.pid), os.getloadavg()[0])
                )
                if len(seconds) % SHOWN_EVERY == 0:
                    show(time.monotonic() - begin, seconds[-SHOWN_EVERY:], self._probe.counts)
        return seconds

    def fresh_counts(self) -> dict[str, int]:
        """What the node has counted until now."""
        self._probe.counts = {}
        self.wait_for('no diagnostics have come', lambda: bool(self._probe.counts))
        return self._probe.counts


def run_soak(setup: Setup, duration: float, received: list[int]) -> Soak:
    """The figures of so many seconds; a signal noted in `received` ends it early.

    ProcessEndedError where a process did, UserError where nothing came.
    """
    set_domain()
    group = ProcessGroup()
    with ros([]), spinning(probe := SoakProbe(received)) as executor:
        run = SoakRun(probe, executor, group)
        with contextlib.ExitStack() as stack:
            start = stack.enter_context
            start(group.running(start_camera(setup)))
            run.wait_for('the camera sent nothing', lambda: bool(probe.sent))
            node = start(group.running(start_subject(Subject(NODE, answers=True), setup)))
            listeners = [start(group.running(start_listener(topic, setup))) for topic in HEARD]
            run.wait_for('no depth came', lambda: bool(probe.answers))
            run.wait_for(
                'the listeners have not subscribed',
                lambda: all(probe.count_subscribers(f'/{topic}') for topic in HEARD),
            )
            probe.spin(executor, SETTLE, group.check)
            before, begin = run.fresh_counts(), time.monotonic()
            seconds = run.watch(node, duration)
            if not seconds:
                raise KeyboardInterrupt
            duration = time.monotonic() - begin
            received.clear()  # it has ended the watching; what follows takes a second
            after = run.fresh_counts()
        lost = {'the node': after[LOST] - before[LOST]}
        lost |= {child.name: parse_json(child.last_lines[-1])['lost'] for child in listeners}
        skipped = after[SKIPPED] - before[SKIPPED]
        warm_up = int(min(WARM_UP, duration / 5))
        return figures_of(seconds, warm_up, duration, lost, skipped)


def start_listener(topic: str, setup: Setup) -> ChildProcess:
    """The process of listener.py."""
    module = 'fastdepth_ros.reliability.ros.listener'
    arguments = [topic, '--ros-args', *QUIET]
    return ChildProcess(topic, arguments, module, environment(setup.transport))


def show(elapsed: float, seconds: list[Second], counts: dict[str, int]) -> None:
    """A line of progress on stderr."""
    latency = median_of([latency for second in seconds for latency in second.latencies])
    usage = seconds[-1].usage
    print(
        f'{elapsed:5.0f} s | {sum(len(s.latencies) for s in seconds)} of '
        f'{sum(s.sent for s in seconds)} answered | latency p50 {latency or 0:5.1f} ms | '
        f'RSS {usage.rss / MIB:.1f} MiB | threads {usage.threads} | fds {usage.fds} | '
        f'lost {counts.get(LOST, 0)}, skipped {counts.get(SKIPPED, 0)} since the start',
        file=sys.stderr,
        flush=True,
    )
