"""Depth is exact, and light falls as physics says."""

import math

import numpy as np
import pytest

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.offline.synthesis.assets import WHITE
from fastdepth_ros.offline.synthesis.cameras import Camera, looking
from fastdepth_ros.offline.synthesis.exposure import develop
from fastdepth_ros.offline.synthesis.lights import Light
from fastdepth_ros.offline.synthesis.materials import Material
from fastdepth_ros.offline.synthesis.meshes import box, panel
from fastdepth_ros.offline.synthesis.path_tracing import render
from fastdepth_ros.offline.synthesis.scene import Scene

PAINT = Material(WHITE, (0.5, 0.5, 0.5))
FLOOR = panel((-20, -20, 0), (40, 0, 0), (0, 40, 0), PAINT)
DOWN = np.array([0, -0.1, 0])
LAMP = Light(np.array([-0.05, 0.05, 2]), np.array([0.1, 0, 0]), DOWN, np.full(3, 100.0))


def camera(position, yaw=0.0, pitch=0.0) -> Camera:
    k = Intrinsics(50.0, 50.0, 31.5, 23.5, 64, 48)
    return Camera(np.array(position, float), looking(yaw, pitch, 0), k)


def test_depth_is_along_the_axis_to_the_millimetre():
    wall = panel((3, -20, -20), (0, 40, 0), (0, 0, 40), PAINT)
    picture = render(Scene([wall], [LAMP]), camera((0, 0, 1)), np.random.default_rng(0), 1, 0.1)
    assert picture.depth == pytest.approx(np.full((48, 64), 3.0), abs=1e-3)


def test_floor_is_at_the_depth_that_its_rows_say():
    looks = camera((0, 0, 1.2))
    picture = render(Scene([FLOOR], [LAMP]), looks, np.random.default_rng(0), 1, 0.1)
    rows = np.arange(30, 48)
    expected = 1.2 * 50 / (rows - 23.5)
    assert picture.depth[30:, 32] == pytest.approx(expected, rel=1e-4)


def test_beyond_everything_there_is_no_depth():
    picture = render(Scene([FLOOR], [LAMP]), camera((0, 0, 1.2)), np.random.default_rng(0), 1, 0.1)
    assert np.isinf(picture.depth[:20]).all()


def test_light_under_a_small_lamp_is_that_of_the_inverse_square():
    down = camera((0, 0, 1), pitch=-math.pi / 2 + 1e-6)
    light = render(Scene([FLOOR], [LAMP]), down, np.random.default_rng(0), 64, 0.0).light
    # E = L A / d^2 under it; a Lambertian surface sends albedo * E / pi of it.
    expected = 0.9 * 0.5**2.2 * 100 * 0.01 / 2**2 / math.pi
    assert light[24, 32] == pytest.approx(np.full(3, expected), rel=0.1)
    aside = 50 * 1.0  # px to a metre aside of the lamp's foot: cos^4 of the angle
    assert aside > 32
    edge = math.atan(31.5 / 50 / 2)
    assert light[24, 63, 0] / light[24, 32, 0] == pytest.approx(math.cos(edge) ** 4, abs=0.08)


def test_what_stands_under_the_lamp_throws_a_shadow():
    lid = box((0.6, 0.6, 0.02), PAINT, (0, 0, 1.5))
    down = camera((0, 0, 1), pitch=-math.pi / 2 + 1e-6)
    rng = np.random.default_rng(0)
    lit = render(Scene([FLOOR], [LAMP]), down, rng, 8, 0.0).light[24, 32, 0]
    dark = render(Scene([FLOOR, lid], [LAMP]), down, rng, 8, 0.0).light[24, 32, 0]
    assert dark < 0.2 * lit


def test_a_mirror_shows_what_is_across_from_it():
    mirror = panel((3, -5, 0), (0, 10, 0), (0, 0, 3), Material(WHITE, (0.5, 0.5, 0.5), gloss=1.0))
    red = panel((-3, -5, 0), (0, 10, 0), (0, 0, 3), Material(WHITE, (1.0, 0.0, 0.0)))
    rng = np.random.default_rng(0)
    picture = render(Scene([mirror, red], [LAMP]), camera((0, 0, 1.5)), rng, 16, 0.2)
    seen = picture.light[20:28, 28:36]
    assert seen[..., 0].mean() > 0.01
    assert seen[..., 0].mean() > 5 * seen[..., 1].mean()


def test_a_scene_renders_the_same_twice():
    twice = [
        render(Scene([FLOOR], [LAMP]), camera((0, 0, 1.2)), np.random.default_rng(4), 2, 0.1).light
        for _ in range(2)
    ]
    assert np.allclose(*twice, atol=1e-6)


def test_a_picture_is_neither_black_nor_white_whatever_the_light():
    rng = np.random.default_rng(0)
    scene = rng.uniform(0.2, 1, (48, 64, 3)).astype(np.float32)
    for strength in (1e-3, 1.0, 1e3):
        picture = develop(scene * np.float32(strength), rng)
        assert picture.dtype == np.uint8
        assert 40 < picture.mean() < 240
