"""JPEG and PNG, as sensor_msgs/CompressedImage has them, to pixels. OpenCV decodes."""

from __future__ import annotations

import struct

import cv2
import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.pictures.image_checks import LARGEST
from fastdepth_ros.pictures.whole_image import JPEG, PNG, is_cut_off

MOST_PIXELS = 64_000_000  # a few bytes may ask for more memory than a robot has
# markers that start a frame and hold its size: SOF0 .. SOF15 but DHT, JPG and DAC
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
STANDALONE = frozenset((0x01, *range(0xD0, 0xD8)))  # markers without a length


def decode_colour(data: bytes, name: str) -> np.ndarray:
    """(height, width, 3) uint8 BGR; UserError says what is wrong with the data.

    The bytes decide what it is: `name`, the message's format, differs between publishers ('jpeg',
    'jpg', 'rgb8; jpeg compressed bgr8').
    """
    if 'compressedDepth' in name:
        raise UserError(f'its format {name[:32]!r} is of depth: give the colour image')
    return decode(data, name, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)


def decode(data: bytes, name: str, flags: int) -> np.ndarray:
    """What cv2.imdecode makes of a whole JPEG or PNG, after a look at its size."""
    width, height = image_size(data, name)
    check_dimensions(width, height)
    pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    if pixels is None or pixels.shape[:2] != (height, width):
        raise UserError(f'its {len(data)} bytes of {name[:32]!r} cannot be decoded')
    return pixels


def check_dimensions(width: int, height: int) -> None:
    """UserError for a size that a few bytes may claim and no camera has."""
    if not (0 < width <= LARGEST and 0 < height <= LARGEST and width * height <= MOST_PIXELS):
        raise UserError(
            f'it says that it is {width}x{height} pixels: allowed are 1 to {LARGEST} for each '
            f'side and {MOST_PIXELS} in all'
        )


def image_size(data: bytes, name: str) -> tuple[int, int]:
    """(width, height) from the header of a whole PNG or JPEG; UserError for anything else."""
    if data.startswith(PNG):
        if data[12:16] == b'IHDR' and len(data) >= 24:
            width, height = struct.unpack('>II', data[16:24])
            return width, height
    elif data.startswith(JPEG):
        if is_cut_off(data):
            raise UserError(f'its JPEG of {len(data)} bytes is cut off')
        return jpeg_size(data)
    raise UserError(
        f'its format {name[:32]!r} is neither JPEG nor PNG: set image_transport: raw, or the '
        "camera's compressed format to jpeg or png"
    )


def jpeg_size(data: bytes) -> tuple[int, int]:
    """(width, height) of the first frame header (ITU-T T.81, annex B)."""
    at = len(JPEG)
    while at + 9 <= len(data):
        if data[at] != 0xFF:
            break
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
        elif marker in STANDALONE:
            at += 2
        elif marker in FRAMES:
            height, width = struct.unpack('>HH', data[at + 5 : at + 9])
            return width, height
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], 'big'))
    raise UserError(f'its JPEG of {len(data)} bytes has no frame header')
