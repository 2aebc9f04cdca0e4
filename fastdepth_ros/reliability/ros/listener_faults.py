"""What those who listen do to the node."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator

from rclpy.context import Context
from rclpy.node import Node
from rclpy.qos import HistoryPolicy, QoSProfile, ReliabilityPolicy

from fastdepth_ros.reliability.outcome import Outcome
from fastdepth_ros.reliability.process_usage import Usage
from fastdepth_ros.reliability.ros.soak_run import HEARD, start_listener
from fastdepth_ros.reliability.ros.stage import Stage
from fastdepth_ros.reliability.soak_figures import MIB
from fastdepth_ros.ros.outputs import TOPICS
from fastdepth_ros.ros.session import reliable

HEARS, DEAF_TIME = 1.0, 8.0  # s
EVERYTHING = QoSProfile(history=HistoryPolicy.KEEP_ALL, reliability=ReliabilityPolicy.RELIABLE)
PROCESS_SHARE = 20  # of so many subscribers one is a participant of its own, as a new process is
AWAKE = 0.02  # s of a subscriber
MOST_GROWTH = 8.0  # MiB of RSS by all who came and went


def deaf_listener(stage: Stage) -> Outcome:
    """Listeners that never read, and processes that are stopped (SIGSTOP) and go on."""
    outcome, peer = stage.outcome(), stage.peer
    with stage.running_node(), contextlib.ExitStack() as stack:
        stack.enter_context(never_reading())
        children = [
            stack.enter_context(stage.group.running(start_listener(topic, stage.options.setup)))
            for topic in HEARD
        ]
        stage.until(lambda: all(peer.count_subscribers(f'/{t}') > 1 for t in HEARD))
        stage.spin(HEARS)
        for child in children:
            child.send(signal.SIGSTOP)
        peer.forget()
        stage.spin(DEAF_TIME)
        outcome.gap = peer.longest_gap
        for child in children:
            child.send(signal.SIGCONT)
        outcome.recovered.append(stage.recover())
    return outcome


@contextlib.contextmanager
def never_reading() -> Iterator[None]:
    """Subscriptions to all that the node publishes, which keep all and are never asked."""
    with participant('deaf') as node:
        for topic, kind in TOPICS.items():
            node.create_subscription(kind, topic, lambda _: None, EVERYTHING)
        yield


@contextlib.contextmanager
def participant(name: str) -> Iterator[Node]:
    """A node that shares nothing with the others of this process."""
    context = Context()
    context.init()
    try:
        node = Node(name, context=context)
        yield node
        node.destroy_node()
    finally:
        context.try_shutdown()


def subscribers_come_and_go(stage: Stage) -> Outcome:
    """Subscribers to a topic each, which leave again at once; some are new participants."""
    outcome, peer = stage.outcome(), stage.peer
    with stage.running_node() as node:
        come_and_go(stage, stage.options.times(10))  # what is used once is made
        before = Usage.of_process(node.pid)
        peer.forget()
        come_and_go(stage, stage.options.count)
        outcome.gap = peer.longest_gap
        outcome.recovered.append(stage.recover())
        after = Usage.of_process(node.pid)
    outcome.note = growth(before, after)
    outcome.problems += grown(before, after)
    return outcome


def come_and_go(stage: Stage, count: int) -> None:
    """So many subscribers, one after the other."""
    for number in range(count):
        topic, kind = stage.random.choice(list(TOPICS.items()))
        with contextlib.ExitStack() as stack:
            node: Node = stage.peer
            if number % PROCESS_SHARE == 0:
                node = stack.enter_context(participant('guest'))
            subscription = node.create_subscription(kind, topic, lambda _: None, reliable(1))
            stage.spin(stage.random.uniform(0, 2 * AWAKE))
            node.destroy_subscription(subscription)


def growth(before: Usage, after: Usage) -> str:
    """For people."""
    return (
        f'RSS {(after.rss - before.rss) / MIB:+.1f} MiB, threads '
        f'{after.threads - before.threads:+d}, fds {after.fds - before.fds:+d}'
    )


def grown(before: Usage, after: Usage) -> list[str]:
    """What has, and should not have."""
    rules = (
        ((after.rss - before.rss) / MIB > MOST_GROWTH, 'memory'),
        (after.threads > before.threads, 'threads'),
        (after.fds > before.fds, 'file descriptors'),
    )
    return [f'{what} grew' for too_much, what in rules if too_much]
