"""What is of cloth or stuffed: bedding, cushions, clothes, curtains, bags; fronts to -y."""

from __future__ import annotations

import math

import cv2
import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.finishes import grey, shade
from fastdepth_ros.offline.synthesis.furnishing.furniture import legs
from fastdepth_ros.offline.synthesis.furnishing.household import books, can, mug
from fastdepth_ros.offline.synthesis.furnishing.piece import Piece, Surface, solid
from fastdepth_ros.offline.synthesis.materials import Material, Random, tinted
from fastdepth_ros.offline.synthesis.meshes import (
    Mesh,
    box,
    cylinder,
    ellipsoid,
    lathe,
    sheet,
    superellipsoid,
    tube,
)


def bumps(rng: Random, rows: int, columns: int, cells: int) -> np.ndarray:
    """(rows, columns) of smooth noise, -1 to 1, with `cells` bumps along a side."""
    noise = rng.uniform(-1, 1, (max(2, cells), max(2, cells))).astype(np.float32)
    return np.asarray(cv2.resize(noise, (columns, rows), interpolation=cv2.INTER_CUBIC), float)


def spread(
    rng: Random, material: Material, width: float, depth: float, z: float, drop: float, fold: float
) -> Mesh:
    """A cloth over a level rectangle at height `z`, hanging `drop` m over its edges."""
    v, u = np.mgrid[-0.5:0.5:25j, -0.5:0.5:25j]
    u, v = u * (width + 2 * drop), v * (depth + 2 * drop)
    over = np.maximum(np.abs(u) - width / 2, np.abs(v) - depth / 2).clip(0)
    wave = bumps(rng, 25, 25, 7)
    out = 1.02 + 0.25 * np.minimum(over, 0.1) * wave / max(min(width, depth), 0.3)
    x, y = u.clip(-width / 2, width / 2) * out, v.clip(-depth / 2, depth / 2) * out
    height = z + fold * (0.7 + 0.5 * wave + 0.3 * bumps(rng, 25, 25, 14)).clip(0.05) - over
    return sheet(np.stack([x, y, height.clip(0.01)], -1), material)


def _heaped(rng: Random, material: Material, radius: float, height: float) -> Mesh:
    """A crumpled cloth that lies on z = 0."""
    v, u = np.mgrid[-1:1:21j, -1:1:21j]
    rim = 1 + 0.3 * bumps(rng, 21, 21, 4)
    inside = (1 - (u**2 + v**2) / rim**2).clip(0)
    ridges = 1 - np.abs(bumps(rng, 21, 21, 6))
    z = (
        height
        * np.sqrt(inside)
        * (0.35 + 0.4 * ridges + 0.25 * (1 - np.abs(bumps(rng, 21, 21, 11))))
    )
    return sheet(np.stack([u * radius, v * radius, z + 0.001], -1), material)


def clothes(rng: Random, assets: Assets) -> Piece:
    """A heap of one to four pieces, each 30 to 60 cm across."""
    meshes = []
    for n in range(int(rng.integers(1, 5))):
        radius, high = rng.uniform(0.15, 0.3), rng.uniform(0.04, 0.14)
        cloth = assets.material(rng, 'thing')
        x, y = rng.normal(0, 0.08, 2)
        meshes.append(_heaped(rng, cloth, radius, high).moved(x, y, 0.03 * n))
    return solid(*meshes)


def folded(rng: Random, assets: Assets) -> Piece:
    """Towels or shirts of 25 x 30 cm on each other."""
    w, d, z, pile = rng.uniform(0.22, 0.3), rng.uniform(0.25, 0.35), 0.0, []
    for _ in range(rng.integers(1, 6)):
        thick = rng.uniform(0.02, 0.06)
        cloth = assets.material(rng, 'thing')
        pile.append(superellipsoid((w, d, thick), cloth, (0, 0, z), 0.5, 0.25))
        z += thick * 0.9
    return solid(*pile)


