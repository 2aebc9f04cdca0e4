from __future__ import annotations

import math

import numpy as np
import pytest

from fastdepth_ros.geometry.camera_info import CameraModel, as_delivered

K = [500.0, 0.0, 320.0, 0.0, 510.0, 240.0, 0.0, 0.0, 1.0]
P = [490.0, 0.0, 322.0, -49.0, 0.0, 505.0, 242.0, 0.0, 0.0, 0.0, 1.0, 0.0]
CAMERA = CameraModel(640, 480, K, P, d=(0.1, 0.2), distortion_model='plumb_bob')
WHOLE, UNBINNED = (0, 0, 0, 0), (0, 0)


def test_a_resize_scales_what_image_proc_scales() -> None:
    small = CAMERA.resized(160, 240)  # sx 1/4, sy 1/2
    assert small.k == [125, 0, 80, 0, 255, 120, 0, 0, 1]
    assert small.p == [122.5, 0, 80.5, -12.25, 0, 252.5, 121, 0, 0, 0, 1, 0]
    assert (small.width, small.height) == (160, 240)
    assert (small.d, small.distortion_model) == ((0.1, 0.2), 'plumb_bob')


def test_intrinsics_are_those_of_k() -> None:
    found = CAMERA.intrinsics
    assert found
    assert (found.fx, found.fy, found.cx, found.cy) == (500, 510, 320, 240)
    assert (found.width, found.height) == (640, 480)


@pytest.mark.parametrize('value', [0.0, -1.0, math.nan, math.inf])
@pytest.mark.parametrize('entry', [0, 4])
def test_a_k_without_focal_length_is_uncalibrated(entry: int, value: float) -> None:
    k = list(K)
    k[entry] = value
    assert CameraModel(640, 480, k, P).intrinsics is None
    assert CameraModel(640, 480).intrinsics is None


@pytest.mark.parametrize(('entry', 'value'), [(0, 0.0), (5, 0.0), (0, math.nan), (3, math.nan)])
def test_a_p_that_is_no_camera_s_is_filled_from_k(entry: int, value: float) -> None:
    p = list(P)
    p[entry] = value
    camera = CameraModel(640, 480, K, p)
    assert camera.filled.p == (500, 0, 320, 0, 0, 510, 240, 0, 0, 0, 1, 0)
    assert camera.rectified_intrinsics == camera.intrinsics


def test_roi_and_binning_that_are_not_set_change_nothing() -> None:
    assert as_delivered(CAMERA, WHOLE, UNBINNED) == CAMERA.cropped(0, 0, 640, 480)
    assert as_delivered(CAMERA, (0, 0, 640, 480), (1, 1)).intrinsics == CAMERA.intrinsics


def test_roi_and_binning_project_to_the_pixels_that_are_delivered() -> None:
    camera = as_delivered(CAMERA, (100, 60, 400, 300), (4, 2))
    assert (camera.width, camera.height) == (100, 150)
    point = np.array([0.3, -0.2, 2.0, 1.0])
    for matrix, delivered, shape in ((K, camera.k, (3, 3)), (P, camera.p, (3, 4))):
        u, v, w = np.reshape(matrix, shape) @ point[: shape[1]]
        found = np.reshape(delivered, shape) @ point[: shape[1]]
        np.testing.assert_allclose(found, [(u - 100 * w) / 4, (v - 60 * w) / 2, w])


def test_an_odd_size_is_binned_down() -> None:
    camera = as_delivered(CAMERA, (0, 0, 641, 481), (2, 2))
    assert (camera.width, camera.height) == (320, 240)


@pytest.mark.parametrize(
    ('fx', 'cx'), [(1e12, 320.0), (1e-12, 320.0), (5e-324, 320.0), (500.0, 1e300), (500.0, 1e9)]
)
def test_a_camera_that_cannot_be_is_uncalibrated(fx: float, cx: float) -> None:
    k = [fx, 0, cx, 0, fx, 240, 0, 0, 1]
    camera = CameraModel(640, 480, k, [0.0] * 12)
    assert camera.intrinsics is None
    assert camera.rectified_intrinsics is None
