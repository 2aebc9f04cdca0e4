"""ROS 2 inside a command: opened, closed, and left alone by signals."""

from __future__ import annotations

import contextlib
import os
import random
from collections.abc import Iterator

import rclpy
from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.qos import HistoryPolicy, QoSProfile, ReliabilityPolicy
from rclpy.signals import SignalHandlerOptions

from fastdepth_ros.errors import UserError

WAIT = 0.1  # s of spinning between two looks at whether to stop


def set_domain() -> None:
    """A ROS 2 domain of this run's own on this machine alone, unless the user chose one."""
    os.environ.setdefault('ROS_DOMAIN_ID', str(random.SystemRandom().randint(1, 101)))
    os.environ.setdefault('ROS_AUTOMATIC_DISCOVERY_RANGE', 'LOCALHOST')
    if os.environ.get('ROS_DISTRO') == 'humble':  # later ones warn of it
        os.environ.setdefault('ROS_LOCALHOST_ONLY', '1')


@contextlib.contextmanager
def ros(arguments: list[str]) -> Iterator[None]:
    """ROS with its own arguments, such as remappings; signals are left to the caller."""
    try:
        rclpy.init(args=['--ros-args', *arguments], signal_handler_options=SignalHandlerOptions.NO)
    except RuntimeError as error:
        raise UserError(f'ROS arguments: {error}') from error
    try:
        yield
    finally:
        rclpy.try_shutdown()


@contextlib.contextmanager
def spinning(node: Node) -> Iterator[SingleThreadedExecutor]:
    """An executor of this node, closed before ROS is (later it would complain)."""
    executor = SingleThreadedExecutor()
    executor.add_node(node)
    try:
        yield executor
    finally:
        executor.shutdown()
        node.destroy_node()


def reliable(depth: int) -> QoSProfile:
    """Keep-last `depth`, reliable."""
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST, depth=depth, reliability=ReliabilityPolicy.RELIABLE
    )
