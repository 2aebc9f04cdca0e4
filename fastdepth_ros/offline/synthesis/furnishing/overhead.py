"""What hangs from a ceiling, which is at z = 0: lamps over tables, fans, spots, smoke alarms."""

from __future__ import annotations

import math

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.finishes import grey, shade
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker, Piece, solid
from fastdepth_ros.offline.synthesis.materials import Material, Random
from fastdepth_ros.offline.synthesis.meshes import Mesh, box, cylinder, ellipsoid, lathe


def _glowing(rng: Random, skin: Material) -> Material:
    """Of the same colour, lit from inside half of the time."""
    light = rng.uniform(0.5, 2.5) if rng.random() < 0.5 else 0.0
    return Material(skin.texture, skin.tint, skin.tile, emission=(light, light * 0.9, light * 0.7))


def pendant(rng: Random, assets: Assets) -> Piece:
    """One to three lamps of 15 to 45 cm in a row on cables of 0.4 to 1.1 m."""
    drop, r = rng.uniform(0.4, 1.1), rng.uniform(0.08, 0.24)
    skin, dark = _glowing(rng, assets.plain(rng)), grey(rng, assets, 0.02, 0.8)
    count = int(rng.choice([1, 1, 1, 2, 3]))
    kind, h = rng.integers(3), r * rng.uniform(0.7, 1.3)
    meshes: list[Mesh] = []
    for n in range(count):
        x = (n - (count - 1) / 2) * (2 * r + 0.15)
        cap = lathe([(r, -drop - h), (r * 0.3, -drop), (0, -drop)], skin)
        drum = lathe([(r, -drop - h), (r, -drop), (0, -drop)], skin)
        globe = ellipsoid((r, r, r), skin, (0, 0, -drop - 2 * r))
        meshes.append((cap, drum, globe)[kind].moved(x, 0))
        meshes.append(cylinder(0.004, drop, dark, (x, 0, -drop)))
        meshes.append(cylinder(0.05, 0.03, dark, (x, 0, -0.03)))
    return solid(*meshes)


def ceiling_fan(rng: Random, assets: Assets) -> Piece:
    """Three to five blades, 1 to 1.35 m across, 25 to 45 cm down, a lamp below."""
    across, drop = rng.uniform(0.5, 0.68), rng.uniform(0.25, 0.45)
    blade, metal = assets.material(rng, 'thing'), shade(rng, assets, 0.2)
    bowl = _glowing(rng, grey(rng, assets, 0.8, 1))
    count, turn = int(rng.integers(3, 6)), rng.uniform(0, 2)
    meshes = [
        cylinder(0.015, drop, metal, (0, 0, -drop)),
        cylinder(0.1, 0.12, metal, (0, 0, -drop - 0.06)),
        ellipsoid((0.11, 0.11, 0.07), bowl, (0, 0, -drop - 0.18)),
    ]
    for n in range(count):
        wing = box((across - 0.12, 0.13, 0.008), blade, ((across + 0.12) / 2, 0, 0)).pitched(0.2)
        meshes.append(wing.moved(0, 0, -drop, turn + 2 * math.pi * n / count))
    return solid(*meshes)


def spots(rng: Random, assets: Assets) -> Piece:
    """A rail of 0.6 to 1.6 m with two to five of them."""
    long, metal = rng.uniform(0.6, 1.6), shade(rng, assets, 0.2)
    meshes = [box((long, 0.04, 0.03), metal, (0, 0, -0.03))]
    for x in np.linspace(-0.42, 0.42, int(rng.integers(2, 6))).tolist():
        head = cylinder(0.035, 0.12, metal, (0, 0, -0.06)).tilted(rng.normal(math.pi, 0.6))
        meshes.append(head.moved(x * long, 0, -0.09, rng.uniform(0, 6)))
    return solid(*meshes)


def smoke_alarm(rng: Random, assets: Assets) -> Piece:
    """An alarm of 11 cm, a round vent or a flush lamp of 12 to 35."""
    r = rng.choice([0.055, rng.uniform(0.06, 0.17)])
    skin = _glowing(rng, grey(rng, assets, 0.7, 0.97))
    return solid(lathe([(0, -0.04), (r * 0.8, -0.04), (r, -0.01), (r, 0)], skin))


OVERHEAD: tuple[Maker, ...] = (pendant, pendant, pendant, ceiling_fan, spots, smoke_alarm)
