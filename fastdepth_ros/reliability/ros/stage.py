"""Where a fault is injected: a depth node in a process of its own, with its peer in this one."""

from __future__ import annotations

import contextlib
import math
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from rclpy.executors import Executor

from fastdepth_ros.benchmark.node_setup import NODE, Setup, Subject, start_subject
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.processes.child import ChildProcess
from fastdepth_ros.processes.group import ProcessGroup
from fastdepth_ros.reliability.outcome import Outcome
from fastdepth_ros.reliability.ros.peer import Peer
from fastdepth_ros.ros.session import ros, set_domain, spinning

PATIENCE = 60.0  # s after which something is said never to come
SAME_LENS = 1e-6
TURN = 0.02  # s of listening between two looks


@dataclass(frozen=True)
class Options:
    """How often and how hard."""

    setup: Setup
    count: int  # of the quick faults; slower ones happen a tenth or a hundredth as often
    seed: int
    limit: float  # s for a recovery
    start_limit: float  # s from a start to the first depth

    def times(self, part: int) -> int:
        """How often a fault that costs `part` times as much happens."""
        return max(1, self.count // part)


class Stage:
    """One node after the other, and the peer that stays."""

    def __init__(
        self, peer: Peer, executor: Executor, options: Options, received: list[int]
    ) -> None:
        """A signal that is noted in `received` ends all waiting with a KeyboardInterrupt."""
        self.peer, self.options = peer, options
        self.group = ProcessGroup()
        self.random = random.Random(options.seed)
        self._nodes: list[ChildProcess] = []
        self._executor, self._received = executor, received

    def outcome(self) -> Outcome:
        """One to be filled in."""
        return Outcome(self.options.limit)

    def start(self, *ros_args: str) -> ChildProcess:
        """A depth node; not waited for."""
        node = start_subject(Subject(NODE, answers=True), self.options.setup, *ros_args)
        self._nodes.append(node)
        return node

    @property
    def tracebacks(self) -> int:
        """Of all nodes so far."""
        return sum(node.tracebacks for node in self._nodes)

    @contextlib.contextmanager
    def running_node(self, *ros_args: str) -> Iterator[ChildProcess]:
        """A depth node that answers; it ends with the context. ProcessEndedError if it cannot."""
        with self.group.running(self.start(*ros_args)) as node:
            self.recover()
            yield node

    def spin(self, seconds: float) -> None:
        """The peer goes on for that long."""
        self.until(lambda: False, seconds)

    def until(self, done: Callable[[], bool], seconds: float = PATIENCE) -> bool:
        """Whether it came to that in time; ProcessEndedError if a process ended meanwhile."""
        end = time.monotonic() + seconds
        while not (finished := done()) and time.monotonic() < end:
            self._executor.spin_once(timeout_sec=TURN)
            self.group.check()
            if self._received:
                raise KeyboardInterrupt
        return finished

    def recover(self) -> float:
        """s from now to the first depth of an image sent from now on; infinite for never."""
        self.peer.forget()
        if not self.until(lambda: bool(self.peer.answers)):
            return math.inf
        return self.peer.answers[0].came - self.peer.begin

    def recover_as(self, lens: Intrinsics) -> float:
        """s until the depth's camera_info tells of this lens; infinite for never."""
        begin, share = time.monotonic(), lens.fx / lens.width
        peer = self.peer
        came = self.until(lambda: peer.lens is not None and abs(peer.lens - share) < SAME_LENS)
        return time.monotonic() - begin if came else math.inf

    def call(self, kind: Any, name: str, request: Any) -> Any | None:
        """The response of a service of the node; None where none came."""
        client: Any = self.peer.create_client(kind, f'/depth_node/{name}')
        try:
            if not self.until(client.service_is_ready):
                return None
            future = client.call_async(request)
            return future.result() if self.until(future.done) else None
        finally:
            self.peer.destroy_client(client)


@contextlib.contextmanager
def stage(options: Options, received: list[int]) -> Iterator[Stage]:
    """A peer that spins while it is waited for."""
    set_domain()
    setup = options.setup
    with ros([]), spinning(peer := Peer(setup.size, setup.rate)) as executor:
        yield Stage(peer, executor, options, received)
