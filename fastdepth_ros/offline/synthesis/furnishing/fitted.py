"""Larger furniture of homes beside home.py's: larders, wall units, bunk beds; fronts to -y."""

from __future__ import annotations

import math

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.finishes import grey, mirror, screen, shade
from fastdepth_ros.offline.synthesis.furnishing.furniture import legs
from fastdepth_ros.offline.synthesis.furnishing.household import bottle, dish, mug, packet
from fastdepth_ros.offline.synthesis.furnishing.piece import Piece, Surface, centred, solid
from fastdepth_ros.offline.synthesis.furnishing.textiles import shoes, spread
from fastdepth_ros.offline.synthesis.materials import Random
from fastdepth_ros.offline.synthesis.meshes import (
    Mesh,
    arch,
    box,
    cylinder,
    lathe,
    pipe,
    superellipsoid,
    tube,
)


def larder(rng: Random, assets: Assets) -> Piece:
    """One to three tall units of 60 cm, 2 to 2.3 m high, with an oven and a microwave in one."""
    count, high = int(rng.integers(1, 4)), rng.uniform(2.0, 2.3)
    front, grip = assets.material(rng, 'thing', 0.03), shade(rng, assets, 0.25)
    steel, dark = grey(rng, assets, 0.1, 0.8, 0.3), grey(rng, assets, 0.02, 0.06, 0.12)
    width = count * 0.6
    meshes = [box((width, 0.58, high), front, (0, 0.02, 0))]
    oven = int(rng.integers(count + 1))  # none where it is `count`
    for n in range(count):
        x = (n + 0.5) * 0.6 - width / 2
        split = 0.78 if n == oven else rng.uniform(0.7, 1.3)
        for low, top in ((0.1, split), (1.5 if n == oven else split, high)):
            meshes.append(box((0.59, 0.02, top - low - 0.006), front, (x, -0.28, low)))
            at = (x + 0.22, -0.305, max(low, min(top - 0.3, 1.0)))
            meshes.append(box((0.015, 0.03, min(0.25, (top - low) / 2)), grip, at))
        if n == oven:
            for low, tall in ((0.8, 0.58), (1.39, 0.1 if rng.random() < 0.3 else 0.38)):
                if low + tall < 1.8:
                    meshes.append(box((0.57, 0.03, tall), steel, (x, -0.28, low)))
                    meshes.append(box((0.42, 0.01, tall * 0.6), dark, (x, -0.297, low + 0.05)))
                    meshes.append(box((0.5, 0.04, 0.02), steel, (x, -0.32, low + tall * 0.82)))
    return Piece(meshes, width, 0.66)


def sideboard(rng: Random, assets: Assets) -> Piece:
    """120 to 200 cm wide, 40 to 50 deep, 65 to 90 high, with doors and drawers, on legs."""
    w, d, h = rng.uniform(1.2, 2.0), rng.uniform(0.4, 0.5), rng.uniform(0.65, 0.9)
    body, grip = assets.material(rng, 'thing', rng.choice([0, 0.05])), shade(rng, assets, 0.2)
    front = body if rng.random() < 0.6 else assets.material(rng, 'thing')
    low = rng.choice([0.06, 0.18])
    meshes = [
        box((w, d, h - low), body, (0, 0, low)),
        *legs(0.04, low, w / 2 - 0.08, d * 0.4, body),
    ]
    count = max(2, round(w / 0.5))
    for n in range(count):
        x, each = (n + 0.5) * w / count - w / 2, w / count
        rows = int(rng.choice([1, 1, 3]))
        for row in range(rows):
            tall = (h - low - 0.06) / rows
            z = low + 0.03 + row * tall
            meshes.append(box((each - 0.02, 0.02, tall - 0.01), front, (x, -d / 2, z)))
            meshes.append(box((0.08, 0.02, 0.012), grip, (x, -d / 2 - 0.015, z + tall * 0.8)))
    return Piece(meshes, w, d + 0.04, [Surface(0, 0, w * 0.95, d * 0.85, h)])


