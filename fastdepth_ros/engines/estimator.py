"""Depth from an image: numpy in, metres out."""

from __future__ import annotations

import cv2
import numpy as np

from fastdepth_ros.engines.engine import Engine
from fastdepth_ros.engines.preprocess import Preprocessor, check_image
from fastdepth_ros.engines.registration import Registration
from fastdepth_ros.engines.registry import AUTO, load_engine
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.metric_scale import invalidate, metric_scale
from fastdepth_ros.geometry.view import View, plan_view
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.share import DEFAULT


class DepthEstimator:
    """A model, the engine that runs it, and the geometry around it.

    >>> estimator = DepthEstimator(num_threads=1)
    >>> depth = estimator.estimate(rgb, Intrinsics(525, 525, 319.5, 239.5, 640, 480))
    """

    def __init__(
        self,
        model: str = DEFAULT,
        engine: str = AUTO,
        precision: str = AUTO,
        num_threads: int = 1,
    ) -> None:
        """Loads `model`, 'default' or a file. UserError names any value that does not do."""
        self._set_up(load_engine(model, engine, precision, num_threads))

    @classmethod
    def from_engine(cls, engine: Engine) -> DepthEstimator:
        """Around an engine that is already loaded."""
        estimator = cls.__new__(cls)
        estimator._set_up(engine)
        return estimator

    def _set_up(self, engine: Engine) -> None:
        cv2.setNumThreads(engine.num_threads)
        self.engine = engine
        self._preprocess = Preprocessor(*self.input_size)
        self._registration = Registration()
        self._view: View | None = None
        self._asked: object = None
        self._content: np.ndarray = np.empty((0, 0), np.float32)
        self._mask: np.ndarray = np.empty((0, 0), bool)
        self._input = np.empty((0, 0, 3), np.uint8)

    @property
    def metadata(self) -> ModelMetadata:
        """What the model file says about itself."""
        return self.engine.metadata

    @property
    def input_size(self) -> tuple[int, int]:
        """(width, height) of the network's input, px."""
        return self.metadata.input_width, self.metadata.input_height

    def estimate(
        self,
        image: np.ndarray,
        intrinsics: Intrinsics | None = None,
        encoding: str = 'rgb8',
        size: tuple[int, int] | None = None,
    ) -> np.ndarray:
        """Depth along the optical axis of the whole image.

        `image` is (H, W, 3) uint8 RGB, or as `encoding` says (preprocess.ENCODINGS); it may be a
        strided view. With `intrinsics` of that image the depth is scaled to its focal length.
        Returns (height, width) float32 metres, NaN where there is no depth, at the network's size
        or at `size` = (width, height); a kept buffer that the next call overwrites.
        """
        check_image(image, encoding)
        asked = (image.shape[:2], intrinsics, size)
        if self._view is None or asked != self._asked:
            camera = None if intrinsics is None else CameraModel.pinhole(intrinsics)
            shape = image.shape[1], image.shape[0]
            view = plan_view(camera, shape, self.input_size, depth_size=size or (0, 0))
            self._view, self._asked = view, asked
        return self.estimate_view(image, self._view, encoding)

    def estimate_view(self, image: np.ndarray, view: View, encoding: str = 'rgb8') -> np.ndarray:
        """Depth of an image of view.image_size, as the view wants it.

        Returns (height, width) float32 metres of view.depth_size, NaN where there is no depth; a
        kept buffer that the next call overwrites.
        """
        check_image(image, encoding)
        if image.shape[1::-1] != view.image_size:
            raise UserError(f'image is {image.shape[1::-1]} pixels: the view {view.image_size}')
        self._input = self._preprocess(image, encoding, view)
        predicted = self.engine.infer(self._input)[view.content.slices]
        if self._content.shape != predicted.shape:
            self._content = np.empty(predicted.shape, np.float32)
            self._mask = np.empty(predicted.shape, bool)
        scale = metric_scale(view.intrinsics, self.metadata.focal_length)
        depth = np.multiply(predicted, np.float32(scale), out=self._content)
        invalidate(depth, self._mask)
        if view.rectifier is not None and view.rectifier.outside is not None:
            np.copyto(depth, np.float32(np.nan), where=view.rectifier.outside)
        return self._registration.of_depth(depth, view)

    def rgb(self, view: View) -> np.ndarray:
        """(height, width, 3) uint8 RGB of the last image, on its depth's pixels; kept, too."""
        return self._registration.of_rgb(self._input[view.content.slices], view)