def plush(rng: Random, assets: Assets) -> Piece:
    """An animal that sits, 18 to 40 cm high."""
    r, fur = rng.uniform(0.06, 0.13), assets.material(rng, 'thing')
    snout = assets.plain(rng)
    parts = [
        ellipsoid((r, r * 0.85, r * 1.1), fur),
        ellipsoid((r * 0.75, r * 0.7, r * 0.7), fur, (0, -r * 0.1, r * 1.7)),
        ellipsoid((r * 0.3, r * 0.3, r * 0.25), snout, (0, -r * 0.75, r * 2.1)),
    ]
    for side in (-1, 1):
        parts.append(ellipsoid((r * 0.28, r * 0.2, r * 0.3), fur, (side * r * 0.6, 0, r * 2.8)))
        parts.append(ellipsoid((r * 0.3, r * 0.75, r * 0.3), fur, (side * r * 0.6, -r * 0.9, 0)))
        parts.append(ellipsoid((r * 0.3, r * 0.3, r * 0.6), fur, (side * r, -r * 0.3, r * 0.6)))
    return solid(*parts)


def bag(rng: Random, assets: Assets) -> Piece:
    """A carrier bag, a tote, a sports bag."""
    w, d, h = ((0.32, 0.18, 0.38), (0.4, 0.16, 0.4), (0.55, 0.28, 0.28))[rng.integers(3)]
    skin, strap = assets.material(rng, 'thing'), assets.plain(rng)
    scale = rng.uniform(0.85, 1.1)
    w, d, h = w * scale, d * scale, h * scale
    meshes = [superellipsoid((w, d, h), skin, (0, 0, 0), rng.uniform(0.2, 0.6), 0.4)]
    for y in (-d / 4, d / 4):
        ends = [(-w / 5, y, h * 0.95), (-w / 8, y, h + 0.14), (w / 8, y, h + 0.14)]
        meshes += tube(0.008, strap, *ends, (w / 5, y, h * 0.95))
    return solid(*meshes)


def shoes(rng: Random, assets: Assets) -> Piece:
    """One to three pairs, 24 to 31 cm long, some with a shaft."""
    meshes, count = [], int(rng.integers(1, 4))
    for pair in range(count):
        skin, sole = assets.material(rng, 'thing'), shade(rng, assets)
        long = rng.uniform(0.24, 0.31)
        shaft = rng.choice([0.0, 0.0, 0.12, 0.28])
        for side in (-1, 1):
            parts = [
                superellipsoid((long * 0.36, long, 0.025), sole, (0, 0, 0), 0.2, 0.7),
                superellipsoid((long * 0.34, long * 0.95, 0.075), skin, (0, 0, 0.02), 0.8, 0.8),
                superellipsoid((0.085, 0.11, 0.1 + shaft), skin, (0, long * 0.26, 0.02), 0.3, 0.8),
            ]
            x = (pair - (count - 1) / 2) * 0.28 + side * 0.06 + rng.normal(0, 0.01)
            yaw, y = rng.normal(0, 0.25), rng.normal(0, 0.03)
            meshes += [part.moved(x, y, 0, yaw) for part in parts]
    return solid(*meshes)


def made_bed(rng: Random, assets: Assets) -> Piece:
    """A mattress of 90 to 180 x 200 cm with pillows, a cover that hangs down, often a plaid."""
    width = rng.choice([0.9, 1.2, 1.4, 1.6, 1.8])
    wood, linen, cover = (assets.material(rng, 'thing') for _ in range(3))
    base, top = rng.uniform(0.2, 0.32), rng.uniform(0.45, 0.62)
    meshes = [
        box((width + 0.04, 2.04, base - 0.1), wood, (0, 0, 0.1)),
        superellipsoid((width, 2.0, top - base), linen, (0, 0, base), 0.2, 0.1),
        *legs(0.06, 0.1, width / 2 - 0.05, 0.95, wood),
    ]
    if rng.random() < 0.8:
        meshes.append(box((width + 0.08, 0.06, rng.uniform(0.8, 1.25)), wood, (0, 1.04, 0)))
    long, drop = rng.uniform(1.1, 1.75), rng.uniform(0.08, 0.4)
    duvet = spread(rng, cover, width, long, top, min(drop, top - 0.1), rng.uniform(0.02, 0.1))
    meshes.append(duvet.moved(0, -1.0 + long / 2 + 0.02 * rng.random()))
    if rng.random() < 0.5:
        plaid = spread(
            rng, assets.material(rng, 'thing'), width + 0.04, 0.55, top + 0.06, 0.2, 0.02
        )
        meshes.append(plaid.moved(0, -0.6))
    if rng.random() < 0.3:
        heap = clothes(rng, assets).moved(rng.uniform(-0.2, 0.2) * width, -0.3, top + 0.07)
        meshes += heap.meshes
    for row in range(int(rng.integers(1, 3))):
        for side in (0,) if width < 1.3 else (-1, 1):
            size = (rng.uniform(0.5, 0.75), rng.uniform(0.35, 0.5), rng.uniform(0.12, 0.2))
            pillow = superellipsoid(size, linen if row == 0 else assets.material(rng, 'thing'))
            x, y = side * width / 4, 0.75 - 0.25 * row
            meshes.append(pillow.moved(x, y, top + 0.06 * row, rng.normal(0, 0.12)))
    piece = solid(*meshes)
    return Piece(meshes, piece.width, 2.15, [Surface(0, -0.3, width * 0.8, 0.9, top + 0.09)])


