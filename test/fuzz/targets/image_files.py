"""Images as files, of data roots and of predict: PNG, JPEG, BMP, PPM and what else there is."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
from fuzz.taken import written

from fastdepth_ros.pictures.frames import read_image
from fastdepth_ros.pictures.image_files import read_colour, read_depth

SUFFIXES = ('.png', '.jpg', '.bmp', '.ppm', '.tiff', '.webp', '.hdr', '.gif', '.pgm')


def seeds() -> Iterator[bytes]:
    pixels = np.arange(6 * 8 * 3, dtype=np.uint8).reshape(6, 8, 3)
    for suffix in filter(cv2.haveImageWriter, SUFFIXES):  # no GIF before OpenCV 4.12
        picture = pixels.astype(np.float32) if suffix == '.hdr' else pixels
        picture = pixels[..., 0] if suffix == '.pgm' else picture
        yield b'\0' + cv2.imencode(suffix, picture)[1].tobytes()
    yield b'\1' + cv2.imencode('.png', np.arange(48, dtype=np.uint16).reshape(6, 8))[1].tobytes()
    yield b'\0P6\n100000 100000\n255\n'
    yield b'\0P3\n2 1\n255\n1 2 3 4 5 6\n'
    yield b'\0BM' + bytes(8) + b'6\0\0\0(\0\0\0\0\0\1\0\0\0\1\0\1\0\x18\0' + bytes(24)


def harness(data: bytes) -> None:
    """Right: pixels from each reader that does not refuse."""
    kind, body = data[:1] == b'\1', data[1:]
    if kind:
        with written(body, 'depth.png') as path:
            depth = read_depth(path, 1000.0)
        assert depth.dtype == np.float32
        return
    with written(body, 'image.png') as path:
        shown = read_image(path)
        rgb = read_colour(path)
    assert rgb.dtype == shown.rgb.dtype == np.uint8
    assert sorted(rgb.shape[1:]) == sorted(shown.rgb.shape[:2])
