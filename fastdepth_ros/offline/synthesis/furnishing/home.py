"""Living rooms, bedrooms and baths: furniture in the sizes in which it is sold, fronts to -y."""

from __future__ import annotations

import math

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.finishes import grey, mirror, screen, shade
from fastdepth_ros.offline.synthesis.furnishing.furniture import legs
from fastdepth_ros.offline.synthesis.furnishing.household import appliance, books, can, desk_lamp
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker, Piece, Surface, solid
from fastdepth_ros.offline.synthesis.materials import Material, Random
from fastdepth_ros.offline.synthesis.meshes import Mesh, box, cylinder, ellipsoid, lathe


def _white(rng: Random, assets: Assets, gloss: float = 0.06) -> Material:
    """Ceramics and enamel."""
    return grey(rng, assets, 0.75, 0.95, gloss)


def bed(rng: Random, assets: Assets) -> Piece:
    """A mattress of 90 to 180 x 200 cm on a frame, with pillows and a blanket, often untidy."""
    width = rng.choice([0.9, 1.0, 1.2, 1.4, 1.6, 1.8])
    wood, sheet = assets.material(rng, 'thing'), assets.plain(rng)
    cover = assets.material(rng, 'thing')
    base, top = rng.uniform(0.25, 0.35), rng.uniform(0.45, 0.6)
    meshes = [
        box((width + 0.06, 2.06, base), wood),
        box((width, 2.0, top - base), sheet, (0, 0, base)),
        box((width + 0.06, 0.05, rng.uniform(0.75, 1.15)), wood, (0, 1.03, 0)),
    ]
    covered = rng.uniform(1.0, 1.6)
    blanket = box((width + 0.04, covered, 0.05), cover, (0, -1.0 + covered / 2, top))
    meshes.append(blanket)
    for _ in range(rng.integers(0, 4)):  # folds
        radii = np.array([rng.uniform(0.1, 0.35), rng.uniform(0.1, 0.35), 0.04])
        fold = ellipsoid(radii, cover)
        x, y = rng.uniform(-0.35, 0.35) * width, rng.uniform(-0.65, covered - 1.1)
        meshes.append(fold.moved(x, y, top + 0.02, rng.uniform(0, math.pi)))
    for n in range(1 if width < 1.3 else 2):
        x = 0.0 if width < 1.3 else (n - 0.5) * width / 2
        pillow = ellipsoid((0.33, 0.22, 0.08), sheet)
        meshes.append(pillow.moved(x, 0.75, top - 0.02, rng.normal(0, 0.15)))
    piece = solid(*meshes)
    return Piece(meshes, piece.width, 2.15, [Surface(0, -0.3, width * 0.8, 1.0, top + 0.05)])


def couch(rng: Random, assets: Assets) -> Piece:
    """An armchair or a sofa for two or three: seat 40 to 46 cm, back 75 to 90 cm high."""
    places = int(rng.integers(1, 4))
    arm, seat = rng.uniform(0.12, 0.22), rng.uniform(0.4, 0.46)
    width, depth = places * rng.uniform(0.58, 0.7) + 2 * arm, rng.uniform(0.82, 0.98)
    cloth, back = assets.material(rng, 'thing'), rng.uniform(0.75, 0.9)
    meshes = [
        box((width, depth, seat - 0.14), cloth, (0, 0, 0.03)),
        box((width, 0.18, back), cloth, (0, depth / 2 - 0.09, 0)),
    ]
    inner = (width - 2 * arm) / places
    for n in range(places):
        x = (n + 0.5) * inner - width / 2 + arm
        meshes.append(box((inner - 0.015, depth - 0.2, 0.13), cloth, (x, -0.08, seat - 0.12)))
        rest = (inner - 0.02, 0.16, back - seat)
        meshes.append(box(rest, cloth, (x, depth / 2 - 0.24, seat)))
    for side in (-1, 1):
        at = (side * (width - arm) / 2, 0, 0)
        meshes.append(box((arm, depth, rng.uniform(0.55, 0.66)), cloth, at))
    for _ in range(rng.integers(0, 4)):  # cushions of 40 to 50 cm
        r = rng.uniform(0.2, 0.25)
        x = rng.uniform(-0.5, 0.5) * (width - 2 * arm - 2 * r)
        meshes.append(ellipsoid((r, 0.07, r), assets.material(rng, 'thing'), (x, 0.08, seat)))
    return Piece(meshes, width, depth, [Surface(0, -0.15, width - 2 * arm, 0.4, seat + 0.01)])


