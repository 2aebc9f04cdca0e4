"""Solids have the size, the place and the outside that was asked for."""

import math

import numpy as np
import pytest

from fastdepth_ros.offline.synthesis.assets import WHITE
from fastdepth_ros.offline.synthesis.materials import Material
from fastdepth_ros.offline.synthesis.meshes import (
    Mesh,
    arch,
    bounds,
    box,
    cylinder,
    ellipsoid,
    open_box,
    panel,
    pipe,
    sheet,
    superellipsoid,
)

PAINT = Material(WHITE, tile=0.5)


def volume(mesh: Mesh) -> float:
    """By the divergence theorem: positive if every face looks outward."""
    a, b, c = (mesh.vertices[mesh.faces[:, i]] for i in range(3))
    return float(np.einsum('ij,ij->i', a, np.cross(b, c)).sum() / 6)


@pytest.mark.parametrize(
    ('mesh', 'size', 'expected'),
    [
        (box((1, 2, 3), PAINT), (1, 2, 3), 6.0),
        (cylinder(0.5, 2, PAINT), (1, 1, 2), math.pi / 2),
        (ellipsoid((0.5, 1, 1.5), PAINT), (1, 2, 3), math.pi),
        (superellipsoid((1, 2, 3), PAINT, outline=1.0), (1, 2, 3), math.pi),
        (superellipsoid((1, 2, 3), PAINT, section=0.02, outline=0.02), (1, 2, 3), 6.0),
    ],
)
def test_solid_is_closed_and_stands_on_its_base(mesh, size, expected):
    low, high = bounds([mesh])
    assert low == pytest.approx((-size[0] / 2, -size[1] / 2, 0), abs=0.02)
    assert high == pytest.approx((size[0] / 2, size[1] / 2, size[2]), abs=0.02)
    assert volume(mesh) == pytest.approx(expected, rel=0.07)


def test_texture_of_a_box_repeats_by_metres():
    mesh = box((1, 2, 3), PAINT)
    assert mesh.uv.max(0) == pytest.approx((4, 6))  # 2 m and 3 m of 0.5 m


def test_texture_without_a_tile_fills_a_panel_once():
    mesh = panel((0, 0, 0), (4, 0, 0), (0, 0, 2), Material(WHITE, tile=0))
    assert (mesh.uv.min(0), mesh.uv.max(0)) == (pytest.approx((0, 0)), pytest.approx((1, 1)))


def test_turning_by_a_quarter_exchanges_width_and_depth():
    low, high = bounds([box((1, 2, 3), PAINT).moved(5, 6, 7, math.pi / 2)])
    assert high - low == pytest.approx((2, 1, 3))
    assert (low + high) / 2 == pytest.approx((5, 6, 8.5))


def test_a_sheet_goes_through_its_points_and_its_texture_repeats_by_metres():
    v, u = np.mgrid[0:1:5j, 0:3:4j]
    mesh = sheet(np.stack([u, 0 * u, v], -1), PAINT)
    assert np.ptp(mesh.vertices, axis=0) == pytest.approx((3, 0, 1))
    assert mesh.uv.max(0) == pytest.approx((6, 2))
    a, b, c = (mesh.vertices[mesh.faces[:, i]] for i in range(3))
    areas = np.linalg.norm(np.cross(b - a, c - a), axis=1) / 2
    assert areas.sum() == pytest.approx(3)


def test_what_is_pitched_leans_towards_minus_y():
    low, high = bounds([box((0.2, 1, 3), PAINT).pitched(math.radians(90))])
    assert high - low == pytest.approx((0.2, 3, 1))
    assert low[1] == pytest.approx(-3)


@pytest.mark.parametrize('turns', [0.0, 1.0, 2.5])
def test_a_pipe_is_as_thick_everywhere_and_does_not_twist(turns):
    t = np.linspace(0, 1, 60)
    angles = 2 * math.pi * turns * t
    line = np.stack([np.cos(angles), np.sin(angles), 3 * t], -1)
    rings = pipe(line, 0.05, PAINT).vertices.reshape(60, 7, 3)
    assert np.linalg.norm(rings - line[:, None], axis=2) == pytest.approx(np.full((60, 7), 0.05))
    assert rings[:, 0] == pytest.approx(rings[:, -1])
    sides = rings[:, 0] - line
    assert np.min(np.sum(sides[1:] * sides[:-1], 1)) > 0.9 * 0.05**2


def test_an_arch_stands_on_its_two_ends():
    points = arch(0.1, 0.05, 0.3, 11)
    assert points[0] == pytest.approx((0.1, 0, 0.3))
    assert points[-1] == pytest.approx((-0.1, 0, 0.3))
    assert points[5] == pytest.approx((0, 0, 0.35))


def test_an_open_box_has_no_lid():
    meshes = open_box(0.4, 0.3, 0.2, 0.01, 0.02, PAINT)
    low, high = bounds(meshes)
    assert high - low == pytest.approx((0.41, 0.31, 0.2))
    over_the_middle = [m for m in meshes if (np.ptp(m.vertices, axis=0)[:2] > 0.1).all()]
    assert [m.vertices[:, 2].max() for m in over_the_middle] == pytest.approx([0.02])


def test_what_is_tilted_leans_towards_x():
    low, high = bounds([box((0.2, 1, 3), PAINT).tilted(math.radians(90))])
    assert high - low == pytest.approx((3, 1, 0.2))
    assert high[0] == pytest.approx(3)
