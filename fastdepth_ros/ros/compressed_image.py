"""sensor_msgs/CompressedImage, JPEG or PNG, to pixels."""

from __future__ import annotations

import numpy as np
from sensor_msgs.msg import CompressedImage

from fastdepth_ros.pictures.compressed_image import decode_colour


def compressed_topic(image_topic: str) -> str:
    """Where image_transport's compressed plugin publishes the images of a (resolved) topic."""
    return f'{image_topic}/compressed'


def read_compressed(message: CompressedImage) -> tuple[np.ndarray, str]:
    """Returns ((height, width, 3) uint8, 'bgr8'); UserError says what is wrong with it."""
    return decode_colour(message.data.tobytes(), message.format), 'bgr8'