def bookcase(rng: Random, assets: Assets) -> Piece:
    """80 or 40 cm wide, 28 deep, 106 or 202 high, with books of real sizes and other things."""
    width, height = rng.choice([0.4, 0.8, 0.8, 1.2]), rng.choice([1.06, 2.02, 2.02])
    wood, depth = assets.material(rng, 'thing'), 0.28
    meshes = [box((0.02, depth, height), wood, (s * (width / 2 - 0.01), 0, 0)) for s in (-1, 1)]
    meshes.append(box((width, 0.01, height), wood, (0, depth / 2, 0)))
    count = round(height / 0.34)
    full = rng.uniform(0.2, 1)
    for level in range(count + 1):
        z = level * (height - 0.02) / count
        meshes.append(box((width, depth, 0.02), wood, (0, 0, z)))
        if level < count and rng.random() < full:
            meshes += _row_of_books(rng, assets, width - 0.05, z + 0.02)
    return Piece(meshes, width, depth, [Surface(0, 0, width * 0.9, depth * 0.8, height)])


def _row_of_books(rng: Random, assets: Assets, width: float, z: float) -> list[Mesh]:
    """Standing, 1 to 5 cm thick and 18 to 31 cm high, from one side to somewhere."""
    x, end, row = -width / 2, width * rng.uniform(-0.2, 0.5), []
    covers = [assets.plain(rng) for _ in range(6)]
    while x < end - 0.05:
        thick = rng.uniform(0.012, 0.05)
        size = (thick, rng.uniform(0.12, 0.2), rng.choice([0.18, 0.21, 0.24, 0.3]))
        cover = covers[int(rng.integers(6))]
        row.append(box(size, cover, (x + thick / 2, -0.02, z)))
        x += thick + 0.001
    return row


def wardrobe(rng: Random, assets: Assets) -> Piece:
    """Doors of 40 to 50 cm, 60 deep, 1.8 to 2.3 m high."""
    doors, each = int(rng.integers(2, 6)), rng.uniform(0.4, 0.5)
    width, height = doors * each, rng.uniform(1.8, 2.3)
    body, front = assets.material(rng, 'thing'), assets.material(rng, 'thing')
    grip = shade(rng, assets, gloss=0.2)
    meshes = [box((width, 0.56, height), body, (0, 0.02, 0))]
    for n in range(doors):
        x = (n + 0.5) * each - width / 2
        at = (x, -0.27, 0.08)
        meshes.append(box((each - 0.006, 0.02, height - 0.1), front, at))
        knob = x + (0.5 - n % 2) * (each - 0.1)
        meshes.append(box((0.015, 0.03, 0.14), grip, (knob, -0.29, 1.0)))
    return Piece(meshes, width, 0.6)


def drawers(rng: Random, assets: Assets) -> Piece:
    """A chest of drawers, or a night table with one or two."""
    width, height, rows = [(0.8, 0.8, 3), (1.2, 0.8, 3), (0.6, 1.0, 4), (0.45, 0.5, 2)][
        int(rng.integers(4))
    ]
    depth, front = rng.uniform(0.38, 0.48), assets.material(rng, 'thing')
    body = front if rng.random() < 0.7 else assets.material(rng, 'thing')
    grip = shade(rng, assets)
    meshes = [box((width, depth, height), body)]
    for n in range(rows):
        tall = (height - 0.08) / rows
        at = (0, -depth / 2 - 0.008, 0.05 + n * tall)
        meshes.append(box((width - 0.03, 0.018, tall - 0.012), front, at))
        grasp = (0, -depth / 2 - 0.03, 0.05 + (n + 0.5) * tall)
        meshes.append(box((0.12, 0.02, 0.015), grip, grasp))
    return Piece(meshes, width, depth + 0.04, [Surface(0, 0, width * 0.9, depth * 0.85, height)])


