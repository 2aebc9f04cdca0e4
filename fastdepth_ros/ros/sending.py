"""Publishing, where the middleware may have no room or no time for a message."""

from __future__ import annotations

from typing import Any

from rclpy.node import Node
from rclpy.publisher import Publisher

from fastdepth_ros.ros.quiet import QUIET
from fastdepth_ros.ros.topics import reason_of


def send(node: Node, publisher: Publisher, message: Any) -> str:
    """Publishes, or warns that it could not be: the next message is as good.

    Returns what it warns of, '' where the message is out.

    On a machine that is overloaded a reliable publisher waits 0.1 s for its history and gives up,
    and rclpy raises.
    """
    try:
        publisher.publish(message)
    except RuntimeError as error:  # RCLError
        problem = f'{publisher.topic_name}: a message was not sent: {reason_of(error)}'
        node.get_logger().warning(problem, throttle_duration_sec=QUIET)
        return problem
    return ''
