"""A subscriber that does nothing with its images: what the transport and rclpy cost alone."""

from __future__ import annotations

import argparse

from rclpy.node import Node
from rclpy.qos import ReliabilityPolicy
from sensor_msgs.msg import Image

from fastdepth_ros.benchmark.ros.spin import spin
from fastdepth_ros.budget.memory import keep_memory
from fastdepth_ros.ros.qos import latest_only


class Receiver(Node):
    """Subscribes to `image` as the depth node does to a reliable camera."""

    def __init__(self) -> None:
        super().__init__('receiver')
        qos = latest_only(ReliabilityPolicy.RELIABLE)
        self.create_subscription(Image, 'image', lambda _: None, qos)


def main() -> None:
    """Spins until a signal: receiver [--ros-args ...]."""
    parser = argparse.ArgumentParser()
    parser.add_argument('--ros-args', nargs=argparse.REMAINDER, default=[])
    args = parser.parse_args()
    keep_memory()  # as the depth node does
    spin(Receiver, args.ros_args)


if __name__ == '__main__':
    main()
