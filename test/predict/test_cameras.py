from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
import yaml

GREY = 0.5 + 4 * 51 / 255  # m, of a.png


def calibration(
    path: Path,
    d: list[float],
    size: tuple[int, int] = (160, 120),
    model: str = 'plumb_bob',
    focal_lengths: tuple[float, float] = (160 * 160 / 96, 160 * 120 / 64),
) -> Path:
    """K of a camera with twice the stub's focal length, after the resize to its input."""
    fx, fy, cx, cy = *focal_lengths, 79.5, 59.5
    entries = {
        'camera_matrix': [fx, 0, cx, 0, fy, cy, 0, 0, 1],
        'distortion_coefficients': d,
        'rectification_matrix': [1, 0, 0, 0, 1, 0, 0, 0, 1],
        'projection_matrix': [fx, 0, cx, 0, 0, fy, cy, 0, 0, 0, 1, 0],
    }
    values: dict[str, Any] = {name: {'data': list(map(float, v))} for name, v in entries.items()}
    values |= {'image_width': size[0], 'image_height': size[1], 'distortion_model': model}
    path.write_text(yaml.safe_dump(values))
    return path


@pytest.mark.parametrize(
    ('given', 'factor'),
    [
        (['--intrinsics', 160 * 160 / 96, 160 * 120 / 64, 80, 60], 2),
        (['--intrinsics', 80 * 160 / 96, 80 * 120 / 64, 80, 60], 1),
        # f = 80 px at 96 x 64 is fx = 133.3, fy = 150 of the image: sqrt(fx fy) = 141.4
        (['--hfov', float(np.degrees(2 * np.arctan(80 / 141.42)))], 1),
    ],
)
def test_the_camera_given_scales_the_depth(
    predict: Any, photos: Path, tmp_path: Path, given: list[object], factor: float
) -> None:
    result = predict(photos / 'a.png', '--write', 'npy', *given)
    assert result['inputs'][0]['metric']
    assert np.load(tmp_path / 'out/npy/a.npy') == pytest.approx(factor * GREY, rel=1e-2)


def test_a_calibration_file_scales_and_undistorts(
    predict: Any, photos: Path, tmp_path: Path
) -> None:
    """A strongly barrel-distorted image of one grey: the corners lie outside once undistorted."""
    path = calibration(tmp_path / 'camera.yaml', [0.6, 0.0, 0.0, 0.0, 0.0])
    predict(photos / 'a.png', '--write', 'npy,overlay', '--camera-info', path)
    depth = np.load(tmp_path / 'out/npy/a.npy')
    assert depth[32, 48] == pytest.approx(2 * GREY, rel=1e-2)
    assert np.isnan(depth[0, 0])
    picture = cv2.imread(str(tmp_path / 'out/overlay/a.jpg'))
    assert picture[2, 2].max() < 20
    assert picture[60, 80].min() > 40
    straight = calibration(tmp_path / 'straight.yaml', [0.0] * 5)
    predict(photos / 'a.png', '--write', 'npy', '--camera-info', straight, '--overwrite')
    assert np.load(tmp_path / 'out/npy/a.npy') == pytest.approx(2 * GREY, rel=1e-2)


def test_a_fisheye_with_coefficients_of_0_is_undistorted(
    predict: Any, photos: Path, tmp_path: Path
) -> None:
    """r = f theta: what is 64 px from the middle is seen at 46 degrees, 82 px in a pinhole's."""
    picture = np.full((120, 160, 3), 51, np.uint8)
    picture[:, :16] = 255
    cv2.imwrite(str(photos / 'a.png'), picture)
    path = calibration(tmp_path / 'camera.yaml', [0.0] * 4, (160, 120), 'equidistant', (80, 80))
    predict(photos / 'a.png', '--write', 'npy', '--camera-info', path)
    depth = np.load(tmp_path / 'out/npy/a.npy')
    assert np.nanmax(depth) < 1.1 * depth[32, 48]
    calibration(path, [0.0] * 5, (160, 120), 'equidistant', (80, 80))
    predict(photos / 'a.png', '--write', 'npy', '--camera-info', path, '--overwrite')
    assert np.load(tmp_path / 'out/npy/a.npy')[32, 2] > 2 * depth[32, 48]


def test_pixels_of_another_image_size_are_refused(
    predict: Any, photos: Path, tmp_path: Path
) -> None:
    path = calibration(tmp_path / 'camera.yaml', [0.0] * 5, (640, 480))
    error = predict(photos / 'a.png', '--camera-info', path, expect=2)['stderr']
    assert '--camera-info is of 640x480 pixels but the image has 160x120' in error
    cv2.imwrite(str(photos / 'c.png'), np.zeros((60, 80, 3), np.uint8))
    given = ['--intrinsics', 100, 100, 80, 60]
    error = predict(photos, *given, '--overwrite', expect=2)['stderr']
    assert '--intrinsics is of 160x120 pixels but the image has 80x60: give --hfov' in error


@pytest.mark.parametrize(
    ('given', 'message'),
    [
        (['--hfov', '0'], '--hfov is 0: 1 to 170 degrees'),
        (['--intrinsics', '0', '1', '2', '3'], '--intrinsics are 0.0 1.0 2.0 3.0: finite'),
        (['--intrinsics', '9', 'nan', '2', '3'], 'FX and FY above 0'),
        (['--camera-info', 'none.yaml'], "--camera-info 'none.yaml' does not exist"),
        (['--camera-info', 'package://p/c.yaml'], "names the package 'p'"),
    ],
)
def test_a_camera_that_is_none_is_named(
    predict: Any, photos: Path, given: list[str], message: str
) -> None:
    error = predict(photos, *given, expect=2)['stderr']
    assert message in error
    assert error.count('\n') == 1
