"""The colour camera of a recording, and its pictures and depth without distortion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fastdepth_ros.engines.preprocess import Preprocessor
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.distortion import (
    IDENTITY,
    Rectifier,
    is_rectified_topic,
    needs_rectification,
)
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.projection import pinhole_rays
from fastdepth_ros.geometry.view import plan_view

FRACTION = 32  # of a pixel, in the maps of cv2.convertMaps
HALF_A_PIXEL = 0.5


@dataclass(frozen=True)
class Camera:
    """A camera as a topic delivers its images: raw with distortion, raw without, or rectified."""

    model: CameraModel
    topic: str  # of the image, without what image_transport appends
    distorted: bool  # and to be undistorted

    @classmethod
    def of(cls, model: CameraModel, topic: str, rectify: str) -> Camera:
        """`rectify` is one of RECTIFY_MODES; UserError for a camera that is not calibrated."""
        if model.intrinsics is None:
            raise UserError(
                f'the CameraInfo of {topic} is uncalibrated (K[0] is 0, or K is not finite): '
                'calibrate it (camera_calibration) and give --camera-info-url'
            )
        return cls(model, topic, needs_rectification(rectify, topic, model))

    @property
    def raw(self) -> bool:
        """Whether K and not P is of its pixels."""
        return not is_rectified_topic(self.topic)

    @property
    def pinhole(self) -> Intrinsics:
        """Of its pixels as they are delivered, lens distortion aside."""
        found = self.model.intrinsics if self.raw else self.model.rectified_intrinsics
        if found is None:
            raise UserError(f'P in the CameraInfo of {self.topic} has no focal length')
        return found


class FrameCamera:
    """What the frames that are written are taken with: the colour camera without distortion."""

    def __init__(self, camera: Camera) -> None:
        self.camera = camera
        size = self.size = (camera.model.width, camera.model.height)
        view = plan_view(camera.model, size, size, rectify=camera.distorted, raw=camera.raw)
        if view.intrinsics is None:
            raise UserError(f'P in the CameraInfo of {camera.topic} has no focal length')
        self.intrinsics = view.intrinsics
        self._view, self._preprocess = view, Preprocessor(*size)
        self._grid = (
            None
            if view.rectifier is None
            else DepthGrid(camera.model, view.rectifier, view.intrinsics)
        )

    def picture(self, rgb: np.ndarray) -> np.ndarray:
        """(h, w, 3) uint8 RGB, undistorted where the camera is; a kept buffer."""
        self.check_size('the image', rgb)
        return self._preprocess(rgb, 'rgb8', self._view)

    def registered(self, depth: np.ndarray) -> np.ndarray:
        """(h, w) depth that lies on the image's own pixels, undistorted as the picture is."""
        self.check_size('registered depth', depth)
        return depth if self._grid is None else self._grid(depth)

    def check_size(self, what: str, pixels: np.ndarray) -> None:
        """UserError unless (h, w, ...) pixels are of the camera's size."""
        width, height = self.size
        if pixels.shape[:2] != (height, width):
            raise UserError(
                f'{what} has {pixels.shape[1]}x{pixels.shape[0]} pixels, but the CameraInfo of '
                f'{self.camera.topic} is of {width}x{height} after its ROI and binning'
            )


class DepthGrid:
    """Samples depth on a raw image's pixels at those of the undistorted one: nearest, unmixed."""

    def __init__(self, model: CameraModel, rectifier: Rectifier, target: Intrinsics) -> None:
        x, y = (
            (rectifier.map_xy[..., i] + part / FRACTION + 0.5) * full / small - 0.5
            for i, (part, full, small) in enumerate(
                zip(
                    (rectifier.map_fraction % FRACTION, rectifier.map_fraction // FRACTION),
                    (model.width, model.height),
                    rectifier.small_size,
                    strict=True,
                )
            )
        )
        self._u, self._v = np.rint(x).astype(np.intp), np.rint(y).astype(np.intp)
        self._outside = (self._u < 0) | (self._u >= model.width)
        self._outside |= (self._v < 0) | (self._v >= model.height)
        self._u[self._outside] = self._v[self._outside] = 0
        r = np.array(model.r if any(model.r) else IDENTITY, np.float64).reshape(3, 3)
        # z along the raw camera's axis, of a point with z = 1 along the rectified one's
        self._z = (pinhole_rays(target) @ r[:, 2].astype(np.float32)).astype(np.float32)

    def __call__(self, depth: np.ndarray) -> np.ndarray:
        """(h, w) float32 metres along the axis of the undistorted camera, 0 = none."""
        found = depth[self._v, self._u] / self._z
        found[self._outside] = 0
        return found


def same_pixels(a: Camera, b: Camera) -> bool:
    """Whether the pixels of both lie at the same place in the same image."""
    first, second = a.pinhole, b.pinhole
    if (first.width, first.height) != (second.width, second.height):
        return False
    if a.distorted != b.distorted or (a.distorted and list(a.model.d) != list(b.model.d)):
        return False
    one, other = ((i.fx, i.fy, i.cx, i.cy) for i in (first, second))
    return bool(np.allclose(one, other, rtol=0, atol=HALF_A_PIXEL))
