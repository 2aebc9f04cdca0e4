from __future__ import annotations

from types import SimpleNamespace

import pytest
from std_msgs.msg import Header

from fastdepth_ros.monitoring.health import Level, Report
from fastdepth_ros.ros.diagnostics import DiagnosticsPublisher
from fastdepth_ros.ros.lifecycle import RCLError
from fastdepth_ros.ros.outputs import COLOR, IMAGE, OVERLOADED, Outputs


class Overloaded:
    """A publisher as rclpy's is where the middleware cannot take the message."""

    topic_name = '/depth/image'

    def get_subscription_count(self) -> int:
        return 1

    def publish(self, _: object) -> None:
        raise RCLError('Failed to publish: cannot publish data, at /project/src/x.cpp:1')


def quiet_node(warnings: list[str]) -> SimpleNamespace:
    logger = SimpleNamespace(warning=lambda text, **_: warnings.append(text))
    return SimpleNamespace(
        get_logger=lambda: logger,
        create_publisher=lambda *_: Overloaded(),
        get_fully_qualified_name=lambda: '/depth_node',
        get_clock=lambda: SimpleNamespace(
            now=lambda: SimpleNamespace(to_msg=lambda: Header().stamp)
        ),
    )


def test_an_output_that_cannot_be_sent_is_said_and_the_others_are_sent() -> None:
    warnings: list[str] = []
    sent: list[object] = []
    outputs = Outputs.__new__(Outputs)
    outputs._node = quiet_node(warnings)
    fine = SimpleNamespace(publish=sent.append, get_subscription_count=lambda: 1)
    outputs._publishers, outputs._problems = {IMAGE: Overloaded(), COLOR: fine}, {}
    outputs._makers = {IMAGE: lambda _: 'image', COLOR: lambda _: 'color'}
    assert outputs.publish(None, [IMAGE, COLOR])
    said = '/depth/image: a message was not sent: Failed to publish: cannot publish data'
    assert warnings == [said]
    assert outputs.problem == f'{said}: {OVERLOADED}'
    assert sent == ['color']
    assert not outputs.publish(None, [IMAGE]), 'nothing is out'
    outputs._publishers[IMAGE] = fine
    assert outputs.publish(None, [IMAGE])
    assert outputs.problem == ''


@pytest.mark.parametrize('level', [Level.OK, Level.ERROR])
def test_diagnostics_that_cannot_be_sent_are_no_end(level: Level) -> None:
    warnings: list[str] = []
    DiagnosticsPublisher(quiet_node(warnings)).publish(Report(level, 'fine', {}))
    assert len(warnings) == 1
