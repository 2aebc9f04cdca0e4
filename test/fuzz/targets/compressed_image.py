"""sensor_msgs/CompressedImage of colour: JPEG and PNG."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from fuzz.pictures import jpeg, png

from fastdepth_ros.pictures.compressed_image import decode_colour
from fastdepth_ros.pictures.image_size import image_size


def seeds() -> Iterator[bytes]:
    pixels = np.arange(6 * 8 * 3, dtype=np.uint8).reshape(6, 8, 3)
    yield png(pixels)
    yield png(pixels[..., 0])
    yield png(pixels.astype(np.uint16) * 200)
    yield jpeg(pixels)
    yield jpeg(pixels[..., 0])
    yield jpeg(np.tile(pixels, (4, 4, 1)), cv2.IMWRITE_JPEG_PROGRESSIVE, 1)
    yield jpeg(np.tile(pixels, (4, 4, 1)), cv2.IMWRITE_JPEG_RST_INTERVAL, 1)
    yield b'GIF89a' + bytes(20)


def harness(data: bytes) -> None:
    """Right: as large as its header says."""
    pixels = decode_colour(data, 'jpeg')
    assert pixels.dtype == np.uint8
    assert pixels.shape == (*image_size(data)[::-1], 3)
