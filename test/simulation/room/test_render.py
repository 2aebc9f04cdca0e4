from __future__ import annotations

import numpy as np
import pytest

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.simulation.room.path import Pose
from fastdepth_ros.simulation.room.raycast import nearest_hit
from fastdepth_ros.simulation.room.render import RoomRenderer
from fastdepth_ros.simulation.room.scene import Room

CAMERA = Intrinsics.from_hfov(96, 72, 70.0)
AHEAD = Pose((0.5, 1.2, 0.6), 0.0, 0.0)  # along +x
POSES = [AHEAD, Pose((0.7, 1.9, 0.9), -0.8, -0.25), Pose((2.6, 0.4, 1.2), 2.2, 0.3)]


@pytest.fixture(scope='module')
def renderer(small_room: Room) -> RoomRenderer:
    return RoomRenderer(small_room, CAMERA, seed=3)


def rays(pose: Pose) -> np.ndarray:
    """(pixels, 3): the ray of each pixel in the room, 1 m long along the optical axis."""
    x = (np.arange(CAMERA.width) - CAMERA.cx) / CAMERA.fx
    y = (np.arange(CAMERA.height) - CAMERA.cy) / CAMERA.fy
    grid = np.stack([*np.meshgrid(x, y), np.ones((CAMERA.height, CAMERA.width))], axis=-1)
    return grid.reshape(-1, 3) @ pose.axes().T


def test_depth_of_planes_is_the_analytic_one(renderer: RoomRenderer) -> None:
    _, depth = renderer.render(AHEAD)
    rows = (np.arange(CAMERA.height) - CAMERA.cy) / CAMERA.fy
    floor = rows > 0.6 / 1.4  # rays that reach the floor before the block's front
    np.testing.assert_allclose(depth[floor, 40], 0.6 / rows[floor], rtol=1e-5)
    middle = CAMERA.height // 2
    assert depth[middle, CAMERA.width // 2] == pytest.approx(1.5, rel=1e-5)  # the block
    assert depth[middle, 0] == pytest.approx(1.2 / (CAMERA.cx / CAMERA.fx), rel=1e-5)  # side wall


@pytest.mark.parametrize('pose', POSES)
def test_depth_is_that_of_rays_cast_between_the_boxes(
    renderer: RoomRenderer, small_room: Room, pose: Pose
) -> None:
    _, depth = renderer.render(pose)
    direction = rays(pose)
    origin = np.broadcast_to(pose.position, direction.shape)
    expected, _ = nearest_hit(small_room.boxes, origin, direction)
    error = np.abs(depth.ravel() / expected - 1)
    assert np.mean(error < 1e-4) > 0.995  # but for pixels on an edge
    assert depth.dtype == np.float32
    assert depth.max() < np.linalg.norm(small_room.size)


def test_the_same_seed_gives_the_same_frames(renderer: RoomRenderer, small_room: Room) -> None:
    first, again = (RoomRenderer(small_room, CAMERA, seed=5).render(AHEAD)[0] for _ in range(2))
    np.testing.assert_array_equal(first, again)
    assert (first != renderer.render(AHEAD)[0]).any()


def test_an_image_has_texture_and_a_middling_exposure(renderer: RoomRenderer) -> None:
    image, depth = renderer.render(AHEAD)
    assert image.shape == (*depth.shape, 3)
    assert image.dtype == np.uint8
    assert 40 < image.mean() < 215
    assert image.std() > 20
