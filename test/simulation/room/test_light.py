from __future__ import annotations

import numpy as np
import pytest

from fastdepth_ros.simulation.room.boxes import Box, Paint, box_faces, span
from fastdepth_ros.simulation.room.lighting import face_samples, irradiance
from fastdepth_ros.simulation.room.raycast import FAR, hit_sides, nearest_hit
from fastdepth_ros.simulation.room.scene import Room

WOOD = Paint('wood')


def test_a_ray_hits_the_nearest_box_where_it_should() -> None:
    near, far = span((1, -1, -1), (2, 1, 1), WOOD), span((3, -9, -9), (4, 9, 9), WOOD)
    origin = np.zeros((3, 3))
    direction = np.array([(1.0, 0, 0), (0.5, 1, 0), (-1, 0, 0)])
    distance, number = nearest_hit([far, near], origin, direction)
    np.testing.assert_allclose(distance, [1, 6, FAR])
    assert number.tolist() == [1, 0, -1]


def test_a_turned_box_is_hit_on_its_turned_side() -> None:
    box = Box((2.0, 0.0, 0.0), (1.0, 1.0, 1.0), WOOD, yaw=np.pi / 4)
    distance, number = nearest_hit([box], np.array([(0, 0.1, 0.0)]), np.array([(1.0, 0, 0)]))
    assert distance[0] == pytest.approx(2 - np.sqrt(0.5) + 0.1, rel=1e-5)
    point = np.array([(distance[0], 0.1, 0.0)])
    assert hit_sides([box], number, point).tolist() == [2]  # +y, which now looks to -x, +y


def test_a_ray_that_starts_inside_hits_at_once() -> None:
    distance, _ = nearest_hit(
        [span((-1, -1, -1), (1, 1, 1), WOOD)], np.zeros((1, 3)), np.array([(1.0, 0, 0)])
    )
    assert distance[0] == 0


def test_light_falls_off_and_is_shadowed(small_room: Room) -> None:
    faces = box_faces(small_room.boxes, small_room.size)
    samples = face_samples(faces)
    black = np.zeros((len(faces.paints), 3))  # nothing is sent back: direct light alone
    light = irradiance(small_room.boxes, faces, samples, black, np.random.default_rng(0))
    floor = int(faces.index[0, 4])
    grid = samples.grid(light, floor)[..., 0]
    x = (np.arange(grid.shape[1]) + 0.5) / grid.shape[1] * small_room.size[0]
    y = small_room.size[1] * (1 - (np.arange(grid.shape[0]) + 0.5) / grid.shape[0])
    row = np.abs(y - 1.2).argmin()
    under_lamp, away = np.abs(x - 1.5).argmin(), np.abs(x - 0.2).argmin()
    # a Lambertian panel of radiance 1 and 0.24 m2, 2.16 m above: E = A / h^2
    assert grid[row, under_lamp] == pytest.approx(0.24 / 2.16**2, rel=0.06)
    assert 0 < grid[row, away] < 0.7 * grid[row, under_lamp]
    behind = np.abs(x - 2.5).argmin()  # 0.1 m behind the block of 0.8 m
    assert grid[row, behind] == 0


def test_bright_walls_send_light_into_the_shadow(small_room: Room) -> None:
    faces = box_faces(small_room.boxes, small_room.size)
    samples = face_samples(faces)
    white = np.full((len(faces.paints), 3), 0.7)
    light = irradiance(small_room.boxes, faces, samples, white, np.random.default_rng(0))
    floor = samples.grid(light, int(faces.index[0, 4]))[..., 0]
    behind = floor[floor.shape[0] // 2, int(floor.shape[1] * 2.5 / 3.0)]
    assert 0.1 < behind / floor.max() < 0.8
