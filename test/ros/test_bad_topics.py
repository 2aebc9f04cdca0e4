"""Topics that cannot be: refused in one line, and everything is as it was before."""

from __future__ import annotations

from collections.abc import Callable

from rclpy.lifecycle import TransitionCallbackReturn
from ros_harness import set_in_process as set_parameters

from fastdepth_ros.ros.node import DepthNode

Make = Callable[..., DepthNode]


def topics_of(node: DepthNode) -> set[str]:
    return {subscription.topic_name for subscription in node.subscriptions}


def test_what_is_no_name_is_refused(make: Make) -> None:
    node = make()
    node.autostart()
    for name in ('scan_topic', 'range_topic', 'cloud_topic', 'imu_topic'):
        for topic in ('/', 'a b', '1st', '{robot}/scan', 'x' * 300):
            reason = set_parameters(node, camera_height=0.3, **{name: topic})
            assert f"parameter {name} is '{topic}': " in reason
            assert '\n' not in reason
    assert node.get_parameter('camera_height').value == 0
    assert not set_parameters(node, camera_height=0.3)


def test_two_sources_on_one_topic_are_refused_and_the_first_goes_on(make: Make) -> None:
    node = make()
    node.autostart()
    assert not set_parameters(node, scan_topic='front')
    assert 'incompatible type' in set_parameters(node, cloud_topic='front', max_rate=5.0)
    assert 'incompatible type' in set_parameters(node, cloud_topic='depth/image')
    assert node.get_parameter('max_rate').value == 0
    assert '/front' in topics_of(node)
    assert not set_parameters(node, scan_topic='', cloud_topic='front'), 'moved at once'
    assert '/front' in topics_of(node)


def test_an_activation_that_fails_leaves_no_subscription(make: Make) -> None:
    node = make('-p', 'cloud_topic:=depth/scan')
    before = topics_of(node)
    assert node.trigger_configure() == TransitionCallbackReturn.SUCCESS
    assert node.trigger_activate() == TransitionCallbackReturn.FAILURE
    assert 'cannot activate: cannot listen to the sources of the scale' in node.failure
    assert topics_of(node) == before
    assert not set_parameters(node, cloud_topic='')
    assert node.trigger_activate() == TransitionCallbackReturn.SUCCESS
    assert {'/image', '/camera_info'} <= topics_of(node)


def test_outputs_that_cannot_be_are_all_withdrawn(make: Make) -> None:
    node = make('-r', 'depth/points:=depth/image')
    assert node.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert 'cannot open the topics' in node.failure
    assert not [p.topic_name for p in node.publishers if p.topic_name.startswith('/depth')]
