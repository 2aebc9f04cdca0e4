from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.projection import (
    distorted_rays,
    pinhole_rays,
    project_depth,
    project_points,
    transform_points,
)
from fastdepth_ros.geometry.quaternion import transform_matrix

COLOUR = Intrinsics(120.0, 118.0, 79.5, 58.0, 160, 120)
DEPTH = Intrinsics(90.0, 91.0, 50.0, 41.0, 104, 80)
NORMAL, DISTANCE = np.array([0.25, -0.2, 1.0]), 2.5  # the plane n . p = d in the colour camera
POSE = transform_matrix((0.06, -0.02, 0.01), (0.02, -0.03, 0.01, 0.999))  # depth in colour


def plane_depth(rays: np.ndarray, pose: np.ndarray) -> np.ndarray:
    """(h, w) z of the plane along rays of a camera at `pose`."""
    directions = rays @ pose[:3, :3].T
    return ((DISTANCE - NORMAL @ pose[:3, 3]) / (directions @ NORMAL)).astype(np.float32)


def test_a_plane_seen_by_a_displaced_camera_lands_where_the_other_sees_it() -> None:
    rays = pinhole_rays(DEPTH)
    found = project_depth(plane_depth(rays, POSE), rays, POSE, COLOUR)
    truth = plane_depth(pinhole_rays(COLOUR), np.eye(4))
    hit = found > 0
    # half a pixel of the plane's slope
    slope = max(np.abs(np.diff(truth, axis=axis)).max() for axis in (0, 1))
    assert np.abs(found - truth)[hit].max() < 0.75 * slope < 0.02
    assert hit.mean() > 0.4  # 104 x 80 pixels over 160 x 120
    # without the extrinsics it is far off
    unmoved = project_depth(plane_depth(rays, POSE), rays, np.eye(4), COLOUR)
    assert np.median(np.abs(unmoved - truth)[unmoved > 0]) > 0.02


def test_holes_stay_holes() -> None:
    depth = np.full((80, 104), 2, np.float32)
    depth[30:50, 40:60] = 0
    found = project_depth(depth, pinhole_rays(DEPTH), np.eye(4), DEPTH)
    np.testing.assert_array_equal(found, depth)


def test_the_nearer_of_two_points_is_seen() -> None:
    points = np.array([[0, 0, 4.0], [0, 0, 2.0], [0, 0, 3.0], [0.1, 0, 5.0]])
    found = project_points(points, Intrinsics(100, 100, 10, 5, 20, 10))
    assert found[5, 10] == 2
    assert found[5, 12] == 5
    assert np.count_nonzero(found) == 2


def test_points_behind_beside_or_nowhere_are_left_out() -> None:
    points = [[0, 0, -1], [0, 0, 0], [9, 0, 1], [0, -9, 1], [np.nan, 0, 1], [0, 0, np.inf]]
    points += [[1e300, 0, 1e-300]]
    assert not project_points(np.array(points, np.float64), COLOUR).any()
    assert not project_points(np.empty((0, 3)), COLOUR).any()


def test_a_point_at_the_edge_of_the_last_pixel_still_counts() -> None:
    camera = Intrinsics(100, 100, 0, 0, 20, 10)
    for u, v, inside in ((19.4, 9.4, True), (19.6, 9, False), (-0.4, 0, True), (-0.6, 0, False)):
        found = project_points(np.array([[u / 100, v / 100, 1]]), camera)
        assert bool(found.any()) is inside


def test_far_depth_does_not_show_through_the_gaps_of_near_depth() -> None:
    fine = Intrinsics(270.0, 273.0, 150.0, 123.0, 312, 240)  # three pixels to one of DEPTH
    depth = np.full((80, 104), 5, np.float32)
    depth[:, 20:80] = 1  # a near wall in front, displaced against the far one
    pose = transform_matrix((0.3, 0, 0), (0, 0, 0, 1))
    found = project_depth(depth, pinhole_rays(DEPTH), pose, fine)
    inside = found[:, 160:310][found[:, 160:310] > 0]  # of the near wall
    assert inside.size > 500
    assert (inside == 1).all()
    assert (found == 5).sum() > 500


@pytest.mark.parametrize(
    ('model', 'd'),
    [
        ('plumb_bob', (-0.28, 0.07, 0.001, -0.0005, 0.0)),
        ('rational_polynomial', (0.6, -2.5, 0.0006, -0.0003, 1.5, 0.5, -2.3, 1.4)),
        ('equidistant', (-0.02, 0.01, -0.004, 0.001)),
    ],
)
def test_rays_of_a_distorted_camera_hit_their_pixels(model: str, d: tuple[float, ...]) -> None:
    camera = replace(CameraModel.pinhole(COLOUR), d=d, distortion_model=model)
    rays = distorted_rays(camera).reshape(-1, 1, 3).astype(np.float64)
    zero, k, c = np.zeros(3), np.array(camera.k).reshape(3, 3), np.array(d)
    project = cv2.fisheye.projectPoints if model == 'equidistant' else cv2.projectPoints
    pixels, _ = project(rays, zero, zero, k, c)
    u, v = np.meshgrid(np.arange(160), np.arange(120))
    np.testing.assert_allclose(pixels.reshape(120, 160, 2), np.stack([u, v], -1), atol=1e-2)
    plain = pinhole_rays(COLOUR)
    assert np.abs(distorted_rays(camera) - plain).max() > 0.005


def test_an_unknown_distortion_is_refused() -> None:
    camera = replace(CameraModel.pinhole(COLOUR), d=(0.1,), distortion_model='kannala')
    with pytest.raises(UserError, match="distortion_model 'kannala'"):
        distorted_rays(camera)


def test_transforms_are_of_points() -> None:
    turned = transform_matrix((1, 2, 3), (0, 0, np.sin(np.pi / 4), np.cos(np.pi / 4)))
    np.testing.assert_allclose(
        transform_points(np.array([[1.0, 0, 0], [0, 0, 0]]), turned), [[1, 3, 3], [1, 2, 3]]
    )