def television(rng: Random, assets: Assets) -> Piece:
    """32 to 65 inches on a low board of 35 to 55 cm."""
    height = rng.uniform(0.35, 0.55)
    diagonal = rng.uniform(32, 65) * 0.0254
    tall = diagonal / math.hypot(16 / 9, 1)
    wide = tall * 16 / 9
    width, board = max(1.2, wide * rng.uniform(1.0, 1.4)), assets.material(rng, 'thing')
    dark = grey(rng, assets, 0.01, 0.05, 0.12)
    shown = screen(rng, dark, wide)
    z = height + 0.07
    meshes = [
        box((width, 0.4, height), board),
        box((0.3, 0.2, 0.02), dark, (0, 0, height)),
        box((0.06, 0.04, 0.1), dark, (0, 0.02, height)),
        box((wide, 0.05, tall), dark, (0, 0.02, z)),
        box((wide - 0.03, 0.004, tall - 0.03), shown, (0, -0.008, z + 0.015)),
    ]
    if rng.random() < 0.5:
        spot = rng.choice([-1, 1]) * (width / 2 - 0.15)
        meshes += appliance(rng, assets).moved(spot, 0.02, height).meshes
    return Piece(meshes, max(width, wide), 0.42)


def low_table(rng: Random, assets: Assets) -> Piece:
    """Before a couch: 38 to 48 cm high, with books, glasses, a can."""
    width, depth, height = rng.uniform(0.6, 1.3), rng.uniform(0.45, 0.7), rng.uniform(0.38, 0.48)
    wood, leg = assets.material(rng, 'thing'), shade(rng, assets)
    meshes = [box((width, depth, 0.03), wood, (0, 0, height - 0.03))]
    meshes += legs(0.05, height - 0.03, width / 2 - 0.05, depth / 2 - 0.05, leg)
    for maker in (books, can):
        x, y = rng.uniform(-0.3, 0.3, 2) * (width, depth)
        meshes += maker(rng, assets).moved(x, y, height, rng.uniform(0, 6)).meshes
    return Piece(meshes, width, depth, [Surface(0, 0, width * 0.9, depth * 0.9, height)])


def night_table(rng: Random, assets: Assets) -> Piece:
    """45 x 40 x 50 cm with a lamp."""
    wood = assets.material(rng, 'thing')
    lamp = desk_lamp(rng, assets).moved(0, 0.05, 0.5).meshes
    return Piece([box((0.45, 0.4, 0.5), wood), *lamp], 0.45, 0.4)


def toilet(rng: Random, assets: Assets) -> Piece:
    """Seat 40 cm high, with a cistern."""
    white = _white(rng, assets)
    bowl = lathe([(0.11, 0), (0.12, 0.2), (0.19, 0.38), (0.19, 0.4), (0, 0.4)], white)
    seat = bowl.transformed(np.diag([0.95, 1.25, 1]))
    lid = box((0.37, 0.03, 0.42), white, (0, 0.16, 0.41))
    cistern = box((0.38, 0.17, 0.38), white, (0, 0.3, 0.4))
    return Piece([seat, lid, cistern], 0.4, 0.7)


def bathtub(rng: Random, assets: Assets) -> Piece:
    """170 x 75 cm, 56 high."""
    white = _white(rng, assets)
    w, d, h, rim = 1.7, 0.75, 0.56, 0.06
    meshes = [box((w, d, 0.12), white)]
    for side in (-1, 1):
        meshes.append(box((w, rim, h), white, (0, side * (d - rim) / 2, 0)))
        meshes.append(box((rim, d, h), white, (side * (w - rim) / 2, 0, 0)))
    tap = shade(rng, assets, gloss=0.4)
    meshes.append(cylinder(0.02, 0.2, tap, (w / 2 - 0.03, 0, h)))
    return Piece(meshes, w, d)


