"""Pixels whose depth is not to be trusted, by the error that the network itself expects."""

from __future__ import annotations

import cv2
import numpy as np


class Doubts:
    """Brings the coarse error to the network's input, and takes doubtful depth out."""

    def __init__(self, size: tuple[int, int]) -> None:
        """`size`: (width, height) of the network's input."""
        self._size = size
        self._error = np.empty((0, 0), np.float32)
        self.share = 0.0  # of the pixels, left out by the last call

    def enlarged(self, error: np.ndarray) -> np.ndarray:
        """(h, w) float32 -> (height, width), bilinear; a kept buffer."""
        if not self._error.size:
            self._error = np.empty(self._size[::-1], np.float32)
        return cv2.resize(error, self._size, self._error, interpolation=cv2.INTER_LINEAR)

    def leave_out(
        self, depth: np.ndarray, error: np.ndarray, most: float, mask: np.ndarray
    ) -> None:
        """Sets depth to NaN, in place, where `error`, of its shape, is above `most`.

        `mask` is bool of the same shape, to work in.
        """
        np.greater(error, np.float32(most), out=mask)
        np.copyto(depth, np.float32(np.nan), where=mask)
        self.share = float(np.count_nonzero(mask)) / mask.size
