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


def surface(below: float, pitch: float = 0.0) -> np.ndarray:
    """Depth of a level one that far below the camera, and of nothing near above the horizon."""
    y = (np.arange(CAMERA.height) - CAMERA.cy) / CAMERA.fy
    down = y * np.cos(pitch) + np.sin(pitch)
    depth = np.minimum(below / np.maximum(down, 1e-6), 50)
    return np.repeat(depth[:, None], CAMERA.width, 1).astype(np.float32)


PLACES = [LEVEL, transform(0.0, 0.1), transform(0.05), transform(0.05, 0.1)]


@pytest.mark.parametrize('place', PLACES)
def test_what_is_nearer_than_min_range_is_too_near_and_not_clear(place: np.ndarray) -> None:
    builder = ScanBuilder(ScanOptions(min_range=0.6))
    depth = np.full((64, 96), 0.3, np.float32)
    ahead = np.abs(bearings(builder.build(depth, CAMERA, place))) < 0.6
    assert np.isneginf(builder.build(depth, CAMERA, place).ranges[ahead]).all()
    depth[:28] = 2
    ranges = builder.build(depth, CAMERA, place).ranges[ahead]
    assert np.isneginf(ranges).all(), 'what is behind it would clear it'
    depth.fill(0.9)
    assert np.nanmin(builder.build(depth, CAMERA, place).ranges) > 0.6


@pytest.mark.parametrize('place', PLACES)
def test_a_wall_without_depth_is_not_clear_where_the_floor_before_it_is_seen(
    place: np.ndarray,
) -> None:
    depth = surface(HEIGHT)
    depth[depth > 0.9] = np.nan
    assert np.isnan(ScanBuilder(ScanOptions()).build(depth, CAMERA, place).ranges).all()


def test_a_box_without_depth_is_not_clear_though_the_room_around_it_is_seen() -> None:
    depth = surface(HEIGHT)
    before = ScanBuilder(ScanOptions()).build(depth, CAMERA)
    assert np.isposinf(before.ranges).all()
    rows = (np.arange(64) - CAMERA.cy) / CAMERA.fy
    depth[(rows > 0) & (rows < HEIGHT / 2), 40:50] = np.nan  # 2 m ahead, as high as the camera
    ranges = ScanBuilder(ScanOptions()).build(depth, CAMERA).ranges
    columns = np.arctan2(CAMERA.cx - np.array([49, 41]), CAMERA.fx)
    behind = (bearings(before) >= columns[0]) & (bearings(before) <= columns[1])
    assert np.isnan(ranges[behind]).all()
    assert np.isposinf(ranges[np.abs(bearings(before)) > 0.2]).all()


@pytest.mark.parametrize('place', PLACES)
def test_a_clear_room_is_clear_in_spite_of_a_few_holes(place: np.ndarray) -> None:
    depth = surface(HEIGHT)
    depth[np.random.default_rng(0).random(depth.shape) < 0.02] = np.nan
    scan = ScanBuilder(ScanOptions(max_range=3)).build(depth, CAMERA, place)
    assert np.isposinf(scan.ranges[np.abs(bearings(scan)) < 0.7]).all()


@pytest.mark.parametrize('x', [0.0, 0.2])
def test_what_hides_the_band_does_not_clear_it(x: float) -> None:
    pitch, high = 0.5, 1.2  # m of the camera, which looks down into the band
    place, builder = transform(pitch, x, high), ScanBuilder(ScanOptions(0.1, 0.6))
    scan = builder.build(surface(high, pitch), CAMERA, place)
    ahead = np.abs(bearings(scan)) < 0.6
    assert np.isposinf(scan.ranges[ahead]).all(), 'the floor'
    table = builder.build(surface(high - 0.75, pitch), CAMERA, place)
    assert np.isnan(table.ranges).all()


def test_the_corners_of_the_image_clear_no_bearing_that_they_see_the_beginning_of() -> None:
    pitch = 0.5
    scan = ScanBuilder(ScanOptions()).build(surface(HEIGHT, pitch), CAMERA, transform(pitch))
    angles = np.abs(bearings(scan))
    top = np.arctan2(47.5, 50 * np.cos(pitch) + 31.5 * np.sin(pitch))
    assert angles.max() > top + 0.3
    assert np.isnan(scan.ranges[angles > top + 0.03]).all()
    assert np.isposinf(scan.ranges[angles < top - 0.03]).all()


def test_a_camera_that_looks_over_the_band_sees_nothing_of_it() -> None:
    scan = ScanBuilder(ScanOptions(0.1, 0.6)).build(surface(30), CAMERA, transform(-0.7, 0, 1.2))
    assert np.isnan(scan.ranges).all()


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
    assert not np.isposinf(found).any(), 'nor do they clear what is between'
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
