"""What stands on a level top: scattered, or packed close as on a workbench."""

from __future__ import annotations

import math

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing import objects
from fastdepth_ros.offline.synthesis.furnishing.piece import Piece, Surface
from fastdepth_ros.offline.synthesis.materials import Random
from fastdepth_ros.offline.synthesis.meshes import Mesh, bounds
from fastdepth_ros.offline.synthesis.pieces import next_piece
from fastdepth_ros.offline.synthesis.styles import Style

FLAT = 0.012  # m high: what other things may stand on


def scatter(rng: Random, assets: Assets, style: Style, surface: Surface) -> list[Mesh]:
    """Small things with gaps, none over the edge."""
    meshes: list[Mesh] = []
    taken: list[tuple[float, float, float]] = []
    most = 6 + int(16 * surface.width * surface.depth)
    for _ in range(round(style.things * rng.integers(1, most))):
        small = _thing(rng, assets, style)
        radius = math.hypot(small.width, small.depth) / 2
        if 2 * radius > max(min(surface.width, surface.depth), 0.25):
            continue
        x = surface.x + rng.uniform(-0.5, 0.5) * max(surface.width - 2 * radius, 0)
        y = surface.y + rng.uniform(-0.5, 0.5) * max(surface.depth - 2 * radius, 0)
        if all(math.hypot(x - a, y - b) > radius + r for a, b, r in taken):
            taken.append((x, y, radius))
            meshes += small.moved(x, y, surface.z, rng.uniform(0, 2 * math.pi)).meshes
    return meshes


def pack(rng: Random, assets: Assets, style: Style, surface: Surface) -> list[Mesh]:
    """Small things close to each other, mostly along the edges; on flat ones stand others."""
    meshes: list[Mesh] = []
    taken: list[tuple[float, float, float, float]] = []  # x, y, half width, half depth
    area = surface.width * surface.depth
    sheets = 0
    for _ in range(round(style.things * rng.uniform(0.3, 1) * min(1 + 4 * area, 5))):
        small = _thing(rng, assets, style)
        square = rng.random() < 0.6
        yaw = math.pi / 2 * rng.integers(4) + rng.normal(0, 0.08)
        small = small.moved(0, 0, 0, yaw if square else rng.uniform(0, 2 * math.pi))
        flat = float(bounds(small.meshes)[1][2]) < FLAT
        w, d = small.width / 2, small.depth / 2
        free = np.array([surface.width - small.width, surface.depth - small.depth])
        if free.min() < 0:
            continue
        for spot in rng.uniform(-0.5, 0.5, (6, 2)) * free + (surface.x, surface.y):
            x, y = spot.tolist()
            if flat or all(abs(x - a) > w + b or abs(y - c) > d + e for a, c, b, e in taken):
                # A sheet is a little higher than the last: of two in one plane none is seen whole.
                meshes += small.moved(x, y, surface.z + 2e-4 * sheets * flat).meshes
                sheets += flat
                if not flat:
                    taken.append((x, y, w, d))
                break
    return meshes


def _thing(rng: Random, assets: Assets, style: Style) -> Piece:
    kinds = (objects.thing,), style.small
    return next_piece(rng, assets, style, *kinds, footprint=0.4, height=0.5)
