"""Reads sensor_msgs/Image into numpy without a copy, and writes it into a kept message."""

from __future__ import annotations

import array
import sys

import numpy as np
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from fastdepth_ros.engines.preprocess import ENCODINGS
from fastdepth_ros.pictures.image_checks import check_size, pixel_bytes
from fastdepth_ros.ros.convert_encoding import convert_to_rgb8

# the encodings that the estimator takes as they are, with their channels of one byte each
IN_PLACE = {name: channels for name, (channels, _) in ENCODINGS.items()}


def read_image(message: Image) -> tuple[np.ndarray, str]:
    """Returns the pixels as uint8 and their encoding, one of IN_PLACE.

    (height, width, channels), or (height, width) for mono8: a view of the message's own memory
    that skips the padding of each row, or a converted rgb8 copy for any other encoding. UserError
    says what is wrong with a malformed message.
    """
    check_size(message)
    if message.encoding not in IN_PLACE:
        return convert_to_rgb8(message), 'rgb8'
    channels = IN_PLACE[message.encoding]
    pixels = pixel_bytes(message, channels)
    return (pixels[..., 0] if channels == 1 else pixels), message.encoding


class ImageWriter:
    """Puts images of one encoding into one kept message, which the next image overwrites."""

    def __init__(self, encoding: str) -> None:
        self._message = Image(encoding=encoding, is_bigendian=int(sys.byteorder == 'big'))

    def write(self, image: np.ndarray, header: Header) -> Image:
        """Returns the message of a C-contiguous array of (height, width) or (height, width, c)."""
        message = self._message
        message.header = header
        message.height, message.width = image.shape[:2]
        message.step = image.strides[0]
        if len(message.data) != image.nbytes:
            message.data = array.array('B', bytes(image.nbytes))
        # filled through a memoryview in one copy: bytes or an ndarray given to `data` would have
        # every element checked where message field checks are on, as they are on Humble
        memoryview(message.data)[:] = image.data.cast('B')
        return message
