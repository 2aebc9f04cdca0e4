"""sensor_msgs/Image: read in place, through cv_bridge, and as a bag's colour and depth."""

from __future__ import annotations

import array
import struct
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
from fuzz.taken import Taken
from sensor_msgs.msg import Image

from fastdepth_ros.errors import UserError
from fastdepth_ros.messages.colour_image import ALL, read_colour
from fastdepth_ros.messages.depth_image import ENCODINGS, read_depth
from fastdepth_ros.ros.image_messages import IN_PLACE, read_image

NAMES = (*ALL, *ENCODINGS, '8UC3', '16UC3', '64FC1', '32FC3', 'rgb16', '8SC2', 'nv21', '8UC1000')
HEAD = struct.Struct('<BBIIIB')  # encoding, flags, height, width, step, padding
FITS = 1  # the data are as long as they are said to be


def seeds() -> Iterator[bytes]:
    for i in range(len(NAMES) + 1):
        for padding in (0, 3):
            yield HEAD.pack(i, FITS, 4, 6, 6 * 4 + padding, 0) + bytes(range(200))
    yield HEAD.pack(0, 0, 2, 2, 6, 0) + bytes(12)
    yield HEAD.pack(0, 0, 2**32 - 1, 2**32 - 1, 2**32 - 1, 0)
    yield HEAD.pack(255, FITS, 2, 2, 8, 0) + b'\x04abc\n'


def harness(data: bytes) -> None:
    """Right: the size and encoding that were asked, from each reader that does not refuse."""
    given = Taken(data)
    number, flags = given.integer(1), given.integer(1)
    height, width, step = given.integer(4), given.integer(4), given.integer(4)
    given.take(1)
    encoding = NAMES[number] if number < len(NAMES) else given.text()
    body = given.rest()
    if flags & FITS:
        height, width, step = height % 64, width % 64, step % 512
        body = (body or b'\1') * (-(-height * step // max(1, len(body))))
        body = body[: height * step]
    message = Image(
        height=height,
        width=width,
        step=step,
        encoding=encoding,
        is_bigendian=flags >> 1 & 1,
        data=array.array('B', body),
    )
    refused = [_ros(message), *_bag(message)]
    if all(refused):
        raise refused[0]


def _ros(message: Image) -> UserError | None:
    try:
        pixels, encoding = read_image(message)
    except UserError as error:
        return error
    assert encoding in IN_PLACE
    assert pixels.dtype == np.uint8
    assert pixels.shape[:2] == (message.height, message.width)
    return None


def _bag(message: Image) -> Iterator[UserError | None]:
    for read, kind in ((read_colour, np.uint8), (read_depth, np.float32)):
        # rosbags has ndarray, rclpy has array.array
        stored = SimpleNamespace(
            **{name: getattr(message, name) for name in ('height', 'width', 'step', 'encoding')},
            is_bigendian=message.is_bigendian,
            data=np.frombuffer(message.data, np.uint8),
        )
        try:
            pixels = read(stored)
        except UserError as error:
            yield error
            continue
        assert pixels.dtype == kind
        assert pixels.shape[:2] == (message.height, message.width)
        assert kind is np.uint8 or (np.isfinite(pixels) & (pixels >= 0)).all()
        yield None