def soft_couch(rng: Random, assets: Assets) -> Piece:
    """An armchair or a sofa for up to three with round cushions, pillows, at times a plaid."""
    places = int(rng.integers(1, 4))
    arm, seat = rng.uniform(0.14, 0.26), rng.uniform(0.4, 0.47)
    inner = places * rng.uniform(0.56, 0.7)
    width, depth, back = inner + 2 * arm, rng.uniform(0.82, 1.0), rng.uniform(0.75, 0.95)
    cloth = assets.material(rng, 'thing')
    roundness = rng.uniform(0.15, 0.45)
    meshes = [
        box((width - 0.06, depth - 0.06, seat - 0.2), cloth, (0, 0, 0.06)),
        superellipsoid((width, 0.24, back), cloth, (0, depth / 2 - 0.12, 0.02), roundness, 0.2),
        *legs(0.05, 0.07, width / 2 - 0.08, depth / 2 - 0.08, shade(rng, assets)),
    ]
    high = rng.uniform(0.55, 0.68)
    for side in (-1, 1):
        at = (side * (width - arm) / 2, 0, 0.04)
        meshes.append(superellipsoid((arm, depth, high - 0.04), cloth, at, roundness, 0.2))
    each = inner / places
    for n in range(places):
        x = (n + 0.5) * each - inner / 2
        cushion = (each * 0.99, depth - 0.28, 0.19)
        meshes.append(superellipsoid(cushion, cloth, (x, -0.1, seat - 0.18), 0.35, 0.2))
        rest = superellipsoid((each * 0.97, 0.22, back - seat + 0.06), cloth, (0, 0, 0), 0.5, 0.5)
        meshes.append(rest.moved(x, depth / 2 - 0.3, seat))
    for _ in range(rng.integers(0, 4)):
        size = np.array([0.45, 0.16, 0.45]) * rng.uniform(0.85, 1.15)
        pillow = superellipsoid(size, assets.material(rng, 'thing'), (0, 0, 0), 0.5, 0.9)
        x = rng.uniform(-0.5, 0.5) * max(inner - 0.45, 0.01)
        meshes.append(pillow.moved(x, depth / 2 - 0.5, seat, rng.normal(0, 0.3)))
    if rng.random() < 0.35:
        x = rng.uniform(-0.4, 0.4) * max(inner - 0.5, 0.01)
        meshes.append(
            _heaped(rng, assets.material(rng, 'thing'), 0.32, 0.15).moved(x, -0.15, seat)
        )
    return Piece(meshes, width, depth, [Surface(0, -0.2, inner * 0.9, 0.35, seat + 0.01)])


def bean_bag(rng: Random, assets: Assets) -> Piece:
    """70 to 100 cm wide, or a pouffe of 45."""
    cloth = assets.material(rng, 'thing')
    if rng.random() < 0.4:
        w = rng.uniform(0.4, 0.55)
        return solid(superellipsoid((w, w, rng.uniform(0.35, 0.45)), cloth, (0, 0, 0), 0.3, 0.9))
    w = rng.uniform(0.7, 1.0)
    body = superellipsoid((w, w, 0.5), cloth, (0, 0, 0), 0.7, 0.9)
    return solid(body, superellipsoid((w * 0.8, w * 0.45, 0.8), cloth, (0, w * 0.2, 0), 0.8, 0.9))


def laundry(rng: Random, assets: Assets) -> Piece:
    """A basket of 40 to 60 cm, with clothes."""
    r, h = rng.uniform(0.2, 0.28), rng.uniform(0.3, 0.6)
    skin = assets.material(rng, 'thing')
    body = lathe([(0, 0), (r * 0.8, 0), (r, h), (r * 0.95, h), (r * 0.9, h * 0.6)], skin)
    heap = _heaped(rng, assets.material(rng, 'thing'), r * 0.9, rng.uniform(0.1, 0.3))
    return solid(body, heap.moved(0, 0, h - 0.12))


