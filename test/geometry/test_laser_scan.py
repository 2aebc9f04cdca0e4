from __future__ import annotations

import numpy as np
import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.laser_scan import (
    LEVEL,
    MOST_BEARINGS,
    Scan,
    ScanBuilder,
    ScanOptions,
    level_frame,
)

CAMERA = Intrinsics(fx=50, fy=50, cx=47.5, cy=31.5, width=96, height=64)
HEIGHT = 0.4  # m of the camera above the floor


def room(camera: Intrinsics = CAMERA, pitch: float = 0.0) -> np.ndarray:
    """Depth of a floor, a wall at 4 m and a pole of 6 cm at 2 m, 0.5 m to the left."""
    v, u = np.mgrid[: camera.height, : camera.width]
    x, y = (u - camera.cx) / camera.fx, (v - camera.cy) / camera.fy
    forward = np.cos(pitch) - y * np.sin(pitch)  # per m of depth; the camera looks down by pitch
    down = y * np.cos(pitch) + np.sin(pitch)
    with np.errstate(divide='ignore', invalid='ignore'):
        depth = np.where(down > 0, np.minimum(HEIGHT / down, 4 / forward), 4 / forward)
        lateral = x * 2 / forward
        pole = (np.abs(lateral + 0.5) < 0.04) & (2 / forward < depth)
    return np.where(pole, 2 / forward, depth).astype(np.float32)


def bearings(scan: Scan) -> np.ndarray:
    return scan.angle_min + scan.angle_increment * np.arange(len(scan.ranges))


def test_the_wall_is_straight_the_pole_stands_out_and_the_floor_is_not_there() -> None:
    scan = ScanBuilder(ScanOptions()).build(room(), CAMERA)
    angles = bearings(scan)
    inside = np.abs(angles) < np.arctan2(47, 50)
    ranges = scan.ranges[inside]
    assert np.isfinite(ranges).all()
    wall = np.abs(angles[inside] - np.arctan2(0.5, 2)) > 0.06
    np.testing.assert_allclose(ranges[wall] * np.cos(angles[inside][wall]), 4, rtol=0.03)
    at = np.argmin(ranges)
    assert ranges[at] == pytest.approx(np.hypot(2, 0.5), rel=0.03)
    assert angles[inside][at] == pytest.approx(np.arctan2(0.5, 2), abs=0.04), 'left is positive'


def test_a_band_that_reaches_the_floor_sees_it() -> None:
    scan = ScanBuilder(ScanOptions(min_height=-0.5)).build(room(), CAMERA)
    assert np.nanmin(scan.ranges) < 1


def test_nothing_in_range_is_infinite_and_nothing_measured_is_nan() -> None:
    depth = room()
    depth[:, :20] = np.nan
    scan = ScanBuilder(ScanOptions(max_range=3)).build(depth, CAMERA)
    angles = bearings(scan)
    unseen = angles > np.arctan2(47.5 - 19, 50)  # left
    assert np.isnan(scan.ranges[unseen]).all()
    right = (angles < 0) & (angles > -0.7)
    assert np.isposinf(scan.ranges[right]).all()
    near = ScanBuilder(ScanOptions(min_range=3)).build(depth, CAMERA)
    assert np.nanmin(near.ranges) >= 3


def transform(pitch: float, x: float = 0.0, z: float = 0.0) -> np.ndarray:
    """From an optical frame that looks down by `pitch`, at (x, 0, z) of the robot."""
    cos, sin = np.cos(pitch), np.sin(pitch)
    tilt = np.array([[cos, 0, sin, 0], [0, 1, 0, 0], [-sin, 0, cos, 0], [0, 0, 0, 1]])
    found = tilt @ LEVEL
    found[:3, 3] = x, 0, z
    return found


def test_a_tilted_camera_sees_the_same_with_its_transform() -> None:
    pitch = 0.2
    options = ScanOptions(min_height=0.1, max_height=0.6)  # above the floor
    scan = ScanBuilder(options).build(room(pitch=pitch), CAMERA, transform(pitch, 0.0, HEIGHT))
    angles = bearings(scan)
    middle = np.abs(angles) < 0.1
    np.testing.assert_allclose(scan.ranges[middle] * np.cos(angles[middle]), 4, rtol=0.03)
    assert np.nanmin(scan.ranges) == pytest.approx(np.hypot(2, 0.5), rel=0.05)


def test_bearings_are_around_the_scan_s_own_origin() -> None:
    scan = ScanBuilder(ScanOptions(0.1, 0.6)).build(room(), CAMERA, transform(0, 0.3, HEIGHT))
    angles = bearings(scan)
    at = np.nanargmin(scan.ranges)
    assert scan.ranges[at] == pytest.approx(np.hypot(2.3, 0.5), rel=0.03)
    assert angles[at] == pytest.approx(np.arctan2(0.5, 2.3), abs=0.04)
    assert np.isnan(scan.ranges[np.abs(angles) > 2]).all(), 'behind'


def test_a_camera_that_looks_back_has_bearings_around_pi() -> None:
    back = np.diag([-1.0, -1.0, 1.0, 1.0]) @ LEVEL
    scan = ScanBuilder(ScanOptions()).build(room(), CAMERA, back)
    angles = bearings(scan)
    at = np.argmin(np.where(np.isnan(scan.ranges), np.inf, scan.ranges))
    x, y = scan.ranges[at] * np.cos(angles[at]), scan.ranges[at] * np.sin(angles[at])
    assert (x, y) == pytest.approx((-2, -0.5), abs=0.1)


def test_flying_pixels_are_no_returns() -> None:
    depth = np.full((64, 96), 4.0, np.float32)
    depth[:, :40] = 1.0
    depth[:, 40] = 2.0
    found = ScanBuilder(ScanOptions(edge_threshold=0.1)).build(depth, CAMERA).ranges
    near_two = np.abs(found - 2) < 0.3
    assert not near_two.any()
    kept = ScanBuilder(ScanOptions()).build(depth, CAMERA).ranges
    assert (np.abs(kept - 2) < 0.3).any()


def test_the_frame_beside_the_optical_one() -> None:
    assert level_frame('camera_color_optical_frame') == 'camera_color_frame'
    with pytest.raises(UserError, match="'camera' is not named .*_optical.* set scan_frame"):
        level_frame('camera')


@pytest.mark.parametrize('focal_length', [1e7, 1e-2])
def test_a_camera_info_of_any_focal_length_makes_no_endless_scan(focal_length: float) -> None:
    camera = Intrinsics(focal_length, focal_length, 48, 32, 96, 64)
    moved = LEVEL.copy()
    moved[0, 3] = 0.3
    for transform in (LEVEL, moved):
        scan = ScanBuilder(ScanOptions()).build(room(), camera, transform)
        assert len(scan.ranges) <= MOST_BEARINGS + 1
