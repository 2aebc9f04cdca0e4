"""From a picture of a source to its depth, on the camera that took it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from fractions import Fraction

import cv2
import numpy as np

from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.distortion import Rectifier, is_distorted, plan_rectifier
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.view import View, plan_view
from fastdepth_ros.predict.cameras import CameraChoice
from fastdepth_ros.predict.sources.source import Sample

Size = tuple[int, int]
NETWORK, SOURCE = 'network', 'source'  # what --size may be, beside WxH
UNKNOWN_CAMERA = (
    "the camera is unknown: the depth is unscaled, as the model's own camera would see it; give "
    '--hfov, --intrinsics or --camera-info for metres'
)


@dataclass(frozen=True)
class Prediction:
    """What writers get; its arrays are valid until the next one."""

    name: str  # of its files, without suffix; may hold folders
    time: Fraction  # s in the source
    rgb: np.ndarray  # (H, W, 3) uint8, undistorted where the camera says how
    depth: np.ndarray  # (h, w) float32 metres along the optical axis, NaN = none
    intrinsics: Intrinsics | None  # of the depth


class Predictor:
    """Plans the way from a camera to its depth once, and again when image or camera change."""

    def __init__(self, estimator: DepthEstimator, cameras: CameraChoice, size: str | Size) -> None:
        """`size` of the depth: NETWORK, SOURCE (registered to the image) or (width, height)."""
        self._estimator, self._cameras, self._size = estimator, cameras, size
        self._key: object = None
        self._view: View | None = None
        self._rectifier: Rectifier | None = None  # of the whole image, for pictures
        self._warned = False

    def __call__(self, sample: Sample) -> Prediction:
        """UserError if the camera that was given is of another size than the image."""
        view = self._view_of(sample)
        depth = self._estimator.estimate_view(sample.rgb, view)
        rgb = sample.rgb
        if self._rectifier is not None:
            maps = self._rectifier.map_xy, self._rectifier.map_fraction
            rgb = cv2.remap(rgb, *maps, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
        return Prediction(sample.name, sample.time, rgb, depth, view.depth_intrinsics)

    def _view_of(self, sample: Sample) -> View:
        size = sample.rgb.shape[1], sample.rgb.shape[0]
        key = (size, sample.camera)
        if self._view is None or key != self._key:
            camera = self._cameras.of_image(sample.camera, size)
            self._view, self._key = self._plan(camera, size), key
        return self._view

    def _plan(self, camera: CameraModel | None, size: Size) -> View:
        rectify = camera is not None and is_distorted(camera)
        self._rectifier = None
        if camera is None:
            self._warn_once()
        elif rectify:
            self._rectifier = plan_rectifier(camera, (0, 0, *size), size)
        return plan_view(
            camera,
            size,
            self._estimator.input_size,
            rectify=rectify,
            depth_size=self._size if isinstance(self._size, tuple) else (0, 0),
            registered=self._size == SOURCE,
        )

    def _warn_once(self) -> None:
        if not self._warned:
            self._warned = True
            print(f'warning: {UNKNOWN_CAMERA}', file=sys.stderr)


def need_intrinsics(prediction: Prediction) -> Intrinsics:
    """The depth's camera, or a UserError that says how to give it."""
    if prediction.intrinsics is None:
        raise UserError(
            'a point cloud needs the camera: give --hfov DEGREES, --intrinsics FX FY CX CY or '
            '--camera-info FILE'
        )
    return prediction.intrinsics
