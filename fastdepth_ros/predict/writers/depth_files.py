"""Depth as numbers: 16-bit PNG in millimetres, float32 NPY in metres."""

from __future__ import annotations

import io

import cv2
import numpy as np

from fastdepth_ros.predict.prediction import Prediction
from fastdepth_ros.predict.writers.writer import FileWriter

MOST = 65535  # mm, of 16 bits


class DepthPngWriter(FileWriter):
    """uint16 millimetres, as RGB-D data sets and ROS's 16UC1 have it; 0 = none."""

    suffix = '.png'

    def encode(self, prediction: Prediction) -> bytes:
        """Beyond 65.535 m is 65535."""
        _, data = cv2.imencode('.png', millimetres(prediction.depth))
        return data.tobytes()


def millimetres(depth: np.ndarray) -> np.ndarray:
    """(h, w) float32 metres, NaN = none -> (h, w) uint16, rounded."""
    return np.nan_to_num(np.rint(depth * 1000), nan=0).clip(0, MOST).astype(np.uint16)


class NpyWriter(FileWriter):
    """float32 metres, NaN = none."""

    suffix = '.npy'

    def encode(self, prediction: Prediction) -> bytes:
        """As numpy.load reads it."""
        file = io.BytesIO()
        np.save(file, prediction.depth.astype(np.float32, copy=False))
        return file.getvalue()
