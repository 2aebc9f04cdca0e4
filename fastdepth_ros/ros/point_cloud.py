"""sensor_msgs/PointCloud2 of a depth image, in a kept message."""

from __future__ import annotations

import array
import sys

import numpy as np
from sensor_msgs.msg import PointCloud2, PointField
from std_msgs.msg import Header

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.point_cloud import CloudOptions, PointCloudBuilder

FLOAT_BYTES = 4
NAMES = ('x', 'y', 'z', 'rgb')


class PointCloudWriter:
    """Organised, packed points: 12 bytes xyz, or 16 with rgb, in one message that is kept."""

    def __init__(self, options: CloudOptions) -> None:
        self.options = options
        self._builder = PointCloudBuilder(options)
        self._message = PointCloud2(
            fields=[
                PointField(name=name, offset=FLOAT_BYTES * i, datatype=PointField.FLOAT32, count=1)
                for i, name in enumerate(NAMES[: options.floats])
            ],
            is_bigendian=sys.byteorder == 'big',
            point_step=FLOAT_BYTES * options.floats,
            is_dense=False,  # points without depth are NaN
        )
        self._points = np.empty((0, 0, 0), np.float32)

    def write(
        self,
        depth: np.ndarray,
        intrinsics: Intrinsics,
        header: Header,
        rgb: np.ndarray | None = None,
    ) -> PointCloud2:
        """The message of (h, w) float32 metres; `rgb` as (h, w, 3) uint8 if options.color."""
        shape = self._builder.shape(depth)
        if self._points.shape != shape:
            self._allocate(shape)
        self._message.header = header
        self._builder.write(depth, intrinsics, self._points, rgb)
        return self._message

    def _allocate(self, shape: tuple[int, int, int]) -> None:
        message = self._message
        message.height, message.width = shape[:2]
        message.row_step = message.width * message.point_step
        message.data = array.array('B', bytes(message.row_step * message.height))
        self._points = np.frombuffer(message.data, np.float32).reshape(shape)  # the same memory
