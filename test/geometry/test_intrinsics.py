from __future__ import annotations

import numpy as np
import pytest

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.metric_scale import invalidate, metric_scale

CAMERA = Intrinsics(fx=500, fy=400, cx=320, cy=200, width=640, height=480)


def test_resize_scales_as_image_proc_does() -> None:
    resized = CAMERA.resized(320, 120)
    assert resized == Intrinsics(fx=250, fy=100, cx=160, cy=50, width=320, height=120)


def test_crop_moves_the_principal_point_only() -> None:
    cropped = CAMERA.cropped(20, -10, 100, 50)
    assert cropped == Intrinsics(fx=500, fy=400, cx=300, cy=210, width=100, height=50)


def test_focal_length_is_the_geometric_mean() -> None:
    assert CAMERA.focal_length == pytest.approx(np.sqrt(500 * 400))


def test_metric_scale_is_one_for_the_training_camera() -> None:
    f_model = CAMERA.focal_length
    assert metric_scale(CAMERA, f_model) == pytest.approx(1)
    longer = Intrinsics(1000, 800, 320, 200, 640, 480)
    assert metric_scale(longer, f_model) == pytest.approx(2)
    assert metric_scale(None, f_model) == 1


def test_invalid_depth_is_nan_in_place() -> None:
    depth = np.array([1.0, 0.0, -2.0, np.inf, -np.inf, np.nan], np.float32)
    assert invalidate(depth, np.empty(6, bool)) is depth
    np.testing.assert_array_equal(depth, [1, *[np.nan] * 5])
