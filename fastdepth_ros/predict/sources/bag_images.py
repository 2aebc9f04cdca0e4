"""Image and CompressedImage messages of a bag to RGB, by OpenCV."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.tools.frames import is_whole

LARGEST = 16384  # pixels a side: a larger figure is a corrupt message
# encoding: (bytes a pixel, OpenCV's conversion to RGB). OpenCV names a Bayer pattern after its
# second row and column, ROS after the first.
ENCODINGS: dict[str, tuple[int, int | None]] = {
    'rgb8': (3, None),
    'bgr8': (3, cv2.COLOR_BGR2RGB),
    'rgba8': (4, cv2.COLOR_RGBA2RGB),
    'bgra8': (4, cv2.COLOR_BGRA2RGB),
    'mono8': (1, cv2.COLOR_GRAY2RGB),
    '8UC1': (1, cv2.COLOR_GRAY2RGB),
    '8UC3': (3, cv2.COLOR_BGR2RGB),
    'bayer_rggb8': (1, cv2.COLOR_BayerBG2RGB),
    'bayer_bggr8': (1, cv2.COLOR_BayerRG2RGB),
    'bayer_gbrg8': (1, cv2.COLOR_BayerGR2RGB),
    'bayer_grbg8': (1, cv2.COLOR_BayerGB2RGB),
    'yuv422': (2, cv2.COLOR_YUV2RGB_UYVY),
    'uyvy': (2, cv2.COLOR_YUV2RGB_UYVY),
    'yuv422_yuy2': (2, cv2.COLOR_YUV2RGB_YUY2),
    'yuyv': (2, cv2.COLOR_YUV2RGB_YUY2),
}


def is_colour(message: Any) -> bool:
    """Whether it can be the input of a depth network: no depth, no message at all."""
    if message is None:
        return False
    if hasattr(message, 'encoding'):
        return message.encoding in ENCODINGS
    return 'compressedDepth' not in message.format and not message.format.startswith('16UC1')


def decode_image(message: Any) -> np.ndarray:
    """(H, W, 3) uint8 RGB; UserError says what is wrong with the message."""
    if not hasattr(message, 'encoding'):
        return _decompress(message.data.tobytes(), message.format)
    known = ENCODINGS.get(message.encoding)
    if known is None:
        allowed = ', '.join(ENCODINGS)
        raise UserError(f"its encoding is '{message.encoding[:32]}': {allowed} can be read")
    pixels = _pixels(message, known[0])
    if known[1] is None:
        return np.ascontiguousarray(pixels)
    return cv2.cvtColor(pixels, known[1])


def _pixels(message: Any, channels: int) -> np.ndarray:
    """(H, W, channels) uint8 without the padding of each row."""
    width, height, step = int(message.width), int(message.height), int(message.step)
    if not (0 < width <= LARGEST and 0 < height <= LARGEST):
        raise UserError(f'its size is {width}x{height} pixels')
    if step < width * channels or message.data.size < step * height:
        raise UserError(
            f'it has {message.data.size} bytes in rows of {step}, too few for {width}x{height} '
            f'{message.encoding}'
        )
    rows = message.data[: step * height].reshape(height, step)
    pixels = rows[:, : width * channels].reshape(height, width, channels)
    return pixels[..., 0] if channels == 1 else pixels


def _decompress(data: bytes, name: str) -> np.ndarray:
    pixels = None
    if data and is_whole(data):
        flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if pixels is None:
        raise UserError(f"its {len(data)} bytes of '{name[:32]}' are no whole image")
    return cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB)
