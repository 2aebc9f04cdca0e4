from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip('rclpy')

from ros_harness import make_info
from std_msgs.msg import Header

from fastdepth_ros.geometry.camera_info import CameraModel, camera_of_message
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.ros.camera_info import CameraState, LatestCamera, write_camera_info


def test_whole_numbers_pass_humbles_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('ROS_PYTHON_CHECK_FIELDS', '1')
    camera = CameraModel.pinhole(Intrinsics(500, 500, 320, 240, 640, 480))
    camera = replace(camera, d=(0, 0, 0, 0, 0))
    message = write_camera_info(camera, Header(frame_id='c'))
    np.testing.assert_array_equal(message.k, [500, 0, 320, 0, 500, 240, 0, 0, 1])
    assert all(type(value) is float for value in camera_of_message(message).k)


@pytest.fixture
def camera() -> LatestCamera:
    return LatestCamera(SimpleNamespace(warning=lambda *_, **__: None))


def test_of_an_image_of_unknown_size_it_is_known_what_stands_for_the_camera(
    camera: LatestCamera,
) -> None:
    camera.look()
    assert not camera.known
    camera.stand_in(None, 60.0)
    camera.look()
    assert camera.state == CameraState.STAND_IN_FOV
    camera.stand_in(CameraModel(80, 48), 0.0)
    camera.look()
    assert camera.state == CameraState.STAND_IN_FILE
    camera.source = SimpleNamespace(take=lambda: make_info(80, 48, 100.0))
    camera.look()
    assert camera.state == CameraState.CALIBRATED
    camera.source = SimpleNamespace(take=lambda: make_info(80, 48, 0.0))
    camera.look()
    assert camera.state == CameraState.UNCALIBRATED


def test_it_is_said_which_calibration_is_of_another_size(camera: LatestCamera) -> None:
    camera.stand_in(CameraModel(160, 96), 0.0)
    found = camera.of_image(80, 48)
    assert (found.width, found.height, found.intrinsics) == (80, 48, None)
    assert camera.state == CameraState.FILE_SIZE_MISMATCH
    assert camera.problem.startswith('camera_info_url is of another size than the image')
    camera.update(make_info(160, 96, 100.0))
    assert camera.of_image(80, 48).intrinsics is None
    assert camera.problem.startswith('camera_info is of another size than the image')
    assert camera.of_image(160, 96).intrinsics is not None
    assert camera.problem == ''
