from __future__ import annotations

import math

import numpy as np
import pytest

from fastdepth_ros.simulation.room.boxes import Box, box_faces, rotation
from fastdepth_ros.simulation.room.path import camera_path, loop_points
from fastdepth_ros.simulation.room.scene import Room, build_room

SEEDS = range(12)
ROBOT_HEIGHT = 1.1  # m
ROBOT_RADIUS = 0.25  # m


def distance_to(box: Box, points: np.ndarray) -> np.ndarray:
    """Horizontal distance of (N, 2) points from a box's footprint, 0 inside."""
    local = (points - box.centre[:2]) @ rotation(box.yaw)[:2, :2]
    return np.linalg.norm(np.maximum(np.abs(local) - np.array(box.size[:2]) / 2, 0), axis=1)


def in_the_way(box: Box) -> bool:
    low, high = box.centre[2] - box.size[2] / 2, box.centre[2] + box.size[2] / 2
    return high > 0.05 and low < ROBOT_HEIGHT


@pytest.mark.parametrize('seed', SEEDS)
def test_the_robot_keeps_clear_of_everything(seed: int) -> None:
    room = build_room(seed)
    points = loop_points(room.size, 200)
    nearest = min(distance_to(box, points).min() for box in room.boxes if in_the_way(box))
    assert nearest > ROBOT_RADIUS


def test_the_robot_s_way_is_a_smooth_closed_loop() -> None:
    poses = camera_path(build_room(1).size, 120, seed=1)
    positions = np.array([pose.position for pose in poses])
    steps = np.linalg.norm(np.diff(positions, axis=0, append=positions[:1]), axis=1)
    assert steps.max() < 0.12
    turns = np.diff([pose.yaw for pose in [*poses, poses[0]]])
    assert np.abs((turns + math.pi) % (2 * math.pi) - math.pi).max() < math.radians(12)
    assert all(0.5 <= pose.position[2] <= 1.0 for pose in poses)
    assert all(abs(math.degrees(pose.pitch)) < 12 for pose in poses)


def test_optical_axes_are_right_down_forward() -> None:
    pose = camera_path((7.0, 5.0, 2.5), 60, seed=0)[7]
    axes = pose.axes()
    np.testing.assert_allclose(axes.T @ axes, np.eye(3), atol=1e-12)
    assert np.linalg.det(axes) == pytest.approx(1)
    assert axes[2, 1] < -0.9  # image y points down
    assert axes[2, 0] == 0  # image x is level
    assert math.atan2(axes[1, 2], axes[0, 2]) == pytest.approx(
        math.remainder(pose.yaw, 2 * math.pi)
    )


def test_a_seed_decides_the_room() -> None:
    assert build_room(4) == build_room(4)
    assert build_room(4) != build_room(5)


@pytest.mark.parametrize('seed', SEEDS)
def test_rooms_are_furnished(seed: int) -> None:
    room = build_room(seed)
    kinds = {box.paint.kind for box in room.boxes} | {b.front.kind for b in room.boxes if b.front}
    assert {'door', 'window', 'lamp', 'wood', 'picture'} <= kinds
    assert len(room.footprints) >= 9


def test_faces_look_into_the_room_with_upright_textures(small_room: Room) -> None:
    faces = box_faces(small_room.boxes, small_room.size)
    middle = faces.origin + faces.right / 2 + faces.down / 2
    inside = middle + 0.01 * faces.normal
    assert ((inside > 0) & (inside < small_room.size)).all()
    np.testing.assert_allclose((faces.right * faces.down).sum(axis=1), 0, atol=1e-12)
    outward = np.cross(faces.down, faces.right)
    outward /= np.linalg.norm(outward, axis=1, keepdims=True)
    np.testing.assert_allclose(outward, faces.normal, atol=1e-12)  # not mirrored
    upright = np.abs(faces.normal[:, 2]) < 0.5
    assert (faces.down[upright, 2] < 0).all()


def test_faces_on_the_floor_and_the_walls_are_left_out(small_room: Room) -> None:
    faces = box_faces(small_room.boxes, small_room.size)
    block = faces.index[7]
    assert (block >= 0).tolist() == [True, True, True, True, True, False]
    assert sum((faces.index[:6] >= 0).ravel()) == 6
