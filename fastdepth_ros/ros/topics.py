"""Names of topics: which one the CameraInfo is on, and which are none."""

from __future__ import annotations

from collections.abc import Iterable

from rclpy.node import Node

from fastdepth_ros.errors import UserError


def camera_info_topic(node: Node, arguments: Iterable[str]) -> str:
    """`camera_info` if it has a remap of its own, else the sibling of the resolved image topic."""
    if is_remapped(node, 'camera_info', arguments):
        return 'camera_info'
    return node.resolve_topic_name('image').rpartition('/')[0] + '/camera_info'


def is_remapped(node: Node, topic: str, arguments: Iterable[str]) -> bool:
    """Whether the user has remapped `topic`, even if to the name that it has anyway."""
    expanded = node.resolve_topic_name(topic, only_expand=True)
    if node.resolve_topic_name(topic) != expanded:
        return True
    # [NODE:]FROM:=TO
    rules = (argument.partition(':=')[0] for argument in arguments if ':=' in argument)
    return any(rule.rpartition(':')[2] in (topic, expanded) for rule in rules)


def check_topic(node: Node, parameter: str, topic: str) -> None:
    """UserError where `topic`, the value of this parameter, cannot be one's name."""
    try:
        node.resolve_topic_name(topic)
    except RuntimeError as error:  # RCLError
        raise UserError(f"parameter {parameter} is '{topic}': {reason_of(error)}") from error


def reason_of(error: Exception) -> str:
    """What rclpy says, without the places in its source."""
    return str(error).partition(', at /')[0]
