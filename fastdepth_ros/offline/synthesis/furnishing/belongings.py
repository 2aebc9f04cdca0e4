"""What stands about on floors at home: luggage, cleaning things, instruments; fronts to -y."""

from __future__ import annotations

import math

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.finishes import grey, shade
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker, Piece, Surface, solid
from fastdepth_ros.offline.synthesis.materials import Material, Random
from fastdepth_ros.offline.synthesis.meshes import (
    Mesh,
    arch,
    box,
    cylinder,
    ellipsoid,
    hoop,
    lathe,
    pipe,
    superellipsoid,
    tube,
)


def suitcase(rng: Random, assets: Assets) -> Piece:
    """55 to 75 cm high on wheels, its handle in or out."""
    h = rng.uniform(0.53, 0.73)
    w, d = h * rng.uniform(0.62, 0.72), rng.uniform(0.22, 0.32)
    skin, metal = assets.plain(rng, 0.05), shade(rng, assets, 0.2)
    meshes = [superellipsoid((w, d, h), skin, (0, 0, 0.04), 0.15, 0.2)]
    for x in (-w * 0.38, w * 0.38):
        meshes += [ellipsoid((0.02, 0.025, 0.025), metal, (x, y, 0)) for y in (-d / 3, d / 3)]
    out = rng.choice([0.03, 0.03, 0.4])
    bar = ((-0.09, d / 3, h), (-0.09, d / 3, h + out), (0.09, d / 3, h + out), (0.09, d / 3, h))
    return solid(*meshes, *tube(0.008, metal, *bar))


def vacuum_cleaner(rng: Random, assets: Assets) -> Piece:
    """A body of 40 cm on wheels, its hose and a tube of 1 m that leans."""
    skin, dark = assets.plain(rng, 0.08), grey(rng, assets, 0.03, 0.15)
    high = rng.uniform(0.85, 1.05)
    hose = np.array(
        [(0, -0.18, 0.2), (0.05, -0.4, 0.5), (0.15, -0.3, high), (0.27, -0.12, high + 0.05)]
    )
    along = np.linspace(0, 3, 16)
    bent = np.stack([np.interp(along, np.arange(4), hose[:, n]) for n in range(3)], -1)
    return solid(
        superellipsoid((0.28, 0.4, 0.24), skin, (0, 0, 0.02), 0.7, 0.6),
        *(ellipsoid((0.02, 0.08, 0.08), dark, (x, 0.1, 0)) for x in (-0.14, 0.14)),
        pipe(bent, 0.02, dark),
        *tube(0.016, grey(rng, assets, 0.4, 0.7, 0.3), (0.27, -0.12, high + 0.05), (0.27, 0.2, 0)),
        box((0.28, 0.1, 0.04), dark, (0.27, 0.2, 0)),
    )


def ironing_board(rng: Random, assets: Assets) -> Piece:
    """120 to 140 x 38 cm, 80 to 95 high, with an iron or washing on it."""
    long, high = rng.uniform(1.2, 1.4), rng.uniform(0.8, 0.95)
    cover, metal = assets.material(rng, 'thing'), grey(rng, assets, 0.4, 0.9)
    board = superellipsoid((long, rng.uniform(0.33, 0.4), 0.03), cover, (0, 0, high - 0.03), 0.2)
    meshes: list[Mesh] = [board]
    for y in (-0.12, 0.12):
        meshes += tube(0.011, metal, (-0.4, y, 0), (0.35, y, high - 0.03))
        meshes += tube(0.011, metal, (0.4, y, 0), (-0.35, y, high - 0.03))
    if rng.random() < 0.5:
        body = assets.plain(rng, 0.08)
        meshes.append(superellipsoid((0.26, 0.11, 0.09), body, (0.3, 0, high), 0.9, 0.8))
        meshes.append(pipe(arch(0.09, 0.07, high + 0.06), 0.012, body).moved(0.3, 0))
    return Piece(meshes, long, 0.42, [Surface(-0.15, 0, long * 0.5, 0.28, high)])


