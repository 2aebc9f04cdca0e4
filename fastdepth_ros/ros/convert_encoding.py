"""Image encodings that are not read in place, through cv_bridge, which is imported only here.

On a robot cv_bridge comes from apt, compiled against one numpy: a newer numpy from pip breaks its
import. So it is not imported before an image needs it, and its absence costs only these encodings.
"""

from __future__ import annotations

import array
import functools
from typing import Any

import numpy as np
from sensor_msgs.msg import Image

from fastdepth_ros.errors import UserError
from fastdepth_ros.pictures.image_checks import check_row

REMEDY = 'publish rgb8, bgr8, rgba8, bgra8 or mono8, which need no conversion'


def convert_to_rgb8(message: Image) -> np.ndarray:
    """The image as (height, width, 3) uint8 RGB; a UserError says why it cannot be made."""
    shown = repr(message.encoding[:32])  # of a damaged message it can be anything
    bridge, failures, reason = load_cv_bridge()
    if bridge is None:
        raise UserError(
            f'its encoding {shown} needs cv_bridge, which cannot be imported ({reason}): '
            f'install it (apt install ros-$ROS_DISTRO-cv-bridge), or {REMEDY}'
        )
    try:
        dtype, channels = bridge.encoding_to_dtype_with_channels(message.encoding)
    except failures as error:
        raise UserError(f'its encoding {shown} is unknown: {REMEDY}') from error
    row_bytes = message.width * channels * np.dtype(dtype).itemsize
    check_row(message, row_bytes)
    try:
        return bridge.imgmsg_to_cv2(without_padding(message, row_bytes), 'rgb8')
    except failures as error:
        raise UserError(
            f'cv_bridge cannot make rgb8 of its encoding {shown} ({error!r}): {REMEDY}'
        ) from error


@functools.cache
def load_cv_bridge() -> tuple[Any, tuple[type[Exception], ...], str]:
    """Returns a CvBridge and what it raises for a message that it cannot convert.

    (None, (), reason) where it cannot be imported: found out once, not for each image.
    """
    try:
        import cv2
        from cv_bridge import CvBridge
        from cv_bridge.boost import cv_bridge_boost  # noqa: F401, CvBridge imports it when used
    except (ImportError, AttributeError) as error:  # AttributeError: built for another numpy
        return None, (), str(error)
    # the compiled CvBridgeError is a TypeError; the pure-Python one lets all of these through
    failures = (cv2.error, KeyError, TypeError, ValueError, AttributeError, RuntimeError)
    return CvBridge(), failures, ''


def without_padding(message: Image, row_bytes: int) -> Image:
    """The message, or a copy without the padding at the end of its rows.

    Not every cv_bridge heeds `step`: some would shear a padded image.
    """
    if message.step == row_bytes:
        return message
    rows = np.frombuffer(message.data, np.uint8).reshape(message.height, message.step)
    return Image(
        header=message.header,
        height=message.height,
        width=message.width,
        encoding=message.encoding,
        is_bigendian=message.is_bigendian,
        step=row_bytes,
        data=array.array('B', rows[:, :row_bytes].tobytes()),
    )