def wall_unit(rng: Random, assets: Assets) -> Piece:
    """Two tall cases of 45 to 60 cm; a low board, a television and a shelf between them."""
    case, inner, high = rng.uniform(0.45, 0.6), rng.uniform(1.2, 1.7), rng.uniform(1.8, 2.2)
    body, dark = assets.material(rng, 'thing', 0.03), grey(rng, assets, 0.01, 0.05, 0.1)
    board = rng.uniform(0.4, 0.55)
    meshes = [
        box((inner, 0.42, board), body),
        box((inner, 0.28, 0.03), body, (0, 0.06, high - 0.3)),
    ]
    tops = [Surface(0, -0.1, inner * 0.9, 0.2, board)]
    glazed = grey(rng, assets, 0.05, 0.3, 0.2)
    for side in (-1, 1):
        x = side * (inner + case) / 2
        meshes.append(box((case, 0.4, high), body, (x, 0, 0)))
        meshes.append(box((case - 0.03, 0.02, high * 0.45), body, (x, -0.2, 0.05)))
        meshes.append(box((case * 0.7, 0.01, high * 0.42), glazed, (x, -0.203, high * 0.54)))
    tall = min(inner * 0.9 * 9 / 16, high - 0.4 - board)
    shown = screen(rng, dark, tall * 16 / 9)
    meshes.append(box((tall * 16 / 9, 0.04, tall), dark, (0, 0.06, board + 0.06)))
    meshes.append(box((tall * 1.74, 0.004, tall - 0.02), shown, (0, 0.036, board + 0.07)))
    meshes.append(box((0.3, 0.18, 0.06), dark, (0, 0.06, board)))
    return Piece(meshes, inner + 2 * case, 0.44, tops)


def fireplace(rng: Random, assets: Assets) -> Piece:
    """A breast of 1.2 to 1.7 m, a dark opening, a mantel at 1 to 1.3 m."""
    w, z, d = rng.uniform(1.2, 1.7), rng.uniform(1.0, 1.3), rng.uniform(0.25, 0.45)
    stone, dark = assets.material(rng, 'wall'), grey(rng, assets, 0.01, 0.05)
    trim, open_, tall = assets.material(rng, 'thing'), rng.uniform(0.6, 0.9), z * 0.6
    meshes = [
        box((w, d, z), stone),
        box((open_, 0.02, tall), dark, (0, -d / 2, 0)),
        box((w + 0.1, d + 0.08, 0.06), trim, (0, 0, z)),
        box((open_ + 0.3, 0.35, 0.04), stone, (0, -d / 2 - 0.17, 0)),
    ]
    for side in (-1, 1):
        meshes.append(box((0.14, 0.06, tall), trim, (side * (open_ / 2 + 0.1), -d / 2 - 0.03, 0)))
    for n in range(int(rng.integers(0, 4))):
        log = cylinder(0.05, 0.35, assets.material(rng, 'thing')).tilted(math.pi / 2)
        meshes.append(log.moved(-0.17, -d / 2 - 0.08, 0.09 + 0.05 * n, rng.normal(0, 0.2)))
    return centred(meshes, [Surface(0, 0, w * 0.95, d * 0.8, z + 0.06)])


def bunk_bed(rng: Random, assets: Assets) -> Piece:
    """Two mattresses of 90 x 200 cm, the upper one at 1.3 m, with a ladder; along its wall."""
    wood, linen = assets.material(rng, 'thing'), assets.material(rng, 'thing')
    upper, post = rng.uniform(1.2, 1.4), rng.uniform(1.6, 1.75)
    meshes = legs(0.07, post, 1.02, 0.47, wood)
    for z in (0.3, upper):
        cover = assets.material(rng, 'thing')
        meshes.append(box((2.06, 0.98, 0.1), wood, (0, 0, z - 0.1)))
        meshes.append(superellipsoid((2.0, 0.9, 0.16), linen, (0, 0, z), 0.2, 0.1))
        duvet = spread(rng, cover, rng.uniform(1.1, 1.7), 0.9, z + 0.16, 0.1, 0.08)
        meshes.append(duvet.moved(0.2, 0))
        pillow = (rng.uniform(0.35, 0.45), rng.uniform(0.5, 0.7), 0.14)
        meshes.append(superellipsoid(pillow, linen, (-0.72, 0, z + 0.15)))
        for y in (-0.48, 0.48):
            if z > 1 or y > 0:
                meshes.append(box((2.0, 0.025, 0.1), wood, (0, y, z + 0.28)))
    for x in (0.55, 0.9):
        meshes += tube(0.02, wood, (x, -0.6, 0), (x, -0.5, post))
    for n in range(1, 5):
        meshes.append(box((0.35, 0.03, 0.03), wood, (0.725, -0.6 + 0.02 * n, n * 0.28)))
    return centred(meshes, [Surface(0.3, 0, 1.2, 0.6, 0.55)])


