"""JPEG and PNG, as sensor_msgs/CompressedImage has them, to pixels."""

from __future__ import annotations

import cv2
import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.pictures.decoding import decode
from fastdepth_ros.pictures.image_size import CAMERAS
from fastdepth_ros.pictures.whole_image import JPEG, PNG


def decode_colour(data: bytes, name: str) -> np.ndarray:
    """(height, width, 3) uint8 BGR; UserError says what is wrong with the data.

    The bytes decide what it is: `name`, the message's format, differs between publishers ('jpeg',
    'jpg', 'rgb8; jpeg compressed bgr8').
    """
    if 'compressedDepth' in name:
        raise UserError(f'its format {name[:32]!r} is of depth: give the colour image')
    return decode_named(data, name, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)


def decode_named(data: bytes, name: str, flags: int) -> np.ndarray:
    """What cv2.imdecode makes of a whole JPEG or PNG; `name` is the message's format."""
    if not data.startswith((PNG, JPEG)):
        raise UserError(
            f'its format {name[:32]!r} is neither JPEG nor PNG: set image_transport: raw, or the '
            "camera's compressed format to jpeg or png"
        )
    return decode(data, flags, CAMERAS)
