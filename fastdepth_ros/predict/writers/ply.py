"""Coloured point clouds as PLY, binary little endian (Turk 1994).

The format is a header and an array, less than a library's interface would take.
"""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

from fastdepth_ros.geometry.point_cloud import CloudOptions, PointCloudBuilder
from fastdepth_ros.predict.prediction import Prediction, need_intrinsics
from fastdepth_ros.predict.writers.writer import FileWriter

POINT = np.dtype([('xyz', '<f4', 3), ('rgb', 'u1', 3)])
HEADER = """\
ply
format binary_little_endian 1.0
comment metres in the camera's optical frame: x right, y down, z forward
element vertex {count}
property float x
property float y
property float z
property uchar red
property uchar green
property uchar blue
end_header
"""


class PlyWriter(FileWriter):
    """Points of every pixel that has depth, in metres."""

    suffix = '.ply'

    def __init__(self, folder: Path, edge_threshold: float) -> None:
        """`edge_threshold`: flying pixels that are left out, as the node's parameter."""
        super().__init__(folder)
        self._builder = PointCloudBuilder(CloudOptions(edge_threshold=edge_threshold))

    def encode(self, prediction: Prediction) -> bytes:
        """UserError if the camera is not known."""
        depth = prediction.depth
        points = np.empty(self._builder.shape(depth), np.float32)
        self._builder.write(depth, need_intrinsics(prediction), points)
        rgb = prediction.rgb
        if rgb.shape[:2] != depth.shape:
            rgb = cv2.resize(rgb, depth.shape[::-1], interpolation=cv2.INTER_AREA)
        return encode_ply(points, rgb)


def encode_ply(points: np.ndarray, rgb: np.ndarray) -> bytes:
    """(h, w, 3) float32 and uint8 -> a file of the points that are finite."""
    known = np.isfinite(points[..., 2])
    vertices = np.empty(np.count_nonzero(known), POINT)
    vertices['xyz'], vertices['rgb'] = points[known], rgb[known]
    return HEADER.format(count=len(vertices)).encode() + vertices.tobytes()
