"""The node's health on /diagnostics."""

from __future__ import annotations

import socket

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from rclpy.node import Node

from fastdepth_ros.monitoring.health import Report
from fastdepth_ros.ros.sending import send

PERIOD = 1.0  # s


class DiagnosticsPublisher:
    """Publishes one status of the node; aggregators know it by its name, NODE: depth."""

    def __init__(self, node: Node) -> None:
        self._node = node
        # reliable, keep-last 10: what robot_monitor and the aggregator expect
        self._publisher = node.create_publisher(DiagnosticArray, '/diagnostics', 10)
        self._name = f'{node.get_fully_qualified_name().lstrip("/")}: depth'
        self._hardware = socket.gethostname()

    def publish(self, report: Report) -> None:
        """One DiagnosticArray with the time of now."""
        status = DiagnosticStatus(
            level=bytes([report.level]),
            name=self._name,
            message=report.message,
            hardware_id=self._hardware,
            values=[KeyValue(key=key, value=value) for key, value in report.values.items()],
        )
        message = DiagnosticArray(status=[status])
        message.header.stamp = self._node.get_clock().now().to_msg()
        send(self._node, self._publisher, message)
