"""What a well-formed sensor_msgs/Image must satisfy, and its pixels; of rclpy's or rosbags'."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

from fastdepth_ros.errors import UserError

LARGEST = 16384  # pixels a side, more than any camera's: a larger figure is a corrupt message


class ImageMessage(Protocol):
    """The fields of sensor_msgs/Image that say how its pixels lie."""

    height: int
    width: int
    encoding: str
    step: int
    data: Any  # a buffer of bytes


def check_size(message: ImageMessage) -> None:
    """Raises a UserError for what no image of any encoding can be."""
    width, height = message.width, message.height
    if not (0 < width <= LARGEST and 0 < height <= LARGEST):
        raise UserError(
            f'its size is {width}x{height} pixels: allowed are 1 to {LARGEST} for each side'
        )
    if len(message.data) != message.step * height:
        raise UserError(
            f'it has {len(message.data)} bytes of data where step x height = {message.step} x '
            f'{height} = {message.step * height} bytes are due'
        )


def check_row(message: ImageMessage, row_bytes: int) -> None:
    """Raises a UserError for a step that is shorter than a row of pixels."""
    if message.step < row_bytes:
        raise UserError(
            f'its step of {message.step} bytes is too short for a row of {message.width} '
            f'{message.encoding} pixels, which takes {row_bytes} bytes'
        )


def pixel_bytes(message: ImageMessage, bytes_per_pixel: int) -> np.ndarray:
    """(height, width, bytes_per_pixel) uint8, a view of the message without its rows' padding.

    UserError says what is wrong with a malformed message.
    """
    check_size(message)
    row_bytes = message.width * bytes_per_pixel
    check_row(message, row_bytes)
    rows = np.frombuffer(message.data, np.uint8).reshape(message.height, message.step)
    return rows[:, :row_bytes].reshape(message.height, message.width, bytes_per_pixel)