def airer(rng: Random, assets: Assets) -> Piece:
    """A rack of 90 to 130 x 55 cm, 95 high, with washing over its rods."""
    width, depth, high = rng.uniform(0.9, 1.3), 0.55, rng.uniform(0.85, 1.05)
    wire = grey(rng, assets, 0.5, 0.9)
    meshes: list[Mesh] = []
    for side in (-1, 1):
        x = side * width / 2
        meshes += tube(0.008, wire, (x, -depth / 2, 0), (x, depth / 2, high))
        meshes += tube(0.008, wire, (x, depth / 2, 0), (x, -depth / 2, high))
    for y in np.linspace(-depth / 2, depth / 2, 6).tolist():
        meshes += tube(0.004, wire, (-width / 2, y, high), (width / 2, y, high))
        at = -width / 2 + 0.05
        while at < width / 2 - 0.2 and rng.random() < 0.8:
            wide, long = rng.uniform(0.12, 0.5), rng.uniform(0.2, 0.75)
            wide = min(wide, width / 2 - at)
            cloth = _hanging(rng, assets.material(rng, 'thing'), wide, min(long, high - 0.05))
            meshes.append(cloth.moved(at + wide / 2, y, high))
            at += wide + rng.uniform(0.02, 0.2)
    return Piece(meshes, width + 0.05, depth + 0.08)


def _hanging(rng: Random, material: Material, width: float, long: float) -> Mesh:
    """From z = 0 down, folded along y a little."""
    v, u = np.mgrid[0:1:9j, -0.5:0.5:17j]
    narrow = 1 - 0.15 * v * rng.random()
    y = 0.025 * v * bumps(rng, 9, 17, int(rng.integers(3, 8)))
    return sheet(np.stack([u * width * narrow, y, -v * long], -1), material)


def curtain(rng: Random, assets: Assets) -> Piece:
    """On a rod at 2.1 to 2.4 m to the floor or to a sill: one or two of 40 to 130 cm, in folds."""
    rod, low = rng.uniform(2.1, 2.35), rng.choice([0.12, 0.15, 0.8])
    cloth, metal = assets.material(rng, 'thing'), shade(rng, assets, gloss=0.1)
    wide = rng.uniform(0.4, 1.3)
    places = [-1, 1] if rng.random() < 0.5 else [0]
    apart = wide / 2 + rng.uniform(0.05, 0.6)
    meshes = []
    for side in places:
        v, u = np.mgrid[0:1:7j, -0.5:0.5:64j]
        waves, deep = wide / rng.uniform(0.08, 0.18), rng.uniform(0.02, 0.045)
        phase = 2 * math.pi * u * waves + 1.5 * bumps(rng, 7, 64, 5) * v
        gather = 1 - rng.uniform(0, 0.3) * np.exp(-(((v - 0.6) / 0.25) ** 2))
        points = [u * wide * gather, -0.06 + deep * np.sin(phase) * (0.6 + 0.4 * v)]
        folds = sheet(np.stack([*points, rod - v * (rod - low)], -1), cloth)
        meshes.append(folds.moved(side * apart, 0))
    span = wide + 2 * apart * (len(places) > 1) + 0.1
    meshes.append(box((span, 0.025, 0.025), metal, (0, -0.06, rod)))
    return solid(*meshes)


def blind(rng: Random, assets: Assets) -> Piece:
    """Slats of 5 cm from 2.1 m down, or a roller blind; 60 to 150 cm wide."""
    w, top, low = rng.uniform(0.6, 1.5), rng.uniform(1.9, 2.3), rng.uniform(0.8, 1.4)
    skin = grey(rng, assets, 0.5, 0.95) if rng.random() < 0.6 else assets.plain(rng)
    if rng.random() < 0.4:
        return solid(box((w, 0.01, top - low), skin, (0, -0.04, low)))
    lean = math.tan(rng.uniform(0.1, 1.0))
    meshes = [box((w, 0.05, 0.04), skin, (0, -0.04, top))]
    for z in np.arange(low, top, 0.042).tolist():
        x, y = np.array([[-w / 2, w / 2]] * 2), np.array([[-0.06] * 2, [-0.02] * 2])
        height = z + np.array([[0.0, 0.0], [0.04 * lean] * 2])
        meshes.append(sheet(np.stack([x, y, height], -1), skin))
    return solid(*meshes)


