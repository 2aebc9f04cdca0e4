"""Depth as colours: viridis over a fixed range, near blue, far yellow, black for none."""

from __future__ import annotations

import cv2
import numpy as np

VIRIDIS = cv2.applyColorMap(np.arange(256, dtype=np.uint8)[:, None], cv2.COLORMAP_VIRIDIS)


class DepthColours:
    """Colours depth into kept buffers: the same metres, the same colour in every picture."""

    def __init__(self, far: float) -> None:
        """`far` in metres is yellow, and so is everything beyond."""
        self._scale = np.float32(255 / far)
        self._level, self._known = np.empty((0, 0), np.uint8), np.empty((0, 0), bool)
        self._scaled = np.empty((0, 0), np.float32)
        self._bgr = np.empty((0, 0, 3), np.uint8)

    def __call__(self, depth: np.ndarray) -> np.ndarray:
        """(h, w) float32 metres, NaN = none -> (h, w, 3) uint8 BGR, which the next call reuses."""
        if self._level.shape != depth.shape:
            self._level = np.empty(depth.shape, np.uint8)
            self._known = np.empty(depth.shape, bool)
            self._scaled = np.empty(depth.shape, np.float32)
            self._bgr = np.empty((*depth.shape, 3), np.uint8)
        known = np.isfinite(depth, out=self._known)
        self._scaled.fill(0)
        np.multiply(depth, self._scale, out=self._scaled, where=known)
        np.minimum(self._scaled, 255, out=self._scaled)
        np.copyto(self._level, self._scaled, casting='unsafe')
        # What applyColorMap does; that of OpenCV 4.5 (Humble) makes a picture between.
        cv2.cvtColor(self._level, cv2.COLOR_GRAY2BGR, self._bgr)
        cv2.LUT(self._bgr, VIRIDIS, self._bgr)
        np.copyto(self._bgr, 0, where=np.logical_not(known, out=known)[..., None])
        return self._bgr
