"""What a camera does to the node."""

from __future__ import annotations

import signal
import time
from dataclasses import replace

from rclpy.time import Time
from rosgraph_msgs.msg import Clock

from fastdepth_ros.benchmark.node_setup import start_camera
from fastdepth_ros.processes.child import ChildProcess
from fastdepth_ros.reliability.outcome import Outcome
from fastdepth_ros.reliability.process_usage import Usage
from fastdepth_ros.reliability.ros.peer import Peer
from fastdepth_ros.reliability.ros.stage import Stage
from fastdepth_ros.reliability.soak_figures import MIB

FLOOD = 10  # times the camera's rate
FLOOD_TIME = 5.0  # s
AWAY = 1.5  # s without camera_info
STILL = 1.0  # s that a clock stands
SHORT = 0.1  # s between two jumps
HOUR = 3600.0
LATER = 2 * HOUR
# s: forward and back by an hour, by little, by a year, to the epoch
JUMPS = (3 * HOUR, 2 * HOUR, 2 * HOUR - 5, 2 * HOUR - 5.5, 24 * 365 * HOUR, 0.0, LATER)
LOOKS_AT_STAMPS = ('-p', 'camera_height:=0.5', '-p', 'smoothing_frames:=3')


def camera_killed(stage: Stage) -> Outcome:
    """SIGKILL to a camera process, and a new one; from its first image that anybody heard."""
    outcome, peer = stage.outcome(), stage.peer
    with stage.running_node():
        peer.sends = False
        peer.hear_cameras(True)
        for _ in range(stage.options.times(200) + 1):
            with stage.group.running(start_camera(stage.options.setup)) as camera:
                outcome.recovered.append(first_depth(stage))
                kill(camera)
            stage.spin(stage.random.uniform(0.1, 2.5))  # shorter and longer than a stale camera
    return outcome


def first_depth(stage: Stage) -> float:
    """s from the first image of a camera that was just started to the first depth."""
    peer = stage.peer
    peer.forget()
    if not stage.until(lambda: bool(peer.answers)):
        return float('inf')
    assert peer.first_heard is not None
    return peer.answers[0].came - peer.first_heard


def kill(child: ChildProcess) -> None:
    """At once."""
    child.send(signal.SIGKILL)
    child.end()


def camera_info_gone(stage: Stage) -> Outcome:
    """No camera_info from the start; then it comes, goes, and comes back as another lens."""
    outcome, peer = stage.outcome(), stage.peer
    known, peer.intrinsics = peer.intrinsics, None
    assert known is not None
    with stage.running_node():
        outcome.gap = 0.0
        for zoom in (1.0, 1.5, 0.7):
            peer.intrinsics = lens = replace(known, fx=zoom * known.fx, fy=zoom * known.fy)
            outcome.recovered.append(stage.recover_as(lens))
            peer.intrinsics = None
            stage.peer.forget()
            stage.spin(AWAY)
            outcome.gap = max(outcome.gap, peer.longest_gap)
    return outcome


def flood(stage: Stage) -> Outcome:
    """A second camera on the same topics, at ten times the rate."""
    outcome, peer, setup = stage.outcome(), stage.peer, stage.options.setup
    with stage.running_node() as node:
        before = Usage.of_process(node.pid).rss
        peer.hear_cameras(True)
        with stage.group.running(start_camera(replace(setup, rate=FLOOD * setup.rate))):
            stage.until(lambda: peer.first_heard is not None)
            peer.forget()
            stage.spin(FLOOD_TIME)
            outcome.gap, answers = peer.longest_gap, len(peer.answers)
            oldest = max((answer.came - answer.sent for answer in peer.answers), default=0.0)
        peer.hear_cameras(False)
        outcome.recovered.append(stage.recover())
        grown = (Usage.of_process(node.pid).rss - before) / MIB
    outcome.note = (
        f'{answers / FLOOD_TIME:.0f} Hz of depth meanwhile, at most {oldest:.2f} s old; '
        f'RSS {grown:+.1f} MiB'
    )
    return outcome


class SimulatedClock:
    """Publishes /clock whenever it is read."""

    def __init__(self, peer: Peer) -> None:
        self._publisher = peer.create_publisher(Clock, '/clock', 10)
        self.jump(LATER)

    def jump(self, seconds: float, runs: bool = True) -> None:
        """To there, and on from there, or not."""
        self._time, self._since, self._runs = seconds, time.monotonic(), runs

    def now(self) -> Time:
        """What time it is."""
        seconds = self._time + self._runs * (time.monotonic() - self._since)
        found = Time(nanoseconds=round(1e9 * seconds))
        self._publisher.publish(Clock(clock=found.to_msg()))
        return found


def clock_jumps(stage: Stage) -> Outcome:
    """use_sim_time, and a clock that jumps forward and back, and stands still."""
    outcome, peer = stage.outcome(), stage.peer
    clock = SimulatedClock(peer)
    peer.now = clock.now
    with stage.running_node('-p', 'use_sim_time:=true', *LOOKS_AT_STAMPS):
        for seconds in JUMPS:
            clock.jump(seconds)
            outcome.recovered.append(stage.recover())
            stage.spin(SHORT)
        clock.jump(LATER, runs=False)
        outcome.recovered.append(stage.recover())
        stage.spin(STILL)
        clock.jump(LATER)
        outcome.recovered.append(stage.recover())
    return outcome
