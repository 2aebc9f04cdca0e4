"""What a well-formed sensor_msgs/Image must satisfy."""

from __future__ import annotations

from sensor_msgs.msg import Image

from fastdepth_ros.errors import UserError

LARGEST = 16384  # pixels a side, more than any camera's: a larger figure is a corrupt message


def check_size(message: Image) -> None:
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


def check_row(message: Image, row_bytes: int) -> None:
    """Raises a UserError for a step that is shorter than a row of pixels."""
    if message.step < row_bytes:
        raise UserError(
            f'its step of {message.step} bytes is too short for a row of {message.width} '
            f'{message.encoding} pixels, which takes {row_bytes} bytes'
        )
