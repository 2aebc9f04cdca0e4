from __future__ import annotations

import gc
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticStatus
from lifecycle_msgs.msg import State, Transition
from lifecycle_msgs.srv import ChangeState, GetState
from rclpy.lifecycle import TransitionCallbackReturn
from ros_harness import NodeProcess, Peer, make_image

from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.ros.lifecycle import RCLError, refuse_illegal_transitions

pytestmark = pytest.mark.ros

CONFIGURE, ACTIVATE = Transition.TRANSITION_CONFIGURE, Transition.TRANSITION_ACTIVATE
DEACTIVATE, CLEANUP = Transition.TRANSITION_DEACTIVATE, Transition.TRANSITION_CLEANUP
SHUTDOWN = Transition.TRANSITION_UNCONFIGURED_SHUTDOWN
ACTIVE_SHUTDOWN = Transition.TRANSITION_ACTIVE_SHUTDOWN


def change(peer: Peer, transition: int) -> bool:
    """Asks for it as nav2_lifecycle_manager does; whether the node did it."""
    request = ChangeState.Request(transition=Transition(id=transition))
    return peer.call(ChangeState, 'depth_node/change_state', request).success


def state(peer: Peer) -> int:
    response = peer.call(GetState, 'depth_node/get_state', GetState.Request())
    return response.current_state.id


@pytest.fixture
def managed(start: Callable[..., tuple[NodeProcess, Peer]]) -> tuple[NodeProcess, Peer]:
    """A node that waits for a lifecycle manager."""
    return start('-p', 'autostart:=false')


def grey_image() -> object:
    return make_image(np.full((48, 80), 51, np.uint8), 'mono8')


def test_a_plain_start_is_active(running) -> None:
    _, peer = running
    peer.depth_of(peer.image, grey_image())
    assert state(peer) == State.PRIMARY_STATE_ACTIVE


def test_a_manager_takes_it_up_and_down_and_up(managed) -> None:
    node, peer = managed
    topic = peer.node.resolve_topic_name('image')
    assert state(peer) == State.PRIMARY_STATE_UNCONFIGURED
    for _ in range(2):
        assert change(peer, CONFIGURE)
        assert state(peer) == State.PRIMARY_STATE_INACTIVE
        assert not peer.node.get_subscriptions_info_by_topic(topic)
        assert change(peer, ACTIVATE)
        peer.depth_of(peer.image, grey_image())
        assert change(peer, DEACTIVATE)
        assert peer.spin_until(lambda: not peer.node.get_subscriptions_info_by_topic(topic))
        assert change(peer, CLEANUP)
        assert state(peer) == State.PRIMARY_STATE_UNCONFIGURED
    assert change(peer, SHUTDOWN)
    assert state(peer) == State.PRIMARY_STATE_FINALIZED
    assert node.stop() == 0
    assert 'Traceback' not in node.output


def test_an_active_node_can_be_shut_down_at_once(start) -> None:
    node, peer = start()
    topic = peer.node.resolve_topic_name('image')
    peer.depth_of(peer.image, grey_image())
    assert change(peer, ACTIVE_SHUTDOWN)
    assert state(peer) == State.PRIMARY_STATE_FINALIZED
    assert peer.spin_until(lambda: not peer.node.get_subscriptions_info_by_topic(topic))
    peer.diagnosis(lambda s, _: 'shut down for good' in s.message)
    assert node.stop() == 0


def test_illegal_transitions_are_refused_and_harmless(managed) -> None:
    _, peer = managed
    assert not change(peer, ACTIVATE)
    assert not change(peer, CLEANUP)
    assert change(peer, CONFIGURE)
    assert not change(peer, CONFIGURE)
    assert not change(peer, DEACTIVATE)
    assert change(peer, ACTIVATE)
    peer.depth_of(peer.image, grey_image())


def test_a_failed_configure_says_why_and_can_be_repeated(
    start, tmp_path: Path, stub_onnx: Path
) -> None:
    model = tmp_path / 'model.onnx'
    node, peer = start('-p', 'autostart:=false', '-p', f'model:={model}')
    assert not change(peer, CONFIGURE)
    assert str(model) in node.wait_for('cannot configure')
    assert state(peer) == State.PRIMARY_STATE_UNCONFIGURED
    assert str(model) in peer.diagnosis(lambda s, _: s.level == DiagnosticStatus.ERROR)
    model.write_bytes(stub_onnx.read_bytes())
    assert change(peer, CONFIGURE)
    assert peer.diagnosis(lambda s, _: s.level == DiagnosticStatus.OK).startswith('inactive')
    assert change(peer, ACTIVATE)
    peer.depth_of(peer.image, grey_image())


def test_humble_s_exception_for_an_illegal_transition_is_an_answer() -> None:
    """Its rclpy raises RCLError where later ones answer."""

    def raises(request: object, response: object) -> None:
        raise RCLError(f'{request} {response}')

    service, errors = SimpleNamespace(callback=raises), []
    node = SimpleNamespace(
        _service_change_state=service, get_logger=lambda: SimpleNamespace(error=errors.append)
    )
    refuse_illegal_transitions(node)
    response = ChangeState.Response(success=True)
    assert not service.callback(ChangeState.Request(), response).success
    assert len(errors) == 1


def estimators() -> list[DepthEstimator]:
    """All in this process; another test's failure may keep its own."""
    return [o for o in gc.get_objects() if isinstance(o, DepthEstimator)]


@pytest.fixture
def loaded() -> Callable[[], int]:
    """How many of the models that were loaded since the test began are in memory."""
    before = {id(estimator) for estimator in estimators()}

    def count() -> int:
        gc.collect()
        return sum(id(estimator) not in before for estimator in estimators())

    return count


def test_cleanup_frees_the_model(make, loaded: Callable[[], int]) -> None:
    node = make()
    assert node.trigger_configure() == TransitionCallbackReturn.SUCCESS
    assert loaded() == 1
    assert node.trigger_cleanup() == TransitionCallbackReturn.SUCCESS
    assert loaded() == 0


def test_a_configure_that_fails_frees_the_model(make, loaded: Callable[[], int]) -> None:
    node = make('-r', 'depth/points:=depth/image')
    assert node.trigger_configure() == TransitionCallbackReturn.FAILURE
    assert loaded() == 0
    assert node._pipeline.scale is None
