"""How most nodes run: rclpy.spin, until a signal."""

from __future__ import annotations

from collections.abc import Callable

import rclpy
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node


def spin(make: Callable[[], Node], ros_args: list[str]) -> None:
    """Makes the node and runs it in this thread."""
    rclpy.init(args=['--ros-args', *ros_args])
    try:
        rclpy.spin(make())
    except (ExternalShutdownException, KeyboardInterrupt):
        pass
    except RuntimeError:
        if rclpy.ok():  # otherwise a signal has closed ROS under a call that was using it
            raise
    finally:
        rclpy.try_shutdown()
