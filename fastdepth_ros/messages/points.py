"""Points of laser scans, range sensors and clouds, in the sensor's own frame.

Messages are rosbags' or rclpy's.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from fastdepth_ros.errors import UserError

FLOATS = {7: 'f4', 8: 'f8'}  # sensor_msgs/PointField
MOST_POINTS = 20_000_000  # a larger figure is a corrupt message
LARGEST = 1 << 16  # bytes of a point


def read_scan(message: Any) -> np.ndarray:
    """(n, 3) float64 metres of a LaserScan's returns: x forward, y left, z = 0.

    What is NaN, infinite or out of range_min .. range_max is no return (REP 117).
    """
    ranges = np.asarray(message.ranges, np.float64)
    angles = message.angle_min + message.angle_increment * np.arange(len(ranges))
    good = np.isfinite(ranges) & (ranges > 0) & (ranges >= message.range_min)
    good &= ranges <= message.range_max
    if not np.isfinite(angles).all():
        raise UserError(
            f'its angles start at {message.angle_min} in steps of {message.angle_increment}'
        )
    r, a = ranges[good], angles[good]
    return np.stack([r * np.cos(a), r * np.sin(a), np.zeros(len(r))], -1)


def read_range(message: Any) -> np.ndarray:
    """(n, 3) float64 metres of a Range's return, 1 or 0 points: on x, the axis of its cone.

    As of a scan, what is NaN, infinite or out of its limits is no return (REP 117).
    """
    r = float(message.range)
    good = math.isfinite(r) and r > 0 and message.min_range <= r <= message.max_range
    return np.array([[r, 0.0, 0.0]]) if good else np.empty((0, 3))


def read_cloud(message: Any, most: int = MOST_POINTS) -> np.ndarray:
    """(n, 3) float64 metres of a PointCloud2's finite points; UserError without x, y and z.

    Of more than `most` points so many are taken, evenly spread over the message.
    """
    width, height = message.width, message.height
    row = width * message.point_step
    if width * height > MOST_POINTS or message.row_step < row or message.point_step > LARGEST:
        raise UserError(
            f'its {height} x {width} points of {message.point_step} bytes do not fit '
            f'its row_step of {message.row_step} bytes'
        )
    if len(message.data) < message.row_step * height:
        raise UserError(
            f'it has {len(message.data)} bytes of data where row_step x height = '
            f'{message.row_step * height} are due'
        )
    layout = _layout(message)
    if not width * height:
        return np.empty((0, 3))
    rows = np.frombuffer(message.data, np.uint8, message.row_step * height)
    rows = np.ascontiguousarray(rows.reshape(height, message.row_step)[:, :row])
    points: np.ndarray = rows.view(layout).ravel()
    if len(points) > most:
        # not every n-th: with n rings stored side by side that would be one of them
        points = points[np.linspace(0, len(points) - 1, most).astype(np.intp)]
    xyz = np.stack([points[axis].astype(np.float64) for axis in 'xyz'], -1)
    return xyz[np.isfinite(xyz).all(axis=1)]


def _layout(message: Any) -> np.dtype:
    """Where x, y and z lie in a point."""
    order = '>' if message.is_bigendian else '<'
    fields = {field.name: field for field in message.fields}
    formats, offsets = [], []
    for axis in 'xyz':
        field = fields.get(axis)
        kind = FLOATS.get(field.datatype) if field is not None else None
        if field is None or kind is None or field.offset + int(kind[1]) > message.point_step:
            raise UserError(
                f'its fields are {", ".join(fields)}: x, y and z as float32 or float64'
                f' within the {message.point_step} bytes of a point are needed'
            )
        formats.append(order + kind)
        offsets.append(field.offset)
    return np.dtype(
        {
            'names': list('xyz'),
            'formats': formats,
            'offsets': offsets,
            'itemsize': message.point_step,
        }
    )
