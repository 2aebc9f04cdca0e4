"""Pixels that hang between two surfaces, as networks and stereo make them at depth edges."""

from __future__ import annotations

import cv2
import numpy as np

NOTHING = np.float32(1e30)  # m: farther than any depth, and finite when it is multiplied
CROSS = cv2.getStructuringElement(cv2.MORPH_CROSS, (3, 3))


class FlyingPixels:
    """Finds pixels with a neighbour that is much nearer: what is between, and the far side.

    The near side of an edge stays, so that thin obstacles do. On a depth image this is the veil
    filter of laser scanners (PCL's ShadowPoints looks at normals for the same).
    """

    def __init__(self, threshold: float) -> None:
        """`threshold`: relative jump of depth between neighbours; 0 finds nothing."""
        self.threshold = threshold
        self._nearest = np.empty((0, 0), np.float32)
        self._flying = np.empty((0, 0), bool)

    def __call__(self, depth: np.ndarray) -> np.ndarray:
        """(h, w) float32 metres, NaN = none -> (h, w) bool, which the next call overwrites."""
        if self._flying.shape != depth.shape:
            self._nearest = np.empty(depth.shape, np.float32)
            self._flying = np.zeros(depth.shape, bool)
        if not self.threshold:
            return self._flying
        nearest = self._nearest
        np.copyto(nearest, depth)
        np.copyto(nearest, NOTHING, where=np.isnan(depth, out=self._flying))
        cv2.erode(nearest, CROSS, nearest)  # the minimum of each pixel and its four neighbours
        nearest *= np.float32(1 + self.threshold)
        return np.greater(depth, nearest, out=self._flying)
