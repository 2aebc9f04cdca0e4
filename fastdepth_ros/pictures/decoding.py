"""The bytes of an image to pixels, after a look at its size. OpenCV decodes."""

from __future__ import annotations

import cv2
import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.pictures.image_size import image_size


def decode(data: bytes, flags: int, kinds: tuple[str, ...] = ()) -> np.ndarray:
    """What cv2.imdecode makes of a whole image of `kinds` (image_size.KINDS; all by default).

    UserError says what is wrong with it.
    """
    size = image_size(data, kinds)
    try:
        pixels = cv2.imdecode(np.frombuffer(data, np.uint8), flags)
    except cv2.error as error:
        raise UserError(f'its {len(data)} bytes cannot be decoded: {error.err}') from error
    if pixels is None:
        raise UserError(f'its {len(data)} bytes cannot be decoded')
    turned = not flags & cv2.IMREAD_IGNORE_ORIENTATION
    found = pixels.shape[1::-1]
    if found != size and not (turned and found == size[::-1]):
        raise UserError(f'its header says {size[0]}x{size[1]} pixels, and {found} came of it')
    return pixels
