"""Depth from an image: numpy in, metres out."""

from __future__ import annotations

import cv2
import numpy as np

from fastdepth_ros.engines.engine import Engine
from fastdepth_ros.engines.preprocess import Preprocessor
from fastdepth_ros.engines.registry import AUTO, load_engine
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.metric_scale import invalidate, metric_scale
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
        width, height = self.input_size
        self._preprocess = Preprocessor(width, height)
        self._depth = np.empty((height, width), np.float32)
        self._resized = np.empty((0, 0), np.float32)

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
        predicted = self.engine.infer(self._preprocess(image, encoding))
        scale = metric_scale(intrinsics, *self.input_size, self.metadata.focal_length)
        depth = invalidate(np.multiply(predicted, scale, out=self._depth))
        if size is None or size == self.input_size:
            return depth
        if self._resized.shape != (size[1], size[0]):
            self._resized = np.empty((size[1], size[0]), np.float32)
        return cv2.resize(depth, size, self._resized, interpolation=cv2.INTER_LINEAR)
