"""Kitchens in units of 40, 60 and 80 cm, what stands in them, and laid tables; fronts to -y."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.finishes import grey, printed, shade
from fastdepth_ros.offline.synthesis.furnishing.furniture import legs
from fastdepth_ros.offline.synthesis.furnishing.household import (
    appliance,
    bottle,
    can,
    dish,
    kettle,
    mug,
    packet,
    pot,
    side_chair,
    white_goods,
)
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker, Piece, Surface, solid
from fastdepth_ros.offline.synthesis.furnishing.small_things import fruit
from fastdepth_ros.offline.synthesis.furnishing.textiles import spread
from fastdepth_ros.offline.synthesis.materials import Material, Random, tinted
from fastdepth_ros.offline.synthesis.meshes import (
    Mesh,
    bounds,
    box,
    cylinder,
    ellipsoid,
    lathe,
    superellipsoid,
    tube,
)
from fastdepth_ros.offline.synthesis.surfaces import tiled


def jar(rng: Random, assets: Assets) -> Piece:
    """Of 8 to 25 cm, with a lid."""
    r, h = rng.uniform(0.035, 0.065), rng.uniform(0.08, 0.22)
    skin = printed(rng, 0.2) if rng.random() < 0.4 else assets.plain(rng, gloss=0.08)
    lid = assets.plain(rng)
    return solid(cylinder(r, h, skin), cylinder(r * 1.03, 0.02, lid, (0, 0, h)))


def utensils(rng: Random, assets: Assets) -> Piece:
    """Spoons and ladles in a pot."""
    r, h = rng.uniform(0.05, 0.07), rng.uniform(0.12, 0.16)
    meshes = [
        lathe([(r * 0.9, 0), (r, h), (r * 0.95, h), (r * 0.85, 0.01)], shade(rng, assets, 0.1))
    ]
    for _ in range(rng.integers(3, 9)):
        handle = shade(rng, assets, 0.1) if rng.random() < 0.5 else assets.material(rng, 'thing')
        x, y = rng.uniform(-0.5, 0.5, 2) * r
        top = (x * 2.2, y * 2.2, rng.uniform(0.24, 0.32))
        meshes += tube(0.005, handle, (x, y, 0.02), top)
        meshes.append(superellipsoid((0.05, 0.02, 0.07), handle, top, 1.0, 1.0))
    return solid(*meshes)


def chopping_board(rng: Random, assets: Assets) -> Piece:
    """25 x 40 cm, with a loaf, vegetables or a knife."""
    w, d = rng.uniform(0.22, 0.3), rng.uniform(0.32, 0.45)
    wood = assets.material(rng, 'thing')
    meshes = [box((w, d, 0.018), wood)]
    kind = rng.integers(4)
    if kind == 0:
        crust = tinted(assets.plain(rng), np.array([0.6, 0.35, 0.15]) * rng.uniform(0.5, 1.3))
        loaf = superellipsoid((0.11, rng.uniform(0.18, 0.3), 0.1), crust, (0, 0, 0.018), 0.7, 0.5)
        meshes.append(loaf)
    elif kind == 1:
        for _ in range(rng.integers(2, 7)):
            peel = tinted(assets.plain(rng, 0.03), rng.uniform((0.3, 0.1, 0.03), (0.9, 0.7, 0.2)))
            r = rng.uniform(0.02, 0.05)
            at = (*(rng.uniform(-0.35, 0.35, 2) * (w, d)).tolist(), 0.018)
            meshes.append(ellipsoid((r, r * rng.uniform(0.8, 2.2), r), peel, at))
    steel = grey(rng, assets, 0.3, 0.8, 0.3)
    meshes.append(box((0.025, 0.2, 0.004), steel, (w * 0.3, 0.02, 0.018)))
    meshes.append(box((0.025, 0.11, 0.02), grey(rng, assets, 0.02, 0.2), (w * 0.3, -0.13, 0.018)))
    return solid(*meshes)


def dish_rack(rng: Random, assets: Assets) -> Piece:
    """45 x 32 cm, plates on edge and glasses."""
    wire, glaze = shade(rng, assets, 0.2), assets.plain(rng, 0.06)
    meshes: list[Mesh] = [box((0.46, 0.33, 0.02), shade(rng, assets))]
    for y in (-0.15, 0.15):
        meshes += tube(
            0.004, wire, (-0.22, y, 0.02), (-0.22, y, 0.12), (0.22, y, 0.12), (0.22, y, 0.02)
        )
    plate = lathe([(0, 0), (0.06, 0), (0.12, 0.018), (0.06, 0.006), (0, 0.006)], glaze)
    upright = plate.tilted(math.radians(rng.uniform(70, 85)))
    for n in range(int(rng.integers(2, 9))):
        meshes.append(upright.moved(-0.17 + n * 0.035, 0, 0.14))
    for _ in range(rng.integers(0, 4)):
        cup = mug(rng, assets).moved(rng.uniform(0.1, 0.17), rng.uniform(-0.1, 0.1), 0.02)
        meshes += cup.meshes
    return solid(*meshes)


def kitchen_roll(rng: Random, assets: Assets) -> Piece:
    """23 cm high on its stand, or a roll of 10."""
    white = grey(rng, assets, 0.8, 0.97)
    if rng.random() < 0.4:
        return solid(cylinder(0.055, 0.1, white))
    wood = assets.material(rng, 'thing')
    return solid(
        cylinder(0.075, 0.015, wood),
        cylinder(rng.uniform(0.04, 0.065), 0.23, white, (0, 0, 0.015)),
        cylinder(0.01, 0.3, wood),
    )


def spray(rng: Random, assets: Assets) -> Piece:
    """Washing-up liquid, shampoo, a cleaner: 17 to 27 cm."""
    skin, label = assets.plain(rng, 0.05), printed(rng, 0.15)
    w, d, h = rng.uniform(0.06, 0.1), rng.uniform(0.04, 0.06), rng.uniform(0.14, 0.2)
    cap = assets.plain(rng)
    meshes = [
        superellipsoid((w, d, h), skin, (0, 0, 0), 0.3, 0.6),
        box((w * 0.7, d * 1.01, h * 0.4), label, (0, 0, h * 0.25)),
        cylinder(0.014, 0.04, cap, (0, 0, h - 0.005)),
    ]
    if rng.random() < 0.4:
        meshes.append(box((0.025, 0.08, 0.03), cap, (0, -0.02, h + 0.035)))
    return solid(*meshes)


def glass(rng: Random, assets: Assets) -> Piece:
    """A tumbler or a wine glass, filled or painted: what is clear cannot be rendered."""
    skin = tinted(assets.plain(rng, gloss=0.2), rng.uniform(0.2, 0.9, 3))
    if rng.random() < 0.5:
        r, h = rng.uniform(0.03, 0.042), rng.uniform(0.09, 0.15)
        return solid(lathe([(0, 0), (r * 0.85, 0), (r, h), (r * 0.93, h), (0, h * 0.8)], skin))
    r, h = rng.uniform(0.032, 0.045), rng.uniform(0.17, 0.22)
    bowl = [(0, 0), (0.033, 0.003), (0.005, 0.012), (0.005, h * 0.45), (r, h * 0.65)]
    return solid(lathe([*bowl, (r * 0.85, h), (0, h * 0.85)], skin))


def pan(rng: Random, assets: Assets) -> Piece:
    """20 to 28 cm, with its handle."""
    r, dark = rng.uniform(0.1, 0.14), grey(rng, assets, 0.02, 0.2, 0.1)
    body = lathe(
        [(0, 0), (r * 0.8, 0), (r, 0.05), (r * 0.97, 0.05), (r * 0.78, 0.006), (0, 0.006)], dark
    )
    return solid(body, box((0.03, 0.19, 0.02), dark, (0, -r - 0.09, 0.03)))


def tray(rng: Random, assets: Assets) -> Piece:
    """35 x 48 cm with a cup, a jug and a plate."""
    skin = assets.material(rng, 'thing')
    meshes = [box((0.48, 0.35, 0.012), skin)]
    for side in (-1, 1):
        meshes.append(box((0.48, 0.012, 0.04), skin, (0, side * 0.17, 0)))
        meshes.append(box((0.012, 0.35, 0.04), skin, (side * 0.235, 0, 0)))
    for n, maker in enumerate((mug, dish, glass)):
        if rng.random() < 0.75:
            meshes += maker(rng, assets).moved((n - 1) * 0.15, rng.normal(0, 0.03), 0.012).meshes
    return solid(*meshes)


COOKING: tuple[Maker, ...] = (
    *(jar, jar, utensils, chopping_board, dish_rack, kitchen_roll, spray, spray, glass, glass),
    *(pan, tray, kettle, pot, appliance, bottle, bottle, packet, packet, dish, dish, can, mug),
    *(mug, fruit),
)


def _cupboard(
    rng: Random, w: float, low: float, high: float, front: Material, grip: Material
) -> list[Mesh]:
    """A front of `w` from `low` to `high`: one or two doors, or drawers; on y = 0 towards -y."""
    rows = int(rng.choice([1, 1, 3])) if high - low > 0.5 else 1
    columns = 2 if w > 0.65 and rows == 1 else 1
    meshes = []
    for row in range(rows):
        for column in range(columns):
            tall, wide = (high - low) / rows, w / columns
            x, z = (column + 0.5) * wide - w / 2, low + row * tall
            meshes.append(box((wide - 0.005, 0.02, tall - 0.005), front, (x, -0.01, z)))
            across = rows > 1 or rng.random() < 0.2
            size = (wide * 0.4, 0.025, 0.012) if across else (0.012, 0.025, 0.16)
            at = (x, -0.03, z + tall - 0.05) if across else (x + wide * 0.4, -0.03, z + tall * 0.6)
            meshes.append(box(size, grip, at))
    return meshes


def units(rng: Random, assets: Assets) -> Piece:
    """A run of base units 86 to 92 cm high under a worktop, units on the wall from 1.35 m."""
    widths = rng.choice([0.4, 0.6, 0.6, 0.6, 0.8], int(rng.integers(3, 8)))
    width, depth, height = float(widths.sum()), 0.6, rng.uniform(0.86, 0.92)
    front, top = assets.material(rng, 'thing', 0.03), assets.material(rng, 'thing', 0.08)
    steel, dark = grey(rng, assets, 0.4, 0.8, 0.35), grey(rng, assets, 0.02, 0.08, 0.12)
    grip = shade(rng, assets, gloss=0.25)
    splash = Material(tiled(rng, assets.plain(rng).tint, 4), tile=4 * rng.choice([0.1, 0.15, 0.2]))
    over = rng.uniform(1.35, 1.5)
    upper = over + rng.choice([0.6, 0.72, 0.9])
    meshes = [
        box((width, depth - 0.06, height - 0.14), front, (0, 0.03, 0.1)),
        box((width, 0.06, 0.1), dark, (0, -depth / 2 + 0.1, 0)),
        box((width, depth + 0.02, 0.04), top, (0, 0, height - 0.04)),
        box((width, 0.012, over - height), splash, (0, depth / 2 - 0.006, height)),
    ]
    hob, sink = rng.permutation(len(widths))[:2]
    x = -width / 2
    hung = rng.random() < 0.8
    for n, w in enumerate(widths.tolist()):
        middle = x + w / 2
        if n == hob:
            meshes += [m.moved(middle, 0) for m in _cooker(rng, height, steel, dark, depth)]
        else:
            fronts = _cupboard(rng, w, 0.12, height - 0.05, front, grip)
            meshes += [m.moved(middle, -depth / 2 + 0.03) for m in fronts]
        if n == sink:
            meshes += [m.moved(middle, 0) for m in _sink(height, min(w, 0.5), steel)]
        if n == hob and hung and rng.random() < 0.7:
            hood, duct = (0.6, 0.45, 0.06), (0.28, 0.28, upper - over - 0.1)
            meshes.append(box(hood, steel, (middle, depth / 2 - 0.23, over + 0.1)))
            meshes.append(box(duct, steel, (middle, depth / 2 - 0.15, over + 0.1)))
        elif hung and rng.random() < 0.85:
            body = box((w, 0.32, upper - over), front, (middle, depth / 2 - 0.16, over))
            doors = _cupboard(rng, w, over, upper, front, grip)
            meshes += [body, *(m.moved(middle, depth / 2 - 0.32) for m in doors)]
        x += w
    for piece in _row(rng, assets, COOKING, width - 0.1, 0.4, rng.uniform(0.2, 0.9)):
        meshes += piece.moved(0, depth / 2 - 0.03 - piece.depth / 2, height).meshes
    free = Surface(0, -depth * 0.22, width * 0.95, depth * 0.42, height)
    return Piece(meshes, width, depth + 0.06, [free])


def _cooker(rng: Random, z: float, steel: Material, dark: Material, depth: float) -> list[Mesh]:
    """An oven with its window under a hob of four plates or burners."""
    y = -depth / 2 + 0.02
    meshes = [
        box((0.595, 0.02, 0.6), steel, (0, y, 0.14)),
        box((0.45, 0.005, 0.34), dark, (0, y - 0.012, 0.22)),
        box((0.5, 0.03, 0.02), steel, (0, y - 0.03, 0.62)),
        box((0.58, 0.51, 0.008), dark, (0, 0, z)),
    ]
    for n in range(5):
        meshes.append(ellipsoid((0.018, 0.015, 0.018), dark, (-0.2 + n * 0.1, y - 0.012, 0.68)))
    gas = rng.random() < 0.5
    for sx in (-1, 1):
        for sy in (-1, 1):
            at = (sx * 0.14, sy * 0.12, z + 0.008)
            meshes.append(cylinder(rng.uniform(0.05, 0.09), 0.02 if gas else 0.003, steel, at))
            if gas:
                meshes.append(box((0.2, 0.012, 0.012), dark, (at[0], at[1], z + 0.03)))
                meshes.append(box((0.012, 0.2, 0.012), dark, (at[0], at[1], z + 0.03)))
    return meshes


def _sink(z: float, w: float, steel: Material) -> list[Mesh]:
    """A rim around a bowl that is only as deep as the top is thick, and its tap."""
    bowl = tinted(steel, np.array(steel.tint) * 0.6)
    meshes = [
        box((w, 0.45, 0.004), steel, (0, 0, z)),
        box((w - 0.08, 0.36, 0.003), bowl, (0, -0.02, z + 0.003)),
    ]
    pipe = ((0.0, 0.2, z), (0.0, 0.2, z + 0.28), (0.0, 0.02, z + 0.28), (0.0, 0.02, z + 0.22))
    return meshes + tube(0.012, steel, *pipe)


def _row(
    rng: Random, assets: Assets, makers: Sequence[Maker], width: float, deepest: float, full: float
) -> list[Piece]:
    """Side by side over `width`, about y = 0; with gaps, where it is not `full` of them."""
    at, row = -width / 2, []
    while at < width / 2 - 0.1:
        piece = makers[int(rng.integers(len(makers)))](rng, assets)
        at += piece.width / 2
        if rng.random() < full and piece.depth < deepest and at + piece.width / 2 < width / 2:
            row.append(piece.moved(at, 0, 0, rng.normal(0, 0.1)))
        at += piece.width / 2 + rng.uniform(0.01, 0.15)
    return row


def refrigerator(rng: Random, assets: Assets) -> Piece:
    """White goods, with notes and magnets on the front and things on top."""
    piece = white_goods(rng, assets)
    high = float(bounds(piece.meshes)[1][2])
    meshes = list(piece.meshes)
    if high > 1.2:
        for _ in range(rng.integers(0, 9)):
            note = printed(rng, 0.12)
            size = (rng.uniform(0.04, 0.15), 0.003, rng.uniform(0.04, 0.2))
            at = (rng.uniform(-0.2, 0.15), -0.332, rng.uniform(0.9, high - 0.3))
            meshes.append(box(size, note, at))
    tops = piece.tops or [Surface(0, 0, 0.5, 0.5, high)]
    return replace(piece, meshes=meshes, tops=tops)


def island(rng: Random, assets: Assets) -> Piece:
    """A block of 1.4 to 2.4 x 0.8 to 1 m, 88 to 94 high, with stools of 65 at one side."""
    width, depth, height = rng.uniform(1.4, 2.4), rng.uniform(0.8, 1.0), rng.uniform(0.88, 0.94)
    front, top = assets.material(rng, 'thing', 0.03), assets.material(rng, 'thing', 0.1)
    grip = shade(rng, assets, gloss=0.25)
    meshes = [
        box((width - 0.06, depth - 0.3, height - 0.04), front, (0, -0.1, 0)),
        box((width, depth, 0.04), top, (0, 0, height - 0.04)),
    ]
    count = max(2, round(width / 0.6))
    for n in range(count):
        w = (width - 0.06) / count
        doors = _cupboard(rng, w, 0.1, height - 0.06, front, grip)
        meshes += [m.moved((n + 0.5) * w - width / 2 + 0.03, -depth / 2 + 0.05) for m in doors]
    seat, leg = assets.material(rng, 'thing'), shade(rng, assets)
    for n in range(int(rng.integers(0, 4))):
        x = (n - 1) * 0.55 + rng.normal(0, 0.05)
        if abs(x) > width / 2 - 0.2:
            continue
        stool = [cylinder(0.17, 0.04, seat, (0, 0, 0.63)), *legs(0.03, 0.64, 0.13, 0.13, leg)]
        meshes += [m.moved(x, depth / 2 + 0.05, 0, rng.uniform(0, 1.6)) for m in stool]
    tops = [Surface(0, 0, width * 0.92, depth * 0.85, height)]
    return Piece(meshes, width, depth + 0.4, tops)


def laid_table(rng: Random, assets: Assets) -> Piece:
    """72 to 76 cm high, with a cloth at times, plates, cutlery and glasses at its places."""
    width, depth, height = rng.uniform(0.8, 2.0), rng.uniform(0.75, 0.95), rng.uniform(0.72, 0.76)
    wood = assets.material(rng, 'thing', rng.choice([0, 0.05]))
    meshes = [box((width, depth, 0.03), wood, (0, 0, height - 0.03))]
    meshes += legs(0.06, height - 0.03, width / 2 - 0.06, depth / 2 - 0.06, wood)
    z = height
    if rng.random() < 0.35:
        cloth = assets.material(rng, 'thing')
        meshes.append(spread(rng, cloth, width, depth, height, rng.uniform(0.1, 0.35), 0.002))
        z = height + 0.004
    seat, glaze = side_chair(rng, assets), assets.plain(rng, 0.06)
    steel = grey(rng, assets, 0.4, 0.8, 0.3)
    r = rng.uniform(0.11, 0.14)
    plate = lathe([(0, 0), (r * 0.6, 0), (r, 0.02), (r * 0.6, 0.007), (0, 0.007)], glaze)
    places = max(1, int(width / 0.65))
    for side in (-1, 1):
        for n in range(places):
            x, y = (n + 0.5) * width / places - width / 2, side * (depth / 2 - 0.2)
            if rng.random() < 0.7:
                meshes.append(plate.moved(x, y, z))
                for beside in (-1, 1):
                    meshes.append(box((0.02, 0.2, 0.004), steel, (x + beside * (r + 0.03), y, z)))
                drink = (glass, mug)[rng.integers(2)](rng, assets)
                meshes += drink.moved(x + r * 0.9, y - side * 0.17, z).meshes
            if rng.random() < 0.6:
                yaw = rng.normal(0 if side > 0 else math.pi, 0.2)
                away = side * (depth / 2 + rng.uniform(0, 0.2))
                meshes += [m.moved(x, away, 0, yaw) for m in seat]
    middle = Surface(0, 0, width * 0.8, depth * 0.25, z)
    return Piece(meshes, width, depth + 0.75, [middle])


def wall_shelf(rng: Random, assets: Assets) -> Piece:
    """A board of 60 to 120 cm at 1.2 to 1.7 m with jars, dishes, boxes."""
    w, z, wood = rng.uniform(0.6, 1.2), rng.uniform(1.2, 1.7), assets.material(rng, 'thing')
    meshes = [box((w, 0.2, 0.025), wood, (0, -0.1, z))]
    makers = (jar, dish, mug, packet, bottle, can, glass)
    for piece in _row(rng, assets, makers, w - 0.05, 0.2, 0.8):
        meshes += piece.moved(0, -0.1, z + 0.025).meshes
    return solid(*meshes)


def utensil_rail(rng: Random, assets: Assets) -> Piece:
    """40 to 90 cm at 1.3 to 1.5 m, with ladles and pans on hooks."""
    w, z, steel = rng.uniform(0.4, 0.9), rng.uniform(1.3, 1.5), shade(rng, assets, 0.3)
    meshes = [box((w, 0.012, 0.012), steel, (0, -0.04, z))]
    for x in np.arange(-w / 2 + 0.05, w / 2, 0.1).tolist():
        if rng.random() < 0.3:
            continue
        skin, long = shade(rng, assets, 0.1), rng.uniform(0.15, 0.3)
        meshes.append(box((0.015, 0.006, long), skin, (x, -0.05, z - long)))
        r = rng.uniform(0.02, 0.05)
        meshes.append(ellipsoid((r, 0.015, r), skin, (x, -0.05, z - long - r)))
    return solid(*meshes)
