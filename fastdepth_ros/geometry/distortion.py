"""Lens distortion: which images have it, and where their pixels lie without it.

The models are those of sensor_msgs/distortion_models.hpp, computed by OpenCV.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.camera_info import CameraModel

RECTIFY_MODES = ('auto', 'on', 'off')
IDENTITY = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)
# model: the numbers of coefficients that it may have
MODELS = {
    'plumb_bob': (4, 5),
    'rational_polynomial': (8, 12, 14),
    'equidistant': (4,),
    'fisheye': (4,),  # as some drivers call the same
}
FISHEYE = ('equidistant', 'fisheye')


def is_rectified_topic(topic: str) -> bool:
    """Whether images of that name are rectified, as image_rect and image_rect_color are.

    Their CameraInfo has the distortion of the raw images, so it cannot tell.
    """
    return 'rect' in topic.rpartition('/')[2]


def is_distorted(camera: CameraModel) -> bool:
    """Whether its images have lens distortion: a fisheye has it with coefficients of 0, too."""
    fisheye = camera.distortion_model in FISHEYE and len(camera.d) == 4
    return fisheye or any(camera.d)


def needs_rectification(mode: str, topic: str, camera: CameraModel | None) -> bool:
    """Whether images of `topic` are to be undistorted: `mode` is one of RECTIFY_MODES."""
    if mode == 'off' or camera is None or not is_distorted(camera) or camera.intrinsics is None:
        return False
    return mode == 'on' or not is_rectified_topic(topic)


def check_distortion(camera: CameraModel) -> None:
    """A UserError unless camera.d can be undone."""
    lengths = MODELS.get(camera.distortion_model)
    if lengths is None:
        raise UserError(
            f"camera_info has distortion_model '{camera.distortion_model}': rectification knows "
            f'{", ".join(MODELS)}; rectify the image elsewhere, or set rectify: off'
        )
    if len(camera.d) not in lengths or not np.isfinite(camera.d).all():
        raise UserError(
            f'camera_info has {len(camera.d)} distortion coefficients {list(camera.d)}: '
            f'{camera.distortion_model} needs {" or ".join(map(str, lengths))} finite ones'
        )


def rectified(camera: CameraModel) -> CameraModel:
    """The camera of the undistorted image: K is P's 3x3, no distortion, R is the identity."""
    p = camera.filled.p
    k = (p[0], p[1], p[2], p[4], p[5], p[6], p[8], p[9], p[10])
    return replace(camera, k=k, p=p, r=IDENTITY, d=(0.0,) * 5, distortion_model='plumb_bob')


@dataclass(frozen=True, eq=False)
class Rectifier:
    """Samples a raw image at the pixels of a rectified, cropped and resized one."""

    small_size: tuple[int, int]  # (width, height) to which the raw image is shrunk before
    map_xy: np.ndarray  # (h, w, 2) int16 and
    map_fraction: np.ndarray  # (h, w) uint16: where in the shrunk image, as cv2.remap has it
    outside: np.ndarray | None  # (h, w) bool: pixels that the raw image does not show


def plan_rectifier(
    camera: CameraModel, crop: tuple[int, int, int, int], size: tuple[int, int]
) -> Rectifier:
    """For the rectified image's part (left, top, width, height), resized to `size`.

    The raw image is first shrunk by area to the density of the result, so that one bilinear sample
    a pixel does not alias. UserError for a distortion model that is not known.
    """
    check_distortion(camera)
    left, top, width, height = crop
    p, raw = camera.filled.p, camera.k
    sx, sy = size[0] / width, size[1] / height
    target = half_pixel_matrix(p[0], p[5], p[2] - left, p[6] - top, sx, sy)
    density = max(sx * p[0] / raw[0], sy * p[5] / raw[4])
    shrink = min(1.0, density)
    small = max(1, round(camera.width * shrink)), max(1, round(camera.height * shrink))
    zoom_x, zoom_y = small[0] / camera.width, small[1] / camera.height
    source = half_pixel_matrix(raw[0], raw[4], raw[2], raw[5], zoom_x, zoom_y)
    source[0, 1] = raw[1] * zoom_x  # skew
    d = np.array(camera.d, np.float64)
    r = np.array(camera.r if any(camera.r) else IDENTITY, np.float64).reshape(3, 3)
    if camera.distortion_model in FISHEYE:
        x, y = cv2.fisheye.initUndistortRectifyMap(source, d, r, target, size, cv2.CV_32FC1)
    else:
        x, y = cv2.initUndistortRectifyMap(source, d, r, target, size, cv2.CV_32FC1)
    shown = (x >= -0.5) & (x <= small[0] - 0.5) & (y >= -0.5) & (y <= small[1] - 0.5)
    map_xy, map_fraction = cv2.convertMaps(x, y, cv2.CV_16SC2)
    return Rectifier(small, map_xy, map_fraction, None if shown.all() else ~shown)


def half_pixel_matrix(
    fx: float, fy: float, cx: float, cy: float, sx: float, sy: float
) -> np.ndarray:
    """K after a resize as cv2.resize does it: c -> (c + .5) s - .5, for pixels' centres.

    CameraInfo has plain c * s by convention; between our own grids the exact one counts.
    """
    return np.array(
        [[fx * sx, 0, (cx + 0.5) * sx - 0.5], [0, fy * sy, (cy + 0.5) * sy - 0.5], [0, 0, 1]]
    )