def washbasin(rng: Random, assets: Assets) -> Piece:
    """60 cm wide, its rim 85 cm high, on a cupboard; a mirror over it."""
    white, tap = _white(rng, assets), shade(rng, assets, gloss=0.4)
    glass = mirror(rng, assets)
    meshes = [
        box((0.56, 0.42, 0.7), assets.material(rng, 'thing'), (0, 0.02, 0)),
        box((0.6, 0.48, 0.03), white, (0, 0, 0.7)),
        cylinder(0.018, 0.16, tap, (0, 0.17, 0.85)),
        box((0.02, 0.14, 0.02), tap, (0, 0.1, 0.98)),
        box((0.6, 0.01, 0.8), glass, (0, 0.235, 1.1)),
    ]
    for side in (-1, 1):
        meshes.append(box((0.6, 0.06, 0.12), white, (0, side * 0.21, 0.73)))
        meshes.append(box((0.06, 0.48, 0.12), white, (side * 0.27, 0, 0.73)))
    return Piece(meshes, 0.6, 0.48)


def door(rng: Random, assets: Assets) -> Piece:
    """A closed one of 80 to 95 x 200 to 210 cm in its frame, the handle at 105 cm."""
    width, height = rng.uniform(0.8, 0.95), rng.uniform(2.0, 2.1)
    leaf, grip = assets.material(rng, 'thing'), shade(rng, assets, gloss=0.3)
    frame = leaf if rng.random() < 0.6 else assets.plain(rng)
    side = rng.choice([-1, 1])
    meshes = [
        box((width, 0.04, height), leaf, (0, 0.02, 0)),
        box((width + 0.16, 0.05, 0.08), frame, (0, 0.015, height)),
        box((0.12, 0.05, 0.02), grip, (side * (width / 2 - 0.1), -0.04, 1.05)),
        box((0.03, 0.01, 0.2), grip, (side * (width / 2 - 0.06), -0.005, 0.96)),
    ]
    for s in (-1, 1):
        meshes.append(box((0.08, 0.05, height), frame, (s * (width / 2 + 0.04), 0.015, 0)))
    return Piece(meshes, width + 0.16, 0.13)


def radiator(rng: Random, assets: Assets) -> Piece:
    """60 cm high, of ribs."""
    width, white = rng.uniform(0.6, 1.8), _white(rng, assets, gloss=0.02)
    meshes = [box((width, 0.03, 0.55), white, (0, 0.03, 0.1))]
    for x in np.arange(-width / 2 + 0.03, width / 2, 0.06).tolist():
        meshes.append(box((0.035, 0.06, 0.57), white, (x, 0, 0.09)))
    for s in (-1, 1):
        meshes.append(box((0.02, 0.02, 0.1), white, (s * (width / 2 - 0.05), 0.03, 0)))
    return Piece(meshes, width, 0.12)


def floor_lamp(rng: Random, assets: Assets) -> Piece:
    """1.4 to 1.7 m high."""
    tall, metal = rng.uniform(1.4, 1.7), shade(rng, assets, gloss=0.1)
    cloth = assets.plain(rng)
    cap = lathe([(0.2, tall - 0.28), (0.13, tall), (0.12, tall), (0.19, tall - 0.28)], cloth)
    return solid(cylinder(0.14, 0.02, metal), cylinder(0.012, tall - 0.05, metal), cap)


ALONG_WALLS: tuple[Maker, ...] = (
    *(bed, bed, couch, couch, bookcase, bookcase, wardrobe, drawers, drawers, television),
    *(night_table, toilet, bathtub, washbasin, door, door, radiator, floor_lamp),
)
FREE: tuple[Maker, ...] = (low_table, low_table, couch, floor_lamp)
