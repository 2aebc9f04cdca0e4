from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip('rclpy')

from std_msgs.msg import Header

from fastdepth_ros.geometry.camera_info import CameraModel, camera_of_message
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.ros.camera_info import write_camera_info


def test_whole_numbers_pass_humbles_checks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('ROS_PYTHON_CHECK_FIELDS', '1')
    camera = CameraModel.pinhole(Intrinsics(500, 500, 320, 240, 640, 480))
    camera = replace(camera, d=(0, 0, 0, 0, 0))
    message = write_camera_info(camera, Header(frame_id='c'))
    np.testing.assert_array_equal(message.k, [500, 0, 320, 0, 500, 240, 0, 0, 1])
    assert all(type(value) is float for value in camera_of_message(message).k)