def cot(rng: Random, assets: Assets) -> Piece:
    """For a small child: 124 x 66 cm, 85 to 95 high, with bars."""
    wood, high = assets.material(rng, 'thing'), rng.uniform(0.85, 0.95)
    meshes = legs(0.05, high, 0.6, 0.31, wood)
    meshes.append(
        superellipsoid((1.2, 0.6, 0.12), assets.material(rng, 'thing'), (0, 0, 0.3), 0.2)
    )
    for y in (-0.31, 0.31):
        for z in (0.25, high - 0.05):
            meshes.append(box((1.2, 0.03, 0.04), wood, (0, y, z)))
        for x in np.linspace(-0.54, 0.54, 13).tolist():
            meshes.append(box((0.018, 0.018, high - 0.3), wood, (x, y, 0.27)))
    for x in (-0.6, 0.6):
        meshes.append(box((0.03, 0.6, high - 0.35), wood, (x, 0, 0.3)))
    return Piece(meshes, 1.26, 0.68)


def dressing_table(rng: Random, assets: Assets) -> Piece:
    """80 to 120 cm wide, 75 high, a mirror over it, a stool before it."""
    w, body = rng.uniform(0.8, 1.2), assets.material(rng, 'thing', 0.04)
    glass = mirror(rng, assets)
    wide, tall = rng.uniform(0.5, 0.8), rng.uniform(0.5, 0.8)
    meshes = [
        box((w, 0.42, 0.16), body, (0, 0, 0.59)),
        *legs(0.045, 0.6, w / 2 - 0.04, 0.17, body),
        box((wide + 0.06, 0.03, tall + 0.06), body, (0, 0.19, 0.77)),
        box((wide, 0.01, tall), glass, (0, 0.172, 0.8)),
    ]
    for x in (-w / 4, w / 4):
        meshes.append(box((0.1, 0.02, 0.015), shade(rng, assets, 0.2), (x, -0.215, 0.67)))
    seat = superellipsoid(
        (0.42, 0.36, 0.12), assets.material(rng, 'thing'), (0, 0, 0.36), 0.3, 0.2
    )
    stool = [seat, *legs(0.035, 0.38, 0.17, 0.14, body)]
    meshes += [mesh.moved(rng.normal(0, 0.1), -0.4) for mesh in stool]
    return centred(meshes, [Surface(0, -0.05, w * 0.9, 0.25, 0.75)])


def piano(rng: Random, assets: Assets) -> Piece:
    """Upright, 1.5 m wide, 1.1 to 1.25 high, with its keys, music and a bench."""
    skin, high = assets.material(rng, 'thing', 0.1), rng.uniform(1.1, 1.25)
    white, dark = grey(rng, assets, 0.8, 0.95), grey(rng, assets, 0.02, 0.05)
    meshes = [
        box((1.5, 0.35, high), skin, (0, 0.12, 0)),
        box((1.48, 0.3, 0.08), skin, (0, -0.18, 0.62)),
        box((1.24, 0.15, 0.015), white, (0, -0.22, 0.7)),
        box((0.8, 0.3, 0.04), assets.material(rng, 'thing'), (rng.normal(0, 0.2), -0.7, 0.46)),
        *(leg.moved(0, -0.7) for leg in legs(0.05, 0.46, 0.33, 0.1, skin)),
    ]
    for n in range(36):
        if n % 7 not in (2, 6):
            meshes.append(box((0.012, 0.09, 0.012), dark, (-0.6 + n * 0.0343, -0.185, 0.715)))
    for side in (-1, 1):
        meshes.append(box((0.08, 0.28, 0.7), skin, (side * 0.7, -0.18, 0)))
    sheet = box((0.42, 0.01, 0.3), white).pitched(-0.25)
    return Piece(
        [*meshes, sheet.moved(0, -0.08, 0.78)], 1.5, 1.2, [Surface(0, 0.12, 1.4, 0.3, high)]
    )


