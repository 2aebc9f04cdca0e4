"""Pictures for people: the image and its depth in colours."""

from __future__ import annotations

from pathlib import Path

import cv2

from fastdepth_ros.pictures.depth_picture import DepthPicture
from fastdepth_ros.predict.prediction import Prediction
from fastdepth_ros.predict.writers.writer import FileWriter

QUALITY = 92  # of JPEG


class OverlayWriter(FileWriter):
    """JPEG pictures."""

    suffix = '.jpg'

    def __init__(self, folder: Path, picture: DepthPicture) -> None:
        super().__init__(folder)
        self._picture = picture

    def encode(self, prediction: Prediction) -> bytes:
        """As the picture's layout says."""
        bgr = self._picture.draw(prediction.rgb, prediction.depth)
        _, data = cv2.imencode('.jpg', bgr, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
        return data.tobytes()
