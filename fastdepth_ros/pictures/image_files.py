"""Colour and depth images as files: read whole or not at all."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.pictures.decoding import decode

COLOUR_SUFFIXES = ('.jpg', '.jpeg', '.png', '.bmp', '.ppm')
DEPTH_SUFFIX = '.png'


def read_colour(path: Path) -> np.ndarray:
    """uint8 (3, H, W): the picture as HDF5 frames have it."""
    return np.ascontiguousarray(read_picture(path).transpose(2, 0, 1))


def read_picture(path: Path) -> np.ndarray:
    """uint8 (H, W, 3) RGB as stored, without turning by EXIF: the depth is not turned either."""
    flags = cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION
    return cv2.cvtColor(_decoded(path, flags), cv2.COLOR_BGR2RGB)


def read_depth(path: Path, scale: float) -> np.ndarray:
    """float32 (H, W) metres, 0 = none, of a 16-bit PNG with `scale` units a metre."""
    depth = _decoded(path, cv2.IMREAD_UNCHANGED)
    if depth.dtype != np.uint16 or depth.ndim != 2:
        raise UserError(
            f"'{path}' is {depth.dtype} with {depth.shape[2] if depth.ndim == 3 else 1} channels: "
            'depth is a 16-bit PNG with one'
        )
    return (depth / np.float32(scale)).astype(np.float32)


def _decoded(path: Path, flags: int) -> np.ndarray:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise UserError(f"cannot read '{path}': {error.strerror}") from error
    try:
        return decode(data, flags)
    except UserError as error:
        raise UserError(f"'{path}' is not a whole image: {error}") from error
