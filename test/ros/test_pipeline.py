"""What is counted of an image, by a node in this process that is handed it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace

import numpy as np
import pytest
from rclpy.time import Time
from ros_harness import make_image, make_info
from sensor_msgs.msg import CompressedImage, Image

from fastdepth_ros.errors import UserError
from fastdepth_ros.monitoring.statistics import Snapshot
from fastdepth_ros.ros.camera_info import CameraState
from fastdepth_ros.ros.node import DepthNode
from fastdepth_ros.ros.outputs import IMAGE, INFO, SCAN
from fastdepth_ros.ros.pipeline import Pipeline, share_of

SECOND = 10**9  # ns


@pytest.fixture
def running(make: Callable[..., DepthNode]) -> Callable[..., Pipeline]:
    """The pipeline of an active node, somebody subscribing to these topics."""

    def running(wanted: list[str], *arguments: str) -> Pipeline:
        node = make(*arguments)
        node.autostart()
        assert node._outputs is not None
        node._outputs.wanted = lambda: wanted  # type: ignore[method-assign]
        return node._pipeline

    return running


def frame(frame_id: str = 'camera_optical_frame') -> Image:
    image = make_image(np.full((48, 80), 51, np.uint8), 'mono8')
    image.header.frame_id = frame_id
    return image


def counted(pipeline: Pipeline) -> Snapshot:
    return pipeline.statistics.snapshot(0.0, 0.0)


def test_an_image_of_which_nothing_is_sent_is_no_depth_image(running) -> None:
    pipeline = running([SCAN], '-p', 'horizontal_fov:=60.0')
    pipeline.take(frame('camera_link'), {})
    assert counted(pipeline).processed == 0
    assert pipeline.outputs.problem.startswith("no depth/scan: the camera's frame 'camera_link'")
    assert 'set scan_frame' in pipeline.outputs.problem
    pipeline.take(frame(), {})
    assert counted(pipeline).processed == 1
    assert pipeline.outputs.problem == ''


def test_what_is_sent_beside_an_output_that_is_not_counts(running) -> None:
    pipeline = running([IMAGE, SCAN], '-p', 'horizontal_fov:=60.0')
    pipeline.take(frame('camera_link'), {})
    assert counted(pipeline).processed == 1
    assert pipeline.outputs.problem.startswith('no depth/scan')


def test_the_camera_info_of_an_unknown_camera_is_no_depth_image(running) -> None:
    pipeline = running([INFO])
    pipeline.take(frame(), {})
    assert counted(pipeline).processed == 0
    assert pipeline.outputs.problem == '', 'it is told of with the camera'


def test_a_problem_of_an_output_ends_when_nobody_wants_it(running) -> None:
    pipeline = running(wanted := [IMAGE, SCAN])
    pipeline.take(frame(), {})
    assert 'the camera is not calibrated' in pipeline.outputs.problem
    wanted.remove(SCAN)
    assert pipeline.outputs.problem == ''


def test_a_compressed_camera_that_nobody_wants_the_depth_of_is_known(running) -> None:
    pipeline = running([], '-p', 'image_transport:=compressed')
    camera = pipeline._camera
    camera.source = SimpleNamespace(take=lambda: make_info(80, 48, 100.0))
    pipeline.take(CompressedImage(format='jpeg'), {})
    assert (counted(pipeline).idle, camera.state) == (1, CameraState.CALIBRATED)
    camera.source = None


@pytest.mark.parametrize('ahead', [-0.02, 0.05])  # s of the image before /clock
def test_latency_in_a_simulation_has_the_time_that_the_node_takes(running, ahead: float) -> None:
    pipeline = running([IMAGE], '-p', 'use_sim_time:=true')
    clock, image = pipeline._node.get_clock(), frame()
    clock.set_ros_time_override(Time(nanoseconds=100 * SECOND, clock_type=clock.clock_type))
    stamp = round((100 + ahead) * SECOND)
    image.header.stamp.sec, image.header.stamp.nanosec = divmod(stamp, SECOND)
    pipeline.take(image, {})
    snapshot = counted(pipeline)
    assert not snapshot.clock_differs
    if ahead < 0:
        assert snapshot.latency_p50 > -ahead + snapshot.inference_p50


@pytest.mark.parametrize('name', ['my.pkg', '', 'a/b', 'x'])
def test_what_is_no_name_of_a_package_is_refused(name: str) -> None:
    with pytest.raises(UserError, match=f"'{name}' is no name of a package"):
        share_of(name)


@pytest.mark.parametrize('paths', ['', '/nowhere'])
def test_a_package_that_is_not_installed_is_refused(
    monkeypatch: pytest.MonkeyPatch, paths: str
) -> None:
    monkeypatch.setenv('AMENT_PREFIX_PATH', paths)
    with pytest.raises(UserError, match="package 'no_such' is not installed"):
        share_of('no_such')
