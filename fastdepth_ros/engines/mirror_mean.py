"""The mean of an image's depth and of its mirror image's: a little better, in twice the time."""

from __future__ import annotations

import cv2
import numpy as np

from fastdepth_ros.engines.engine import Engine


class MirrorMean:
    """Runs an engine twice for each image; the buffers are kept."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._mirrored = np.empty((0, 0, 3), np.uint8)
        self._depth, self._other = np.empty((2, 0, 0), np.float32)
        self._nothing = np.empty((0, 0), bool)
        self._error = np.empty((0, 0), np.float32)
        self.error: np.ndarray | None = None  # as Engine.error, the mean of both

    def infer(self, image: np.ndarray) -> np.ndarray:
        """As Engine.infer; where one of both has no depth (0 or less), the other's."""
        if self._mirrored.shape != image.shape:
            self._mirrored = np.empty_like(image)
            self._depth, self._other = np.empty((2, *image.shape[:2]), np.float32)
            self._nothing = np.empty(image.shape[:2], bool)
        depth, other, nothing = self._depth, self._other, self._nothing
        np.copyto(depth, self._engine.infer(image))
        self.error = self._kept(self._engine.error)
        cv2.flip(self._engine.infer(cv2.flip(image, 1, self._mirrored)), 1, other)
        # Each is filled from the other: `where` of a sum would allocate.
        for gaps, filling in ((depth, other), (other, depth)):
            np.less_equal(gaps, 0, out=nothing)
            np.copyto(gaps, filling, where=nothing)
        depth += other
        depth *= np.float32(0.5)
        second = self._engine.error
        if self.error is not None and second is not None:
            self.error += second[:, ::-1]
            self.error *= np.float32(0.5)
        return depth

    def _kept(self, error: np.ndarray | None) -> np.ndarray | None:
        if error is None:
            return None
        if self._error.shape != error.shape:
            self._error = np.empty(error.shape, np.float32)
        np.copyto(self._error, error)
        return self._error
