from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from fastdepth_ros.predict.writers.ply import POINT, encode_ply


def read_ply(path: Path) -> np.ndarray:
    """Vertices; the header is checked word by word, as other programs read it."""
    header, _, body = path.read_bytes().partition(b'end_header\n')
    lines = header.decode().splitlines()
    assert lines[:2] == ['ply', 'format binary_little_endian 1.0']
    (count,) = (int(line.split()[2]) for line in lines if line.startswith('element vertex'))
    kinds = [line.split()[1:] for line in lines if line.startswith('property')]
    names = ('x', 'y', 'z', 'red', 'green', 'blue')
    assert kinds == [['float' if n in 'xyz' else 'uchar', n] for n in names]
    assert len(body) == 15 * count
    return np.frombuffer(body, POINT)


def test_a_cloud_has_the_colours_and_the_rays_of_its_camera(
    predict: Any, photos: Path, tmp_path: Path
) -> None:
    image = np.zeros((120, 160, 3), np.uint8)
    image[:, 80:] = (255, 255, 0)  # cyan, BGR: mean 170
    cv2.imwrite(str(photos / 'a.png'), image)
    predict(photos / 'a.png', '--write', 'ply', '--size', 'source', '--hfov', 90)
    cloud = read_ply(tmp_path / 'out/ply/a.ply')
    assert len(cloud) == 120 * 160
    xyz, rgb = cloud['xyz'].reshape(120, 160, 3), cloud['rgb'].reshape(120, 160, 3)
    assert rgb[60, 10].tolist() == [0, 0, 0]
    assert rgb[60, 150].tolist() == [0, 255, 255]
    x, y, z = xyz[20, 150]
    assert x / z == pytest.approx((150 - 79.5) / 80, rel=1e-4)  # f = 80 px at 90 degrees
    assert y / z == pytest.approx((20 - 59.5) / 80, rel=1e-4)


def test_points_without_depth_are_left_out(tmp_path: Path) -> None:
    points = np.ones((2, 3, 3), np.float32)
    points[0, 1] = np.nan
    rgb = np.arange(18, dtype=np.uint8).reshape(2, 3, 3)
    (tmp_path / 'c.ply').write_bytes(encode_ply(points, rgb))
    cloud = read_ply(tmp_path / 'c.ply')
    assert cloud['rgb'][:, 0].tolist() == [0, 6, 9, 12, 15]


def test_flying_pixels_are_left_out_on_request(predict: Any, photos: Path, tmp_path: Path) -> None:
    image = np.zeros((120, 160, 3), np.uint8)
    image[:, 80:] = 255
    cv2.imwrite(str(photos / 'a.png'), image)
    given = [photos / 'a.png', '--write', 'ply', '--hfov', 70]
    predict(*given)
    every = len(read_ply(tmp_path / 'out/ply/a.ply'))
    predict(*given, '--edge-threshold', 0.2, '--overwrite')
    assert 0 < every - len(read_ply(tmp_path / 'out/ply/a.ply')) <= 3 * 64


def test_without_a_camera_there_is_no_cloud_and_nothing_else_of_that_picture(
    predict: Any, photos: Path, tmp_path: Path
) -> None:
    error = predict(photos, '--write', 'npy,ply', expect=2)['stderr']
    assert 'a point cloud needs the camera: give --hfov' in error
    assert not (tmp_path / 'out/npy/photos').exists()
