"""A process that listens to one of the node's topics, and counts what did not reach it."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from rclpy.node import Node
from rclpy.qos import HistoryPolicy, QoSProfile, ReliabilityPolicy
from sensor_msgs.msg import Image

from fastdepth_ros.benchmark.ros.spin import spin
from fastdepth_ros.errors import check_choice
from fastdepth_ros.monitoring.losses import FrameLosses
from fastdepth_ros.ros.outputs import TOPICS
from fastdepth_ros.ros.pipeline import arrival
from fastdepth_ros.ros.qos import TELLS_OF_MESSAGES
from fastdepth_ros.ros.session import reliable
from fastdepth_ros.stamps import stamp_ns

# Nav2's costmaps listen to clouds and scans so; a second of the camera's images may wait
SENSOR_DATA = QoSProfile(
    history=HistoryPolicy.KEEP_LAST, depth=30, reliability=ReliabilityPolicy.BEST_EFFORT
)


class Listener(Node):
    """Counts the messages of one topic, and those that are missing between them."""

    def __init__(self, topic: str) -> None:
        """`topic`: one of the depth node's."""
        super().__init__(f'listener_to_{topic.replace("/", "_")}')
        kind = TOPICS[check_choice('topic', topic, TOPICS)]
        self.received = 0
        self.losses = FrameLosses()
        self.create_subscription(
            kind,
            topic,
            self._on_message if TELLS_OF_MESSAGES else self._without_information,
            reliable(30) if kind is Image else SENSOR_DATA,
        )

    def _on_message(self, message: Any, info: Any) -> None:
        self.received += 1
        self.losses.arrived(arrival(stamp_ns(message), info))

    def _without_information(self, message: Any) -> None:
        self._on_message(message, {})


def main() -> None:
    """Spins until a signal, and says its counts as JSON: listener TOPIC [--ros-args ...]."""
    parser = argparse.ArgumentParser()
    parser.add_argument('topic')
    parser.add_argument('--ros-args', nargs=argparse.REMAINDER, default=[])
    args = parser.parse_args()
    made: list[Listener] = []

    def make() -> Listener:
        made.append(Listener(args.topic))
        return made[0]

    spin(make, args.ros_args)
    losses = made[0].losses
    counts = {'received': made[0].received, 'lost': losses.lost + losses.skipped}
    print(json.dumps(counts), file=sys.stderr)


if __name__ == '__main__':
    main()
