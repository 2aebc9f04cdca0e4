"""Triangle meshes and the solids that procedural things are made of; metres, z up."""

from __future__ import annotations

import itertools
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from fastdepth_ros.offline.synthesis.materials import Material

ROUND = 20  # facets of round things


@dataclass(frozen=True)
class Mesh:
    """One material's triangles: vertices (N, 3) m, faces (M, 3), uv (N, 2) in texture repeats."""

    vertices: np.ndarray
    faces: np.ndarray
    uv: np.ndarray
    material: Material

    def moved(self, x: float, y: float, z: float = 0.0, yaw: float = 0.0) -> Mesh:
        """Turned about z by `yaw` (radians), then shifted."""
        return replace(self, vertices=self.vertices @ about_z(yaw).T + (x, y, z))

    def tilted(self, angle: float) -> Mesh:
        """Turned about y by `angle` (radians): what pointed up leans towards +x."""
        c, s = math.cos(angle), math.sin(angle)
        return self.transformed(np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]]))

    def pitched(self, angle: float) -> Mesh:
        """Turned about x by `angle` (radians): what pointed up leans towards -y."""
        c, s = math.cos(angle), math.sin(angle)
        return self.transformed(np.array([[1, 0, 0], [0, c, -s], [0, s, c]]))

    def transformed(self, matrix: np.ndarray) -> Mesh:
        """By a (3, 3) matrix about the origin."""
        return replace(self, vertices=self.vertices @ matrix.T)


def about_z(yaw: float) -> np.ndarray:
    """(3, 3) of a turn by `yaw` (radians)."""
    c, s = math.cos(yaw), math.sin(yaw)
    return np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])


def bounds(meshes: Sequence[Mesh]) -> tuple[np.ndarray, np.ndarray]:
    """Lowest and highest corner of all of them, (3,) m each."""
    low = np.min([mesh.vertices.min(0) for mesh in meshes], 0)
    return low, np.max([mesh.vertices.max(0) for mesh in meshes], 0)


def box(size: ArrayLike, material: Material, at: ArrayLike = (0, 0, 0)) -> Mesh:
    """Standing on `at` (the centre of its base); texture by metres."""
    half = np.asarray(size, float) / 2
    vertices: list[np.ndarray] = []
    uvs: list[np.ndarray] = []
    faces: list[list[int]] = []
    for axis in range(3):
        u, v = (axis + 1) % 3, (axis + 2) % 3
        for side in (-1, 1):
            corner = np.zeros((4, 3))
            corner[:, axis] = side * half[axis]
            corner[:, u] = np.array([-1, 1, 1, -1]) * half[u]
            corner[:, v] = np.array([-1, -1, 1, 1]) * half[v]
            start = 4 * len(vertices)
            for a, b in ((1, 2), (2, 3)):
                faces.append([start, start + a, start + b][::side])  # seen from outside
            vertices.append(corner)
            along, up = (u, v) if v == 2 else (v, u)  # a wall's picture stands upright
            uvs.append((corner[:, [along, up]] + half[[along, up]]) / material.tile)
    points = np.concatenate(vertices) + np.asarray(at, float)
    points[:, 2] += half[2]
    return Mesh(points, np.array(faces), np.concatenate(uvs), material)


def open_box(
    width: float, depth: float, height: float, wall: float, base: float, material: Material
) -> list[Mesh]:
    """Without a lid, standing on the origin; `wall` and `base` are how thick they are."""
    meshes = [box((width, depth, base), material)]
    for side in (-1, 1):
        meshes.append(box((width, wall, height), material, (0, side * depth / 2, 0)))
        meshes.append(box((wall, depth, height), material, (side * width / 2, 0, 0)))
    return meshes


def lathe(
    profile: Sequence[tuple[float, float]], material: Material, at: ArrayLike = (0, 0, 0)
) -> Mesh:
    """A solid of revolution about z: (radius, height) from below to above."""
    angles = np.linspace(0, 2 * math.pi, ROUND + 1)
    radii, heights = np.asarray(profile, float).T
    ring = np.stack([np.cos(angles), np.sin(angles)], 1)
    points = np.empty((len(radii), ROUND + 1, 3))
    points[..., :2] = radii[:, None, None] * ring
    points[..., 2] = heights[:, None]
    length = np.concatenate([[0], np.cumsum(np.hypot(np.diff(radii), np.diff(heights)))])
    uv = np.empty((len(radii), ROUND + 1, 2))
    uv[..., 0] = angles * max(float(radii.max()), 1e-3) / material.tile
    uv[..., 1] = length[:, None] / material.tile
    faces = _grid_faces(len(radii), ROUND + 1)
    return Mesh(points.reshape(-1, 3) + np.asarray(at, float), faces, uv.reshape(-1, 2), material)


def sheet(points: np.ndarray, material: Material) -> Mesh:
    """A surface through a grid of points, (R, C, 3) m: cloth, paper, leaves; texture by metres."""
    rows, columns = points.shape[:2]
    across = np.linalg.norm(np.diff(points, axis=1), axis=2).mean(0)
    down = np.linalg.norm(np.diff(points, axis=0), axis=2).mean(1)
    u, v = (np.concatenate([[0], np.cumsum(step)]) for step in (across, down))
    uv = np.stack(np.meshgrid(u, v), -1).reshape(-1, 2) / material.tile
    return Mesh(points.reshape(-1, 3), _grid_faces(rows, columns), uv, material)