def towel(rng: Random, assets: Assets) -> Piece:
    """One or two of 30 to 60 cm over a rail at 0.9 to 1.4 m."""
    w, z, metal = rng.uniform(0.45, 0.7), rng.uniform(0.9, 1.4), shade(rng, assets, gloss=0.3)
    meshes = [box((w, 0.015, 0.015), metal, (0, -0.07, z))]
    for side in (-1, 1):
        meshes.append(box((0.015, 0.07, 0.015), metal, (side * w / 2, -0.035, z)))
    for _ in range(int(rng.integers(1, 3))):
        wide = rng.uniform(0.3, 0.6) * w
        cloth = _hanging(rng, assets.material(rng, 'thing'), wide, rng.uniform(0.3, 0.75))
        x = rng.uniform(-0.5, 0.5) * (w - wide)
        meshes.append(cloth.moved(x, -0.09, z + 0.016))
    return solid(*meshes)


def coats(rng: Random, assets: Assets) -> Piece:
    """Two to six on hooks at 1.6 to 1.8 m."""
    count, z = int(rng.integers(2, 7)), rng.uniform(1.6, 1.8)
    board = assets.material(rng, 'thing')
    meshes = [box((count * 0.16 + 0.1, 0.02, 0.1), board, (0, -0.01, z - 0.05))]
    for n in range(count):
        x, long = (n - (count - 1) / 2) * 0.16, rng.uniform(0.5, 1.15)
        if rng.random() < 0.75:
            size = (rng.uniform(0.22, 0.36), rng.uniform(0.1, 0.18), long)
            coat = superellipsoid(size, assets.material(rng, 'thing'), (0, 0, 0), 0.45, 0.7)
            meshes.append(coat.moved(x, -0.1, z - long, rng.normal(0, 0.1)))
    return solid(*meshes)


def rug_and_table(rng: Random, assets: Assets) -> Piece:
    """A rug of 1.2 to 2.3 m with a low table on it and what was left there."""
    width, depth = rng.uniform(1.2, 2.3), rng.uniform(0.9, 1.7)
    rug, wood = assets.material(rng, 'thing'), assets.material(rng, 'thing')
    w, d, h = rng.uniform(0.55, 1.1), rng.uniform(0.45, 0.7), rng.uniform(0.36, 0.46)
    meshes = [box((width, depth, 0.012), rug), box((w, d, 0.03), wood, (0, 0, h - 0.03))]
    meshes += legs(0.05, h - 0.03, w / 2 - 0.05, d / 2 - 0.05, wood)
    for maker in (books, can, mug):
        x, y = rng.uniform(-0.3, 0.3, 2) * (w, d)
        meshes += maker(rng, assets).moved(x, y, h, rng.uniform(0, 6)).meshes
    return Piece(meshes, width, depth, [Surface(0, 0, w * 0.9, d * 0.9, h)])


def house_plant(rng: Random, assets: Assets) -> Piece:
    """A pot of 10 to 20 cm with bent leaves, 20 to 60 cm high."""
    r, tall = rng.uniform(0.05, 0.1), rng.uniform(0.2, 0.6)
    pot, h = assets.plain(rng, gloss=rng.choice([0, 0.05])), r * rng.uniform(1.3, 2.0)
    soil = grey(rng, assets, 0.03, 0.1)
    green = rng.uniform((0.03, 0.12, 0.02), (0.3, 0.5, 0.2))
    leaf_skin = tinted(assets.plain(rng), green)
    profile = [(0, 0), (r * 0.75, 0), (r, h), (r * 0.92, h), (r * 0.9, h - 0.02)]
    meshes = [lathe(profile, pot), cylinder(r * 0.9, h - 0.02, soil)]
    broad = rng.uniform(0.015, 0.06)
    for _ in range(rng.integers(8, 26)):
        long, lift = (tall - h) * rng.uniform(0.6, 1.1), rng.uniform(0.5, 1.5)
        t, s = np.mgrid[0:1:7j, -1:1:3j]
        reach, rise = long * np.cos(lift * (1 - 0.6 * t)) * t, long * np.sin(lift) * t
        sag = long * rng.uniform(0, 0.6) * t**2
        wide = broad * np.sin(math.pi * (0.08 + 0.9 * t))
        points = np.stack([reach, s * wide, h - 0.03 + rise - sag], -1)
        points[..., 2] = points[..., 2].clip(0.01)
        meshes.append(sheet(points, leaf_skin).moved(0, 0, 0, rng.uniform(0, 2 * math.pi)))
    return solid(*meshes)
