"""Lifecycle transitions that say why they fail."""

from __future__ import annotations

import functools
import traceback
from collections.abc import Callable
from typing import Any, Protocol

from rclpy.impl.implementation_singleton import rclpy_implementation
from rclpy.impl.rcutils_logger import RcutilsLogger
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn

from fastdepth_ros.errors import UserError

RCLError = rclpy_implementation.RCLError


class Reports(Protocol):
    """A node whose transitions may fail."""

    def report_failure(self, reason: str) -> None:
        """Tells the user."""

    def get_logger(self) -> RcutilsLogger:
        """The node's."""


def transition(method: Callable[[Any], None]) -> Callable[..., TransitionCallbackReturn]:
    """Makes a lifecycle callback of a method: UserError is a failure, which is reported.

    rclpy turns any other exception into an error state and tells nobody. That would be a defect
    of ours, so it is logged before.
    """

    @functools.wraps(method)
    def callback(node: Reports, _: LifecycleState) -> TransitionCallbackReturn:
        try:
            method(node)
        except UserError as error:
            name = method.__name__.removeprefix('on_')
            node.report_failure(f'cannot {name}: {error}')
            return TransitionCallbackReturn.FAILURE
        except BaseException:
            node.get_logger().fatal(f'{method.__name__}: {traceback.format_exc()}')
            raise
        return TransitionCallbackReturn.SUCCESS

    return callback


def refuse_illegal_transitions(node: LifecycleNode) -> None:
    """Lets change_state answer that it failed, where Humble's rclpy lets an exception escape."""
    service = node._service_change_state
    change_state = service.callback

    def callback(request: Any, response: Any) -> Any:
        try:
            return change_state(request, response)
        except RCLError as error:
            node.get_logger().error(f'no such transition now: {error}')
            response.success = False
            return response

    service.callback = callback


def state_of(node: LifecycleNode) -> str:
    """unconfigured, inactive, active, finalized, or a transition's name."""
    return str(node._state_machine.current_state[1])  # no public reader in rclpy
