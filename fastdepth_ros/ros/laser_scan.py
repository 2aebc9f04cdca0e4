"""sensor_msgs/LaserScan of a depth image."""

from __future__ import annotations

import array

import numpy as np
from sensor_msgs.msg import LaserScan
from std_msgs.msg import Header

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.laser_scan import ScanBuilder, ScanOptions


class LaserScanWriter:
    """Scans with the camera's stamp; every bearing is of the same moment."""

    def __init__(self, options: ScanOptions) -> None:
        self._builder = ScanBuilder(options)
        self._options = options

    def write(
        self,
        depth: np.ndarray,
        intrinsics: Intrinsics,
        header: Header,
        transform: np.ndarray,
    ) -> LaserScan:
        """The message of (h, w) float32 metres, in header.frame_id, to which `transform` leads."""
        scan = self._builder.build(depth, intrinsics, transform)
        last = scan.angle_min + scan.angle_increment * (len(scan.ranges) - 1)
        return LaserScan(
            header=header,
            angle_min=scan.angle_min,
            angle_max=last,
            angle_increment=scan.angle_increment,
            range_min=self._options.min_range,
            range_max=self._options.farthest,
            ranges=array.array('f', scan.ranges.tobytes()),
        )
