"""The error that a model expects, and what max_error makes of it. doubtful_onnx: brightness."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.engines.registry import installed_engines, load_engine
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.view import FITS, plan_view

ENGINES = [name for name in installed_engines() if name != 'torch']
CAMERA = CameraModel.pinhole(Intrinsics(100, 100, 80, 60, 160, 120))


@pytest.fixture
def half_white() -> np.ndarray:
    """(120, 160, 3): the left half is dark, the right half white."""
    image = np.full((120, 160, 3), 26, np.uint8)
    image[:, 80:] = 255
    return image


@pytest.mark.parametrize('engine', ENGINES)
def test_engines_give_the_error_of_the_last_image_beside_its_depth(
    engine: str, doubtful_onnx: Path, stub_onnx: Path
) -> None:
    loaded = load_engine(str(doubtful_onnx), engine, 'f32')
    plain = load_engine(str(stub_onnx), engine, 'f32')
    for grey in (51, 204):
        image = np.full((64, 96, 3), grey, np.uint8)
        np.testing.assert_array_equal(loaded.infer(image), plain.infer(image))
        assert loaded.error is not None
        assert (loaded.error.shape, loaded.error.dtype) == ((32, 48), np.float32)
        np.testing.assert_allclose(loaded.error, grey / 255, rtol=1e-5)
        assert plain.error is None


def test_what_is_expected_to_err_more_has_no_depth_from_the_next_image_on(
    doubtful_onnx: Path, half_white: np.ndarray
) -> None:
    estimator = DepthEstimator(str(doubtful_onnx), precision='f32', max_error=0.5)
    found = estimator.estimate(half_white).copy()
    assert np.isfinite(found[:, :47]).all()
    assert np.isnan(found[:, 49:]).all()
    assert estimator.left_out == pytest.approx(0.5, abs=0.02)
    estimator.max_error = 0.0
    everything = estimator.estimate(half_white)
    assert np.isfinite(everything).all()
    np.testing.assert_array_equal(found[:, :47], everything[:, :47])
    assert estimator.left_out == 0
    estimator.max_error = 0.05
    assert np.isnan(estimator.estimate(half_white)).all()
    assert estimator.left_out == 1


@pytest.mark.parametrize('fit', FITS)
@pytest.mark.parametrize('registered', [False, True])
def test_doubts_lie_where_the_depth_lies(
    fit: str, registered: bool, doubtful_onnx: Path, half_white: np.ndarray
) -> None:
    estimator = DepthEstimator(str(doubtful_onnx), precision='f32')
    image = np.ascontiguousarray(half_white[:, 20:])  # white from column 60 of 140 on
    view = plan_view(None, (140, 120), (96, 64), fit, registered=registered)
    everything = estimator.estimate_view(image, view).copy()
    estimator.max_error = 0.5
    found = estimator.estimate_view(image, view)
    with np.errstate(invalid='ignore'):
        bright, dark = everything > 4, everything < 1.5  # 0.5 m + 4 m * brightness
    assert bright.any()
    assert dark.any()
    assert np.isnan(found[bright]).all()
    kept = np.isfinite(found) & dark
    assert kept.sum() > 0.9 * dark.sum()  # but for the seam, where both are mixed
    np.testing.assert_array_equal(found[kept], everything[kept])


def test_the_expected_error_is_that_of_the_pixels_of_the_depth(
    doubtful_onnx: Path, stub_onnx: Path, half_white: np.ndarray
) -> None:
    estimator = DepthEstimator(str(doubtful_onnx), precision='f32')
    assert estimator.expected_error() is None  # of no image yet
    view = plan_view(CAMERA, (160, 120), (96, 64), 'letterbox')
    depth = estimator.estimate_view(half_white, view)
    error = estimator.expected_error()
    assert error is not None
    assert error.shape == depth.shape == (64, 85)
    np.testing.assert_allclose(error[:, :40], 26 / 255, atol=1e-3)
    np.testing.assert_allclose(error[:, 46:], 1, atol=1e-3)
    plain = DepthEstimator(str(stub_onnx), precision='f32')
    plain.estimate(half_white)
    assert plain.expected_error() is None


@pytest.mark.parametrize('value', [-0.1, np.nan, np.inf])
def test_a_limit_that_is_none_is_refused(value: float, doubtful_onnx: Path) -> None:
    with pytest.raises(UserError, match=r'max_error is .*: 0 \(off\) or more is needed'):
        DepthEstimator(str(doubtful_onnx), precision='f32', max_error=value)


def test_a_model_that_does_not_tell_its_error_is_one_line(stub_onnx: Path) -> None:
    message = "max_error is 0.25, but the model 't' does not tell its expected error"
    with pytest.raises(UserError, match=message):
        DepthEstimator(str(stub_onnx), precision='f32', max_error=0.25)
    estimator = DepthEstimator(str(stub_onnx), precision='f32')
    with pytest.raises(UserError, match=message):
        estimator.max_error = 0.25
    assert estimator.max_error == 0