def _grid_faces(rows: int, columns: int) -> np.ndarray:
    """(M, 3): two triangles between each four neighbours of rows x columns vertices."""
    row, column = np.mgrid[: rows - 1, : columns - 1]
    a = row * columns + column
    b, c, d = a + 1, a + columns, a + columns + 1
    return np.concatenate([np.stack([a, b, d], -1), np.stack([a, d, c], -1)]).reshape(-1, 3)


def cylinder(radius: float, height: float, material: Material, at: ArrayLike = (0, 0, 0)) -> Mesh:
    """Standing on `at`, closed."""
    return lathe([(0, 0), (radius, 0), (radius, height), (0, height)], material, at)


def ellipsoid(radii: ArrayLike, material: Material, at: ArrayLike = (0, 0, 0)) -> Mesh:
    """With its lowest point at `at`."""
    radii = np.asarray(radii, float)
    angles = np.linspace(-math.pi / 2, math.pi / 2, 9)
    unit = lathe([(float(np.cos(t)), float(np.sin(t))) for t in angles], material)
    scaled = unit.transformed(np.diag(radii))
    return replace(scaled, vertices=scaled.vertices + np.asarray(at, float) + (0, 0, radii[2]))


def superellipsoid(
    size: ArrayLike,
    material: Material,
    at: ArrayLike = (0, 0, 0),
    section: float = 1.0,
    outline: float = 0.45,
) -> Mesh:
    """From a box (exponents near 0) to an ellipsoid (1), Barr 1981: pillows, cushions, bags.

    `size` (3,) m; `outline` is seen from above, `section` from the side; its lowest point at `at`.
    """
    half = np.asarray(size, float) / 2
    lat, lon = np.linspace(-math.pi / 2, math.pi / 2, 11), np.linspace(-math.pi, math.pi, 29)

    def power(wave: np.ndarray, exponent: float) -> np.ndarray:
        wave = wave.round(9)  # cos(pi / 2) is not quite 0, and 1e-17 ** 0.1 far from it
        return np.sign(wave) * np.abs(wave) ** exponent

    ring = power(np.cos(lat), section)[:, None]
    points = np.stack(
        [
            half[0] * ring * power(np.cos(lon), outline),
            half[1] * ring * power(np.sin(lon), outline),
            half[2] * power(np.sin(lat), section)[:, None] * np.ones_like(lon),
        ],
        -1,
    )
    return sheet(points + np.asarray(at, float) + (0, 0, half[2]), material)


def panel(corner: ArrayLike, across: ArrayLike, up: ArrayLike, material: Material) -> Mesh:
    """A parallelogram from `corner` along two edges; the texture once if the tile is 0."""
    p, a, b = (np.asarray(v, float) for v in (corner, across, up))
    size = np.array([np.linalg.norm(a), np.linalg.norm(b)])
    repeats = size / material.tile if material.tile else np.ones(2)
    uv = np.array([[0, 0], [1, 0], [1, 1], [0, 1]]) * repeats
    return Mesh(
        np.array([p, p + a, p + a + b, p + b]), np.array([[0, 1, 2], [0, 2, 3]]), uv, material
    )


def tube(radius: float, material: Material, *points: tuple[float, float, float]) -> list[Mesh]:
    """Square bars of `radius` from point to point, each (3,) m: a chair's bent steel."""
    bars = []
    for a, b in itertools.pairwise(points):
        start, along = np.array(a), np.subtract(b, a)
        length = float(np.linalg.norm(along))
        z = along / length
        x = np.cross(z, (0.3, 0.9, 0.2))
        x /= np.linalg.norm(x)
        bar = box((2 * radius, 2 * radius, length), material)
        turned = bar.transformed(np.stack([x, np.cross(z, x), z], 1))
        bars.append(turned.moved(*start.tolist()))
    return bars


def pipe(points: ArrayLike, radius: float, material: Material) -> Mesh:
    """A round pipe along a line of points, (N, 3) m: cables, handles, wire; its ends are open."""
    line = np.asarray(points, float)
    along = np.gradient(line, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    side = np.cross(along[0], np.eye(3)[np.abs(along[0]).argmin()])
    rings = []
    for point, tangent in zip(line, along, strict=True):
        side = side - (side @ tangent) * tangent  # carried along without a twist
        side /= np.linalg.norm(side)
        angles = np.linspace(0, 2 * math.pi, 7)[:, None]
        ring = np.cos(angles) * side + np.sin(angles) * np.cross(tangent, side)
        rings.append(point + radius * ring)
    return sheet(np.array(rings), material)


def arch(reach: float, rise: float, z: float, count: int = 12) -> np.ndarray:
    """(count, 3) points from x = `reach` over z + `rise` to -`reach`: of a pipe, a handle."""
    t = np.linspace(0, math.pi, count)
    return np.stack([reach * np.cos(t), 0 * t, z + rise * np.sin(t)], -1)


def hoop(radius: float, z: float, y: float = 0.0, count: int = 25) -> np.ndarray:
    """(count, 3) points once round a circle that stands about (0, y, z): of a pipe, a wheel."""
    t = np.linspace(0, 2 * math.pi, count)
    return np.stack([radius * np.cos(t), y + 0 * t, z + radius * np.sin(t)], -1)
