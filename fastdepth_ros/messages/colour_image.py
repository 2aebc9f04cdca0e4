"""Colour images of messages, raw or compressed, as RGB."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from fastdepth_ros.engines.preprocess import ENCODINGS
from fastdepth_ros.errors import UserError
from fastdepth_ros.pictures.compressed_image import decode_colour
from fastdepth_ros.pictures.image_checks import pixel_bytes

# encoding: (bytes a pixel, OpenCV's conversion). OpenCV names a Bayer pattern after its second row
# and column, sensor_msgs after its first ones.
CONVERTED: dict[str, tuple[int, int]] = {
    'bayer_rggb8': (1, cv2.COLOR_BayerBG2RGB),
    'bayer_bggr8': (1, cv2.COLOR_BayerRG2RGB),
    'bayer_gbrg8': (1, cv2.COLOR_BayerGR2RGB),
    'bayer_grbg8': (1, cv2.COLOR_BayerGB2RGB),
    'yuv422': (2, cv2.COLOR_YUV2RGB_UYVY),
    'uyvy': (2, cv2.COLOR_YUV2RGB_UYVY),
    'yuv422_yuy2': (2, cv2.COLOR_YUV2RGB_YUY2),
    'yuyv': (2, cv2.COLOR_YUV2RGB_YUY2),
}
ALL: dict[str, tuple[int, int | None]] = {**ENCODINGS, **CONVERTED}


def read_colour(message: Any) -> np.ndarray:
    """(h, w, 3) uint8 RGB of an Image or CompressedImage; UserError says what is wrong with it."""
    if hasattr(message, 'format'):
        pixels = decode_colour(message.data.tobytes(), message.format)
        return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)
    if message.encoding not in ALL:
        raise UserError(
            f"its encoding '{message.encoding[:32]}' is not known: allowed are {', '.join(ALL)}"
        )
    channels, conversion = ALL[message.encoding]
    pixels = pixel_bytes(message, channels)
    if conversion is None:
        return pixels
    if message.encoding in CONVERTED and (message.width % 2 or message.height % 2):
        raise UserError(f'its size {message.width}x{message.height} is odd for a mosaic or YUV')
    return cv2.cvtColor(np.ascontiguousarray(pixels), conversion)
