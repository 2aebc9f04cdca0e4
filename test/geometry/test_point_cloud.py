from __future__ import annotations

import numpy as np
import pytest

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.point_cloud import CloudOptions, PointCloudBuilder

CAMERA = Intrinsics(fx=50, fy=60, cx=20.5, cy=14, width=40, height=30)


@pytest.fixture
def depth(rng: np.random.Generator) -> np.ndarray:
    values = rng.uniform(0.5, 6, (30, 40)).astype(np.float32)
    values[3, 4:9] = np.nan
    return values


def cloud(depth: np.ndarray, options: CloudOptions, rgb: np.ndarray | None = None) -> np.ndarray:
    builder = PointCloudBuilder(options)
    points = np.full(builder.shape(depth), -7, np.float32)
    builder.write(depth, CAMERA, points, rgb)
    return points


def as_depth_image_proc(depth: np.ndarray) -> np.ndarray:
    """Its convert(), written out: conversions.hpp of image_pipeline."""
    points = np.full((*depth.shape, 3), np.nan)
    for v in range(depth.shape[0]):
        for u in range(depth.shape[1]):
            z = float(depth[v, u])
            if np.isfinite(z):
                x = (u - CAMERA.cx) * z * (1 / CAMERA.fx)
                points[v, u] = x, (v - CAMERA.cy) * z * (1 / CAMERA.fy), z
    return points


def test_points_are_those_of_depth_image_proc(depth: np.ndarray) -> None:
    found = cloud(depth, CloudOptions())
    np.testing.assert_allclose(found, as_depth_image_proc(depth), rtol=1e-5, atol=1e-6)


def test_a_stride_takes_every_nth_pixel(depth: np.ndarray) -> None:
    expected = as_depth_image_proc(depth)[::7, ::7]
    found = cloud(depth, CloudOptions(stride=7, max_range=50))
    assert found.shape == (5, 6, 3)
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


def test_ranges_are_along_the_ray(depth: np.ndarray) -> None:
    found = cloud(depth, CloudOptions(min_range=1.0, max_range=3.0))
    expected = as_depth_image_proc(depth)
    distance = np.linalg.norm(expected, axis=-1)
    outside = ~((distance >= 1) & (distance <= 3))
    assert np.isnan(found[outside]).all()
    np.testing.assert_allclose(found[~outside], expected[~outside], rtol=1e-5, atol=1e-6)


def test_colours_are_bytes_in_a_float(depth: np.ndarray, rng: np.random.Generator) -> None:
    rgb = rng.integers(0, 256, (30, 40, 3), dtype=np.uint8)
    found = cloud(depth, CloudOptions(color=True, stride=2), rgb)
    packed = np.ascontiguousarray(found[..., 3]).view(np.uint32)
    expected = rgb[::2, ::2].astype(np.uint32)
    np.testing.assert_array_equal(packed >> 16, expected[..., 0])
    np.testing.assert_array_equal(packed >> 8 & 255, expected[..., 1])
    np.testing.assert_array_equal(packed & 255, expected[..., 2])


def test_flying_pixels_are_left_out() -> None:
    depth = np.full((30, 40), 4.0, np.float32)
    depth[:, :20] = 1.0
    depth[:, 20] = 2.0
    found = cloud(depth, CloudOptions(edge_threshold=0.1))
    assert np.isnan(found[:, 20:22]).all()
    assert np.isfinite(found[:, :20]).all()
    assert np.isfinite(found[:, 22:]).all()


def test_another_camera_has_other_rays(depth: np.ndarray) -> None:
    builder = PointCloudBuilder(CloudOptions())
    points = np.empty(builder.shape(depth), np.float32)
    builder.write(depth, CAMERA, points)
    first = points.copy()
    builder.write(depth, Intrinsics(100, 60, 20.5, 14, 40, 30), points)
    np.testing.assert_allclose(points[..., 0], first[..., 0] / 2, rtol=1e-6)