def guitar(rng: Random, assets: Assets) -> Piece:
    """A metre high, leaning back on a stand."""
    wood, dark = assets.material(rng, 'thing', 0.06), grey(rng, assets, 0.03, 0.2)
    parts = [
        superellipsoid((0.38, 0.1, 0.36), wood, (0, 0, 0), 1.0, 0.2),
        superellipsoid((0.28, 0.1, 0.28), wood, (0, 0, 0.24), 1.0, 0.2),
        superellipsoid((0.1, 0.012, 0.1), dark, (0, -0.048, 0.24), 1.0, 0.2),
        box((0.05, 0.02, 0.48), dark, (0, -0.03, 0.45)),
        box((0.07, 0.015, 0.14), wood, (0, -0.025, 0.92)),
    ]
    leaning = [part.pitched(-math.radians(12)).moved(0, -0.05, 0.06) for part in parts]
    feet = tube(0.008, dark, (-0.15, -0.15, 0), (0, 0.1, 0.35), (0.15, -0.15, 0))
    return solid(*leaning, *feet, *tube(0.008, dark, (0, 0.1, 0.35), (0, 0.25, 0)))


def cleaning_things(rng: Random, assets: Assets) -> Piece:
    """A bucket of 30 cm, and a broom or a mop of 1.3 to 1.5 m that leans back."""
    skin, stick = assets.plain(rng, 0.03), assets.plain(rng)
    r, tall = rng.uniform(0.13, 0.16), rng.uniform(1.3, 1.5)
    pail = [(0, 0), (r * 0.75, 0), (r, 0.28), (r * 0.96, 0.28), (r * 0.72, 0.02), (0, 0.02)]
    meshes = [lathe(pail, skin)]
    if rng.random() < 0.8:
        x = r + 0.15
        meshes += tube(0.012, stick, (x, -0.12, 0.05), (x, 0.2, tall))
        meshes.append(box((0.3, 0.06, 0.08), assets.plain(rng), (x, -0.12, 0)))
    return solid(*meshes)


def step_ladder(rng: Random, assets: Assets) -> Piece:
    """Three to six steps of 25 cm, open."""
    steps, metal = int(rng.integers(3, 7)), shade(rng, assets, 0.2)
    high = steps * 0.25
    meshes: list[Mesh] = []
    for x in (-0.2, 0.2):
        meshes += tube(0.016, metal, (x, -high * 0.35, 0), (x, 0, high))
        meshes += tube(0.013, metal, (x, high * 0.3, 0), (x, 0.02, high))
    for n in range(1, steps + 1):
        y = -high * 0.35 * (1 - n / steps)
        meshes.append(
            box((0.38, 0.1 if n < steps else 0.25, 0.025), metal, (0, y, n * 0.25 - 0.02))
        )
    return solid(*meshes)


def rubbish_bag(rng: Random, assets: Assets) -> Piece:
    """One to three tied bags of 35 to 55 cm."""
    skin = grey(rng, assets, 0.02, 0.08, 0.08) if rng.random() < 0.6 else assets.plain(rng, 0.05)
    meshes = []
    count = int(rng.integers(1, 4))
    for n in range(count):
        w, h = rng.uniform(0.32, 0.5), rng.uniform(0.35, 0.55)
        at = ((n - (count - 1) / 2) * 0.42, rng.normal(0, 0.05))
        body = superellipsoid((w, w * 0.85, h), skin, (0, 0, 0), 0.8, 0.8)
        knot = lathe([(0.02, 0), (0.05, 0.1), (0.02, 0.06)], skin, (0, 0, h - 0.02))
        meshes += [body.moved(*at, 0, rng.uniform(0, 3)), knot.moved(*at)]
    return solid(*meshes)


def _wheel(radius: float, rubber: Material, spoke: Material) -> list[Mesh]:
    """About y = 0 upright in x and z, standing on z = 0."""
    meshes = [pipe(hoop(radius, radius), 0.018, rubber)]
    for n in range(6):
        x, z = radius * math.cos(n * math.pi / 6), radius * math.sin(n * math.pi / 6)
        meshes += tube(0.003, spoke, (-x, 0, radius - z), (x, 0, radius + z))
    return meshes


