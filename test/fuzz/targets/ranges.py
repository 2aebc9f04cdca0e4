"""sensor_msgs/LaserScan, Range and PointCloud2, and the scale that follows them."""

from __future__ import annotations

import array
import struct
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
from fuzz.taken import Taken

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.projection import transform_points
from fastdepth_ros.messages.points import read_cloud, read_range, read_scan
from fastdepth_ros.scale.ranges import RangeScale

CAMERA = Intrinsics(70.0, 71.0, 40.0, 30.0, 80, 60)
DEPTH = np.linspace(4, 1, 60, dtype=np.float32)[:, None] + np.zeros((1, 80), np.float32)
SCAN = struct.Struct('<B4f')
CLOUD = struct.Struct('<BIIIIBB')
FIELD = struct.Struct('<BIB')
NAMES = ('x', 'y', 'z', 'rgb', 'intensity')


def seeds() -> Iterator[bytes]:
    ranges = np.linspace(1, 4, 40, dtype='<f4')
    yield SCAN.pack(0, -0.5, 0.02, 0.1, 30.0) + ranges.tobytes()
    yield SCAN.pack(0, 0.0, 1e38, 0.1, 30.0) + ranges.tobytes()
    yield SCAN.pack(1, 1.0, 0.1, 4.0, 0.0)
    points = np.stack([ranges, ranges * 0.1, ranges * 0.2, ranges * 0], 1).astype('<f4')
    fields = b''.join(FIELD.pack(i, 4 * i, 7) for i in range(4))
    yield CLOUD.pack(2, 1, 40, 16, 640, 0, 4) + fields + points.tobytes()
    yield CLOUD.pack(2, 40, 1, 16, 16, 1, 4) + fields + points.tobytes()
    doubles = b''.join(FIELD.pack(i, 8 * i, 8) for i in range(3))
    yield CLOUD.pack(2, 1, 20, 32, 640, 0, 3) + doubles + points.tobytes()
    yield CLOUD.pack(2, 0, 0, 2**32 - 1, 0, 0, 4) + fields
    yield CLOUD.pack(2, 0, 2**32 - 1, 2**31, 0, 0, 4) + fields


def harness(data: bytes) -> None:
    """Right: (n, 3) finite metres, that a scale can be sought by."""
    given = Taken(data)
    points = (_scan, _range, _cloud)[given.integer(1) % 3](given)
    assert points.dtype == np.float64
    assert points.shape[1:] == (3,)
    assert np.isfinite(points).all()
    RangeScale(shift=True).measure(DEPTH, CAMERA, points, 1.0)
    transform_points(points, np.eye(4))


def _scan(given: Taken) -> np.ndarray:
    low, step, nearest, farthest = (given.single() for _ in range(4))
    rest = given.rest()
    return read_scan(
        SimpleNamespace(
            angle_min=low,
            angle_increment=step,
            range_min=nearest,
            range_max=farthest,
            ranges=array.array('f', rest[: len(rest) // 4 * 4]),
        )
    )


def _range(given: Taken) -> np.ndarray:
    names = ('range', 'min_range', 'max_range')
    return read_range(SimpleNamespace(**{name: given.single() for name in names}))


def _cloud(given: Taken) -> np.ndarray:
    height, width, point, row = (given.integer(4) for _ in range(4))
    big, count = given.integer(1) & 1, given.integer(1) % 8
    fields = []
    for _ in range(count):
        number, offset, datatype = given.integer(1), given.integer(4), given.integer(1)
        name = NAMES[number] if number < len(NAMES) else given.text()
        fields.append(SimpleNamespace(name=name, offset=offset, datatype=datatype))
    message = SimpleNamespace(
        height=height,
        width=width,
        point_step=point,
        row_step=row,
        is_bigendian=bool(big),
        fields=fields,
        data=array.array('B', given.rest()),
    )
    points = read_cloud(message)
    fewer = read_cloud(message, most=7)
    if len(fewer) > 7:
        raise AssertionError('more points than were asked for')
    return points
