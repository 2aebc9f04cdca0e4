"""Cameras look where they are told, from heights robots have."""

import math

import numpy as np
import pytest

from fastdepth_ros.offline.synthesis.cameras import (
    FIELDS_OF_VIEW,
    is_worth_it,
    looking,
    random_camera,
)
from fastdepth_ros.offline.synthesis.furnishing.piece import Surface
from fastdepth_ros.offline.synthesis.room import Room
from fastdepth_ros.offline.synthesis.scene import Hits
from fastdepth_ros.offline.synthesis.styles import STYLES


def cameras(count: int = 300):
    rng = np.random.default_rng(0)
    room = Room(5, 4, 2.5, STYLES['any'], surfaces=[Surface(2, 2, 1, 0.8, 0.75)])
    return [random_camera(rng, room, (320, 240)) for _ in range(count)]


def test_rotation_is_one_and_forward_follows_yaw_and_pitch():
    matrix = looking(math.pi / 2, math.radians(30), 0.1)
    assert matrix @ matrix.T == pytest.approx(np.eye(3), abs=1e-12)
    assert np.linalg.det(matrix) == pytest.approx(1)
    assert matrix[:, 2] == pytest.approx((0, math.cos(math.pi / 6), 0.5))


def test_without_roll_x_is_level_and_y_points_down():
    matrix = looking(0.3, -0.2, 0)
    assert matrix[2, 0] == pytest.approx(0)
    assert matrix[2, 1] < -0.9


def test_rays_are_one_long_along_the_optical_axis():
    camera = cameras(1)[0]
    rays = camera.rays(np.array([0.0, 100.0, 319.0]), np.array([0.0, 50.0, 239.0]))
    assert rays @ camera.rotation[:, 2] == pytest.approx(np.ones(3))


def test_fields_of_view_and_heights_cover_what_robots_have():
    made = cameras()
    views = [math.degrees(2 * math.atan(160 / c.intrinsics.fx)) for c in made]
    assert FIELDS_OF_VIEW[0] < min(views) < 50
    assert 90 < max(views) < FIELDS_OF_VIEW[1]
    heights = np.array([c.position[2] for c in made])
    assert (heights < 0.4).mean() > 0.15
    assert ((heights > 1.2) & (heights < 1.8)).mean() > 0.1


def hits(depth: np.ndarray, planes: int = 3) -> Hits:
    """Rays that end at these distances, on as many planes of the same share."""
    normals = np.eye(3)[np.arange(len(depth)) % planes]
    zeros = np.zeros((len(depth), 3))
    return Hits(depth, zeros, normals, zeros, zeros, np.zeros(len(depth)))


@pytest.mark.parametrize('name', STYLES)
def test_views_of_nothing_are_not_worth_it(name):
    rng, style = np.random.default_rng(0), STYLES[name]
    assert is_worth_it(hits(np.geomspace(0.6, 5, 100)), rng, style)
    assert not is_worth_it(hits(np.full(100, np.inf)), rng, style)
    assert not is_worth_it(hits(np.geomspace(0.05, 5, 100)), rng, style)
    flat = [is_worth_it(hits(np.full(100, 2.0)), rng, style) for _ in range(1000)]
    assert np.mean(flat) == pytest.approx(style.dull, abs=0.03)


def test_a_bare_wall_seen_from_the_side_is_no_view_of_the_household_style():
    wall = hits(np.geomspace(0.6, 5, 100), planes=1)
    rng = np.random.default_rng(0)
    assert is_worth_it(wall, rng, STYLES['any'])
    assert not is_worth_it(wall, rng, STYLES['household'])
