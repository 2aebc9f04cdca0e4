"""A known scene as a bag: a tilted plane in front of a moving colour camera."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from bag_writer import COLOUR, DEPTH, BagWriter, camera_info, image

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.projection import pinhole_rays

CAMERA = Intrinsics(60.0, 61.0, 39.5, 30.0, 80, 60)
NORMAL, DISTANCE = np.array([0.2, -0.15, 1.0]), 2.0  # the plane n . p = d, in the colour camera
INFO, DEPTH_INFO = '/camera/color/camera_info', '/camera/depth/camera_info'


def plane(rays: np.ndarray, pose: np.ndarray | None = None) -> np.ndarray:
    """(h, w) float32 z of the plane along rays (h, w, 3) of a camera at `pose` in the colour's."""
    pose = np.eye(4) if pose is None else pose
    directions = rays @ pose[:3, :3].T
    return ((DISTANCE - NORMAL @ pose[:3, 3]) / (directions @ NORMAL)).astype(np.float32)


def millimetres(depth: np.ndarray) -> np.ndarray:
    return np.round(depth * 1000).astype(np.uint16)


def picture(i: int) -> np.ndarray:
    """(60, 80, 3) uint8 that moves 5 pixels from one i to the next."""
    x, y = np.meshgrid(np.arange(80), np.arange(60))
    wave = np.sin((x + 5 * i) / 9) * np.cos(y / 11)
    return (128 + 100 * np.stack([wave, -wave, wave * 0.3], -1)).astype(np.uint8)


def add_colour(bag: BagWriter, i: int, t: float) -> None:
    bag.add(COLOUR, image(picture(i), 'rgb8', t), t)


def write_registered(path: Path, count: int = 30, rate: float = 10, **options: Any) -> Path:
    """Colour, depth on its pixels in 16UC1, and a CameraInfo of each."""
    depth = millimetres(plane(pinhole_rays(CAMERA)))
    with BagWriter(path, **options) as bag:
        for topic in (INFO, DEPTH_INFO):
            bag.add(topic, camera_info(CAMERA))
        for i in range(count):
            add_colour(bag, i, i / rate)
            bag.add(DEPTH, image(depth, '16UC1', i / rate + 0.004), i / rate + 0.01)
    return path
