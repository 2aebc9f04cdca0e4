from __future__ import annotations

import math

import numpy as np
import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.pose import in_optical_frame, parse_pose, pose_matrix, up_of_mount

QUARTER = math.pi / 2


def test_roll_pitch_yaw_turn_about_fixed_axes_in_that_order() -> None:
    turned = pose_matrix((0, 0, 0), (QUARTER, 0, QUARTER))[:3, :3]
    # roll takes y to z, and yaw leaves that where it is; x goes to y
    np.testing.assert_allclose(turned @ (0, 1, 0), (0, 0, 1), atol=1e-12)
    np.testing.assert_allclose(turned @ (1, 0, 0), (0, 1, 0), atol=1e-12)


def test_a_positive_pitch_looks_down_and_a_positive_yaw_to_the_left() -> None:
    down = parse_pose('p', '0 0 0 0 0.1 0')[:3, :3] @ (1, 0, 0)
    left = parse_pose('p', '0,0,0, 0,0,0.1')[:3, :3] @ (1, 0, 0)
    assert down[2] < 0
    assert left[1] > 0


def test_a_lidar_before_and_above_the_camera_is_so_in_its_optical_frame() -> None:
    transform = in_optical_frame(parse_pose('p', '0.1 0.02 0.2 0 0 0'))
    point = transform @ (2, 1, 0, 1)  # two metres ahead, one to the left
    np.testing.assert_allclose(point[:3], (-1.02, -0.2, 2.1), atol=1e-12)


def test_up_of_a_level_a_tilted_and_a_leaning_camera() -> None:
    np.testing.assert_allclose(up_of_mount(0, 0), (0, -1, 0), atol=1e-12)
    np.testing.assert_allclose(up_of_mount(QUARTER, 0), (0, 0, -1), atol=1e-12)
    leaning = up_of_mount(0, math.radians(10))  # to the right: up is to the picture's left
    assert leaning[0] < 0
    assert leaning[1] < 0
    np.testing.assert_allclose(np.linalg.norm(up_of_mount(0.3, -0.2)), 1)


@pytest.mark.parametrize('text', ['', 'tf2', '1 2 3', '0 0 0 0 0 nan', '0 0 0 0 0 0 1', '0 0 0 x'])
def test_what_is_no_pose_is_named(text: str) -> None:
    with pytest.raises(UserError, match=f"scan_extrinsics is '{text}': six numbers"):
        parse_pose('scan_extrinsics', text)