def trolley(rng: Random, assets: Assets) -> Piece:
    """Two or three boards of 45 to 75 x 40 cm on castors, 75 to 90 high, with what is on them."""
    w, d, h = rng.uniform(0.45, 0.75), rng.uniform(0.35, 0.45), rng.uniform(0.75, 0.9)
    metal, board = shade(rng, assets, 0.15), assets.material(rng, 'thing', 0.03)
    meshes = legs(0.025, h, w / 2 - 0.02, d / 2 - 0.02, metal)
    levels = np.linspace(0.12, h - 0.02, int(rng.integers(2, 4))).tolist()
    for z in levels:
        meshes.append(box((w, d, 0.02), board, (0, 0, z)))
    for z in levels[:-1]:
        for x in np.arange(-w / 2 + 0.1, w / 2 - 0.05, 0.15).tolist():
            maker = (bottle, dish, packet, mug)[rng.integers(4)]
            if rng.random() < 0.6:
                meshes += maker(rng, assets).moved(x, rng.normal(0, 0.04), z + 0.02).meshes
    return Piece(meshes, w, d, [Surface(0, 0, w * 0.92, d * 0.9, h)])


def bench(rng: Random, assets: Assets) -> Piece:
    """90 to 160 cm wide, seat at 45, cushions on it, a back at times; shoes under it."""
    w, wood = rng.uniform(0.9, 1.6), assets.material(rng, 'thing')
    meshes = [
        box((w, 0.38, 0.04), wood, (0, 0, 0.41)),
        *legs(0.05, 0.41, w / 2 - 0.05, 0.15, wood),
    ]
    if rng.random() < 0.4:
        meshes.append(box((w, 0.03, 0.35), wood, (0, 0.18, 0.55)))
        meshes += [box((0.05, 0.03, 0.5), wood, (s * w * 0.45, 0.18, 0.4)) for s in (-1, 1)]
    for x in np.arange(-w / 2 + 0.25, w / 2 - 0.2, 0.45).tolist():
        if rng.random() < 0.5:
            cloth = assets.material(rng, 'thing')
            meshes.append(superellipsoid((0.4, 0.36, 0.07), cloth, (x, 0, 0.45), 0.5, 0.3))
    if rng.random() < 0.4:
        meshes += shoes(rng, assets).meshes
    return Piece(meshes, w, 0.42, [Surface(0, 0, w * 0.8, 0.3, 0.46)])


def high_chair(rng: Random, assets: Assets) -> Piece:
    """For a small child: seat at 55 cm, tray at 75, 1 m high."""
    wood, cloth = assets.material(rng, 'thing'), assets.material(rng, 'thing')
    meshes: list[Mesh] = []
    for x in (-1, 1):
        for y in (-1, 1):
            meshes += tube(0.014, wood, (x * 0.26, y * 0.26, 0), (x * 0.16, y * 0.14, 0.6))
    return solid(
        *meshes,
        superellipsoid((0.34, 0.32, 0.08), cloth, (0, 0, 0.53), 0.3, 0.3),
        superellipsoid((0.34, 0.08, 0.42), cloth, (0, 0.15, 0.58), 0.3, 0.5),
        superellipsoid((0.45, 0.28, 0.03), assets.plain(rng, 0.05), (0, -0.2, 0.74), 0.2, 0.5),
    )


def console(rng: Random, assets: Assets) -> Piece:
    """A narrow table of 80 to 140 x 30 cm, 75 to 90 high, with a shelf near the floor."""
    w, h, wood = rng.uniform(0.8, 1.4), rng.uniform(0.75, 0.9), assets.material(rng, 'thing', 0.04)
    leg = wood if rng.random() < 0.6 else shade(rng, assets, 0.1)
    meshes = [
        box((w, 0.3, 0.03), wood, (0, 0, h - 0.03)),
        box((w * 0.95, 0.27, 0.02), wood, (0, 0, 0.2)),
    ]
    meshes += legs(0.035, h - 0.03, w / 2 - 0.03, 0.13, leg)
    tops = [Surface(0, 0, w * 0.93, 0.26, h), Surface(0, 0, w * 0.85, 0.24, 0.22)]
    return Piece(meshes, w, 0.32, tops)


def standard_lamp(rng: Random, assets: Assets) -> Piece:
    """An arc of 1.7 to 2 m over a foot, with a round shade."""
    metal, cloth = shade(rng, assets, 0.3), assets.plain(rng)
    reach, high = rng.uniform(0.35, 0.6), rng.uniform(1.6, 1.9)
    bow = arch(reach, 0.25, high - 0.25)
    stem = [
        cylinder(0.15, 0.04, metal, (reach, 0, 0)),
        cylinder(0.012, high - 0.25, metal, (reach, 0, 0)),
    ]
    cap = lathe([(0.2, 0), (0.12, 0.18), (0, 0.18)], cloth, (-reach, 0, high - 0.43))
    return solid(*stem, pipe(bow, 0.012, metal), cap)
