"""Depth images of messages, raw or compressed, in metres.

16UC1 is millimetres and 32FC1 metres (REP 118). compressedDepth (image_transport_plugins) is a
header of 12 bytes, an int32 and the float32 A and B, and then a 16-bit image as PNG or RVL: of
16UC1 the millimetres, of 32FC1 x with depth = A / (x - B). 0 is no depth in both.
"""

from __future__ import annotations

import struct
from typing import Any

import cv2
import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.messages.rvl import decode_rvl
from fastdepth_ros.pictures.compressed_image import decode_named
from fastdepth_ros.pictures.image_checks import pixel_bytes
from fastdepth_ros.pictures.image_size import check_dimensions
from fastdepth_ros.pictures.whole_image import PNG

HEADER = struct.Struct('<iff')
RVL_SIZE = struct.Struct('<II')  # columns, rows
MILLIMETRES = ('16UC1', 'mono16')
METRES = '32FC1'
ENCODINGS = (*MILLIMETRES, METRES)
MM = np.float32(1000)


def is_depth(message: Any) -> bool:
    """Whether an Image or CompressedImage says that it is of depth."""
    return encoding_of(message) in ENCODINGS or 'compressedDepth' in getattr(message, 'format', '')


def encoding_of(message: Any) -> str:
    """The encoding of the image, before its compression if it has one."""
    if hasattr(message, 'format'):
        return message.format.partition(';')[0].strip()
    return message.encoding


def read_depth(message: Any) -> np.ndarray:
    """(h, w) float32 metres, 0 = none, of an Image or CompressedImage.

    Depth that is NaN, infinite or not positive is none. UserError says what is wrong with it.
    """
    encoding = encoding_of(message)
    if encoding not in ENCODINGS:
        raise UserError(
            f"its encoding '{encoding[:32]}' is no depth: allowed are {', '.join(ENCODINGS)}"
        )
    if hasattr(message, 'format'):
        depth = read_compressed_depth(message.data.tobytes(), message.format, encoding)
    else:
        depth = read_raw_depth(message)
    return np.where(np.isfinite(depth) & (depth > 0), depth, np.float32(0))


def read_raw_depth(message: Any) -> np.ndarray:
    """(h, w) float32 metres as they are in the message."""
    order = '>' if message.is_bigendian else '<'
    if message.encoding in MILLIMETRES:
        return np.ascontiguousarray(pixel_bytes(message, 2)).view(f'{order}u2')[..., 0] / MM
    pixels = np.ascontiguousarray(pixel_bytes(message, 4)).view(f'{order}f4')
    return pixels[..., 0].astype(np.float32)


def read_compressed_depth(data: bytes, name: str, encoding: str) -> np.ndarray:
    """(h, w) float32 metres; 16-bit PNG without the header is image_transport's `compressed`."""
    a, b, body = 0.0, 0.0, data
    if not data.startswith(PNG):
        if len(data) <= HEADER.size:
            raise UserError(f'its {len(data)} bytes of {name[:32]!r} are cut off')
        _, a, b = HEADER.unpack_from(data)
        body = data[HEADER.size :]
    stored = read_rvl(body) if 'rvl' in name else decode_named(body, name, cv2.IMREAD_UNCHANGED)
    if stored.dtype != np.uint16 or stored.ndim != 2:
        raise UserError(f'its {name[:32]!r} is {stored.dtype} {stored.shape}, not 16-bit (h, w)')
    if encoding in MILLIMETRES:
        return stored / MM
    if not a > 0:
        raise UserError(f'its {name[:32]!r} has the quantisation {a:g}, {b:g}: A > 0 is needed')
    with np.errstate(divide='ignore'):
        depth = np.float32(a) / (stored.astype(np.float32) - np.float32(b))
    return np.where(stored > 0, depth, np.float32(0))


def read_rvl(body: bytes) -> np.ndarray:
    """(h, w) uint16 of an RVL stream after its size."""
    if len(body) < RVL_SIZE.size:
        raise UserError(f'its {len(body)} bytes of RVL are cut off')
    width, height = RVL_SIZE.unpack_from(body)
    check_dimensions(width, height)
    return decode_rvl(body[RVL_SIZE.size :], width * height).reshape(height, width)
