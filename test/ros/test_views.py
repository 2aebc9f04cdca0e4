"""Which pixels the View of a node's camera says the depth is of."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.ros.parameters import NodeParameters
from fastdepth_ros.ros.views import Views

FISHEYE = CameraModel(
    640,
    480,
    k=(400.0, 0.0, 320.0, 0.0, 400.0, 240.0, 0.0, 0.0, 1.0),
    p=(300.0, 0.0, 320.0, 0.0, 0.0, 300.0, 240.0, 0.0, 0.0, 0.0, 1.0, 0.0),
    d=[0.0] * 4,
    distortion_model='equidistant',
)


@dataclass
class Known:
    """In place of a LatestCamera."""

    camera: CameraModel
    version: int = 0

    def of_image(self, *_: int) -> CameraModel:
        return self.camera


@pytest.mark.parametrize(
    ('topic', 'rectify', 'undistorted', 'focal_length'),
    [
        ('/camera/image_raw', 'auto', True, 300),
        ('/camera/image_raw', 'off', False, 400),
        ('/camera/image_rect', 'auto', False, 300),
        ('/camera/image_rect', 'on', True, 300),
    ],
)
def test_a_fisheye_with_coefficients_of_0_is_no_pinhole(
    topic: str, rectify: str, undistorted: bool, focal_length: float
) -> None:
    views = Views(Known(FISHEYE), topic, None)
    view = views.of_image((640, 480), (640, 480), NodeParameters(rectify=rectify))
    assert (view.rectifier is not None) == undistorted
    assert view.intrinsics.fx == focal_length
