"""Depth from an image: numpy in, metres out."""

from __future__ import annotations

import cv2
import numpy as np

from fastdepth_ros.engines.doubts import Doubts
from fastdepth_ros.engines.engine import Engine
from fastdepth_ros.engines.mirror_mean import MirrorMean
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
        max_error: float = 0.0,
        flip: bool = False,
    ) -> None:
        """Loads `model`, 'default', 'small' or a file. UserError names any value that does not do.

        `max_error`: pixels whose expected relative error is above become NaN; 0 keeps all.
        `flip`: the mean with the depth of the mirror image, in twice the time.
        """
        self._set_up(load_engine(model, engine, precision, num_threads), max_error, flip)

    @classmethod
    def from_engine(
        cls, engine: Engine, max_error: float = 0.0, flip: bool = False
    ) -> DepthEstimator:
        """Around an engine that is already loaded."""
        estimator = cls.__new__(cls)
        estimator._set_up(engine, max_error, flip)
        return estimator

    def _set_up(self, engine: Engine, max_error: float, flip: bool) -> None:
        cv2.setNumThreads(engine.num_threads)
        self.engine = engine
        self.max_error = max_error
        self.flip = flip  # may be set at any time
        self._mirror_mean = MirrorMean(engine)
        self._preprocess = Preprocessor(*self.input_size)
        self._registration = Registration()
        self._view: View | None = None  # of estimate
        self._seen: View | None = None  # of the last image
        self._asked: object = None
        self._content: np.ndarray = np.empty((0, 0), np.float32)
        self._mask: np.ndarray = np.empty((0, 0), bool)
        self._input = np.empty((0, 0, 3), np.uint8)
        self._doubts = Doubts(self.input_size)

    @property
    def max_error(self) -> float:
        """Expected relative error above which a pixel is NaN; 0 is off. May be set at any time."""
        return self._max_error

    @max_error.setter
    def max_error(self, value: float) -> None:
        self.check_max_error(value)
        self._max_error = value

    def check_max_error(self, value: float) -> None:
        """A UserError unless this model can do with `value` as max_error."""
        if not 0 <= value < np.inf:
            raise UserError(f'max_error is {value}: 0 (off) or more is needed, such as 0.25')
        if value and not self.metadata.network.error:
            raise UserError(
                f"max_error is {value:g}, but the model '{self.metadata.name}' does not tell its "
                'expected error: set max_error to 0, or use a model trained with '
                '--network lite0_shuffle_error'
            )

    @property
    def _source(self) -> Engine | MirrorMean:
        return self._mirror_mean if self.flip else self.engine

    @property
    def left_out(self) -> float:
        """The share of the last image's pixels that max_error has made NaN."""
        return self._doubts.share if self._max_error else 0.0

    def expected_error(self) -> np.ndarray | None:
        """(h, w) float32 |log depth error| expected of the last image, at the network's size.

        None where the model does not tell it; a kept buffer that the next call overwrites.
        """
        error = self._source.error
        if error is None or self._seen is None:
            return None
        return self._doubts.enlarged(error)[self._seen.content.slices]

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
        self._input, self._seen = self._preprocess(image, encoding, view), view
        predicted = self._source.infer(self._input)[view.content.slices]
        if self._content.shape != predicted.shape:
            self._content = np.empty(predicted.shape, np.float32)
            self._mask = np.empty(predicted.shape, bool)
        scale = metric_scale(view.intrinsics, self.metadata.focal_length)
        depth = np.multiply(predicted, np.float32(scale), out=self._content)
        invalidate(depth, self._mask)
        if self._max_error:
            error = self.expected_error()
            assert error is not None  # check_max_error
            self._doubts.leave_out(depth, error, self._max_error, self._mask)
        if view.rectifier is not None and view.rectifier.outside is not None:
            np.copyto(depth, np.float32(np.nan), where=view.rectifier.outside)
        return self._registration.of_depth(depth, view)

    def rgb(self, view: View) -> np.ndarray:
        """(height, width, 3) uint8 RGB of the last image, on its depth's pixels; kept, too."""
        return self._registration.of_rgb(self._input[view.content.slices], view)
