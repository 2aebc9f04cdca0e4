from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

pytest.importorskip('rosbags')

from recorded_scene import CAMERA, DISTANCE, NORMAL

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.projection import distorted_rays, pinhole_rays
from fastdepth_ros.offline.record.cameras import Camera, FrameCamera, same_pixels

MODEL = replace(CameraModel.pinhole(CAMERA), d=(-0.2, 0.05, 0.0, 0.0, 0.0))


@pytest.mark.parametrize('zoom', [1.0, 0.6])  # P of a shorter lens: the raw image is shrunk first
def test_depth_turns_with_a_stereo_camera_that_is_rectified(zoom: float) -> None:
    turn, _ = cv2.Rodrigues(np.array([0.03, -0.08, 0.02]))  # rectified = turn @ raw
    p = list(MODEL.p)
    p[0], p[5] = p[0] * zoom, p[5] * zoom
    camera = FrameCamera(Camera.of(replace(MODEL, r=turn.ravel(), p=p), '/left/image_raw', 'auto'))
    assert camera.intrinsics.fx == pytest.approx(CAMERA.fx * zoom)
    raw = (DISTANCE / (distorted_rays(MODEL) @ NORMAL)).astype(np.float32)
    found = camera.registered(raw)
    truth = DISTANCE / (pinhole_rays(camera.intrinsics) @ (turn @ NORMAL))
    hit = found > 0
    assert 0.3 < hit.mean() < 0.99  # the raw image does not show all of it
    slope = sum(np.abs(np.diff(raw, axis=axis)).max() for axis in (0, 1))
    assert np.abs(found - truth)[hit].max() < 0.6 * slope
    assert np.abs(raw - truth).mean() > slope  # what it would be, were nothing done


def test_pixels_are_the_same_where_size_lens_and_distortion_are() -> None:
    plain = Camera.of(CameraModel.pinhole(CAMERA), '/c/image_raw', 'auto')
    bent = Camera.of(MODEL, '/c/image_raw', 'auto')

    def like(**changes: float) -> Camera:
        return Camera.of(CameraModel.pinhole(replace(CAMERA, **changes)), '/d/image_raw', 'auto')

    assert same_pixels(plain, like())
    assert same_pixels(plain, like(cx=CAMERA.cx + 0.4))
    assert same_pixels(bent, Camera.of(MODEL, '/d/image_raw', 'auto'))
    others = [like(cx=CAMERA.cx + 0.6), like(fy=70.0), like(width=81), bent]
    others.append(Camera.of(replace(MODEL, d=(-0.1, 0, 0, 0, 0)), '/d/image_raw', 'auto'))
    for other in others:
        assert not same_pixels(plain, other)
    assert not same_pixels(bent, others[-1])


def test_an_uncalibrated_camera_is_refused() -> None:
    with pytest.raises(UserError, match='CameraInfo of /c/image_raw is uncalibrated'):
        Camera.of(CameraModel(80, 60), '/c/image_raw', 'auto')