def bicycle(rng: Random, assets: Assets) -> Piece:
    """1.7 m long, 1.05 high, as it stands along a wall; or a child's of 1.1."""
    paint, dark = assets.plain(rng, 0.08), grey(rng, assets, 0.02, 0.1)
    steel = grey(rng, assets, 0.4, 0.7, 0.3)
    r, half = 0.34, 0.52
    meshes: list[Mesh] = []
    for x in (-half, half):
        meshes += [mesh.moved(x, 0) for mesh in _wheel(r, dark, steel)]
    saddle, crank, head = (-0.2, 0.0, 0.9), (-0.08, 0.0, 0.3), (0.38, 0.0, 0.85)
    frame = (crank, head, (-0.17, 0.0, 0.8), crank, (-half, 0.0, r), (-0.17, 0.0, 0.8))
    meshes += tube(0.016, paint, *frame)
    meshes += tube(0.014, paint, (half, 0.0, r), head, (0.36, 0.0, 1.0))
    meshes += tube(0.012, dark, (0.36, -0.28, 1.02), (0.36, 0.28, 1.02))
    meshes += tube(0.013, steel, (-0.17, 0.0, 0.8), saddle)
    meshes.append(superellipsoid((0.27, 0.16, 0.07), dark, saddle, 0.8, 0.8))
    meshes += tube(0.01, dark, (-0.08, -0.14, 0.18), (-0.08, 0.14, 0.42))
    size = rng.choice([1.0, 1.0, 0.65])
    return solid(*(mesh.transformed(np.eye(3) * size) for mesh in meshes))


def exercise_ball(rng: Random, assets: Assets) -> Piece:
    """55 to 75 cm across."""
    r = rng.uniform(0.27, 0.37)
    return solid(ellipsoid((r, r, r * 0.97), assets.plain(rng, 0.05)))


def tower_fan(rng: Random, assets: Assets) -> Piece:
    """A column of 80 to 110 cm, a fan on a stem of 1.2 m, or an electric heater of 65."""
    skin, kind = shade(rng, assets, 0.05), rng.integers(3)
    if kind == 0:
        h = rng.uniform(0.8, 1.1)
        return solid(
            cylinder(0.14, 0.03, skin), superellipsoid((0.17, 0.17, h), skin, (0, 0, 0), 0.1, 0.9)
        )
    if kind == 1:
        r, z = rng.uniform(0.18, 0.23), rng.uniform(1.0, 1.2)
        hoops = [pipe(hoop(s * r, z, count=21), 0.004, skin) for s in (0.35, 0.7, 1.0)]
        blade = superellipsoid((r * 1.5, 0.02, r * 1.5), assets.plain(rng), (0, 0, z - r * 0.75))
        stem = [cylinder(0.2, 0.03, skin), cylinder(0.012, z - r, skin)]
        return solid(*stem, *(ring.moved(0, -0.05) for ring in hoops), blade)
    ribs = [box((0.045, 0.16, 0.58), skin, (n * 0.06 - 0.2, 0, 0.06)) for n in range(8)]
    feet = [box((0.04, 0.22, 0.06), skin, (x, 0, 0)) for x in (-0.15, 0.17)]
    return solid(*ribs, *feet, box((0.06, 0.16, 0.4), shade(rng, assets), (0.26, 0, 0.14)))


def storage_boxes(rng: Random, assets: Assets) -> Piece:
    """One to four boxes with lids of 30 to 60 cm on each other."""
    w, d = rng.uniform(0.38, 0.6), rng.uniform(0.28, 0.42)
    meshes, z = [], 0.0
    for _ in range(int(rng.integers(1, 5))):
        h, body = rng.uniform(0.16, 0.34), assets.plain(rng, 0.04)
        lid = body if rng.random() < 0.4 else assets.plain(rng)
        x, turn = rng.normal(0, 0.015), rng.normal(0, 0.05)
        meshes.append(box((w * 0.94, d * 0.94, h), body, (0, 0, z)).moved(x, 0, 0, turn))
        meshes.append(box((w, d, 0.025), lid, (0, 0, z + h)).moved(x, 0, 0, turn))
        z += h + 0.025
    whole = solid(*meshes)
    return Piece(meshes, whole.width, whole.depth, [Surface(0, 0, w * 0.85, d * 0.85, z)])


BELONGINGS: tuple[Maker, ...] = (
    *(suitcase, suitcase, vacuum_cleaner, ironing_board, guitar, cleaning_things, step_ladder),
    *(rubbish_bag, bicycle, exercise_ball, tower_fan, storage_boxes, storage_boxes),
)
