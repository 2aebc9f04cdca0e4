"""Pictures that show nothing new: a robot that stands still would teach one frame many times.

The change between two pictures is the mean absolute difference of their thumbnails, 32 x 24 means
of grey values 0 to 255: cheap, and blind to a sensor's noise.
"""

from __future__ import annotations

from collections.abc import Iterable

import cv2
import numpy as np

THUMBNAIL = (32, 24)  # width, height


def thumbnail(rgb: np.ndarray) -> np.ndarray:
    """(24, 32) float32 grey values of an (h, w, 3) uint8 picture."""
    grey = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2GRAY)
    return cv2.resize(grey, THUMBNAIL, interpolation=cv2.INTER_AREA).astype(np.float32)


def changed(thumbnails: Iterable[np.ndarray], min_change: float) -> list[bool]:
    """For each whether it differs from the last one kept by min_change grey values or more."""
    kept: np.ndarray | None = None
    keep = []
    for small in thumbnails:
        keep.append(kept is None or float(np.abs(small - kept).mean()) >= min_change)
        kept = small if keep[-1] else kept
    return keep
