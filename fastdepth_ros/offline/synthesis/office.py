"""Offices, classrooms, shops, stores: furniture in the sizes in which it is sold, fronts to -y."""

from __future__ import annotations

import itertools
import math
from dataclasses import replace

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furniture import legs
from fastdepth_ros.offline.synthesis.household import (
    Maker,
    binders,
    bottle,
    can,
    keyboard,
    laptop,
    monitor,
    mouse,
    mug,
    office_chair,
    packet,
    paper,
    shade,
    solid,
)
from fastdepth_ros.offline.synthesis.materials import (
    Material,
    Random,
    glossy,
    keys,
    print_,
    text,
    tinted,
)
from fastdepth_ros.offline.synthesis.meshes import Mesh, box, cylinder, ellipsoid, lathe
from fastdepth_ros.offline.synthesis.piece import Piece, Surface


def _grey(rng: Random, assets: Assets, low: float, high: float, gloss: float = 0.0) -> Material:
    return tinted(assets.plain(rng, gloss), np.full(3, rng.uniform(low, high)))


def _bars(radius: float, material: Material, *points: tuple[float, float, float]) -> list[Mesh]:
    """A bent tube, square, from point to point."""
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


def visitor_chair(rng: Random, assets: Assets) -> Piece:
    """A cantilever of steel tube: seat 44 to 47 cm, back 80 to 88 cm high, to +y."""
    seat, tall = rng.uniform(0.44, 0.47), rng.uniform(0.8, 0.88)
    shell = assets.material(rng, 'thing')
    steel = _grey(rng, assets, 0.3, 0.8, 0.3) if rng.random() < 0.7 else shade(rng, assets)
    w, d = 0.23, 0.22
    meshes = [box((0.44, 0.42, 0.03), shell, (0, 0, seat - 0.03))]
    back = rng.uniform(0.18, tall - seat - 0.08)
    meshes.append(box((0.44, 0.03, back), shell, (0, d, tall - back)))
    for side in (-1, 1):
        x = side * w
        low, front = (x, d, 0.012), (x, -d, 0.012)
        meshes += _bars(0.012, steel, low, front, (x, -d, seat - 0.02), (x, d, seat), (x, d, tall))
    meshes += _bars(0.012, steel, (-w, d, 0.012), (w, d, 0.012))
    return Piece(meshes, 0.5, 0.5)


def stacking_chair(rng: Random, assets: Assets) -> Piece:
    """Four thin legs, a seat and a back of plywood or plastic; the back to +y."""
    seat, shell = rng.uniform(0.43, 0.47), assets.material(rng, 'thing')
    leg, splay = shade(rng, assets), 0.03
    meshes = [
        box((0.42, 0.4, 0.015), shell, (0, 0, seat)),
        box((0.4, 0.015, rng.uniform(0.18, 0.34)), shell, (0, 0.22, seat + 0.13)),
    ]
    for side in (-1, 1):
        x = side * 0.18
        meshes += _bars(0.011, leg, (x + side * splay, -0.22, 0), (x, -0.17, seat))
        meshes += _bars(0.011, leg, (x + side * splay, 0.24, 0), (x, 0.19, seat))
        meshes += _bars(0.011, leg, (x, 0.19, seat), (x, 0.225, seat + 0.2))
    return Piece(meshes, 0.48, 0.5)


_SEATS: tuple[Maker, ...] = (visitor_chair, stacking_chair, office_chair)


def _chairs(rng: Random, assets: Assets, places: list[tuple[float, float, float]]) -> list[Mesh]:
    """One kind of chair on most of these places: x, y, yaw of who sits there looking to -y."""
    chair = _SEATS[int(rng.integers(len(_SEATS)))](rng, assets)
    meshes: list[Mesh] = []
    for x, y, yaw in places:
        if rng.random() < 0.85:
            x, y = x + rng.normal(0, 0.03), y + rng.normal(0, 0.05)
            meshes += chair.moved(x, y, 0, yaw + rng.normal(0, 0.15)).meshes
    return meshes


def desks(rng: Random, assets: Assets) -> Piece:
    """An island of two rows of desks, 140 to 180 cm wide, face to face, often with a partition."""
    columns, width = int(rng.integers(1, 4)), rng.choice([1.4, 1.6, 1.8])
    depth, height, away = 0.8, rng.uniform(0.72, 0.75), rng.uniform(0.35, 0.6)
    top, leg = assets.material(rng, 'thing'), shade(rng, assets)
    screen, board = assets.material(rng, 'thing'), rng.uniform(0.35, 0.5)
    seat, display = office_chair(rng, assets), monitor(rng, assets)
    divided = rng.random() < 0.6
    meshes: list[Mesh] = []
    tops = []
    for column in range(columns):
        x = (column + 0.5 - columns / 2) * width
        for row in (-1, 1):
            y, turn = row * (depth / 2 + 0.01), 0.0 if row < 0 else math.pi
            desk = [box((width - 0.01, depth, 0.025), top, (0, 0, height - 0.025))]
            desk += legs(0.05, height - 0.025, width / 2 - 0.05, depth / 2 - 0.05, leg)
            if rng.random() < 0.5:
                desk.append(box((0.43, 0.6, 0.57), leg, (width / 2 - 0.3, 0, 0)))
            for n in range(int(rng.integers(0, 3))):
                spot = (n * 0.6 - 0.2, rng.uniform(0.18, 0.28))
                desk += display.moved(*spot, height, rng.normal(0, 0.1)).meshes
            if rng.random() < 0.8:
                desk += keyboard(rng, assets).moved(0, -0.15, height, rng.normal(0, 0.1)).meshes
                desk += mouse(rng, assets).moved(0.32, -0.15, height).meshes
            if rng.random() < 0.85:
                out = -depth / 2 - rng.uniform(-0.1, away - 0.3)
                desk += seat.moved(rng.normal(0, 0.1), out, 0, rng.normal(math.pi, 0.6)).meshes
            meshes += [mesh.moved(x, y, 0, turn) for mesh in desk]
            beside = -1 if row < 0 else 1
            tops.append(Surface(x + beside * (width / 2 - 0.2), y, 0.3, depth * 0.8, height))
        if divided:
            meshes.append(box((width - 0.02, 0.03, board + 0.2), screen, (x, 0, height - 0.2)))
    return Piece(meshes, columns * width, 2 * (depth + away), tops)


def meeting_table(rng: Random, assets: Assets) -> Piece:
    """1.8 to 4.8 m long, 72 to 76 cm high, with chairs all round."""
    places = int(rng.integers(2, 7))
    width, depth = 0.4 + places * rng.uniform(0.65, 0.8), rng.uniform(0.9, 1.4)
    height = rng.uniform(0.72, 0.76)
    top, leg = assets.material(rng, 'thing', rng.choice([0, 0.05])), shade(rng, assets)
    meshes = [box((width, depth, 0.03), top, (0, 0, height - 0.03))]
    meshes += legs(0.06, height - 0.03, width / 2 - 0.2, depth / 2 - 0.1, leg)
    out = depth / 2 + rng.uniform(0.0, 0.3)
    each = (width - 0.3) / places
    spots = []
    for n in range(places):
        x = (n + 0.5 - places / 2) * each
        spots += [(x, -out, math.pi), (x, out, 0.0)]
    meshes += _chairs(rng, assets, spots)
    surface = Surface(0, 0, width * 0.95, depth * 0.9, height)
    return Piece(meshes, width, 2 * out + 0.7, [surface])


def bistro_table(rng: Random, assets: Assets) -> Piece:
    """Round, 60 to 90 cm across, 72 to 76 cm high with chairs, or 105 to 110 to stand at."""
    radius = rng.uniform(0.3, 0.45)
    standing = rng.random() < 0.3
    height = rng.uniform(1.05, 1.1) if standing else rng.uniform(0.72, 0.76)
    top, foot = assets.material(rng, 'thing'), shade(rng, assets, gloss=rng.choice([0, 0.2]))
    stem = lathe([(radius * 0.65, 0), (radius * 0.6, 0.02), (0.035, 0.04)], foot)
    meshes = [
        cylinder(radius, 0.025, top, (0, 0, height - 0.025)),
        cylinder(0.035, height - 0.03, foot),
        stem,
    ]
    out = radius + rng.uniform(0.05, 0.3)
    turn = rng.uniform(0, 2 * math.pi)
    if not standing:
        count = int(rng.integers(2, 5))
        angles = [turn + n * 2 * math.pi / count for n in range(count)]
        spots = [(out * math.cos(a), out * math.sin(a), a - math.pi / 2) for a in angles]
        meshes += _chairs(rng, assets, spots)
    size = 2 * radius if standing else 2 * out + 0.7
    return Piece(meshes, size, size, [Surface(0, 0, radius * 1.35, radius * 1.35, height)])


def classroom(rng: Random, assets: Assets) -> Piece:
    """Rows of tables of 130 x 55 cm with two chairs each, all facing +y."""
    columns, rows = int(rng.integers(1, 4)), int(rng.integers(1, 5))
    top, leg = assets.material(rng, 'thing'), shade(rng, assets)
    height = rng.uniform(0.7, 0.76)
    across, along = 1.3 + rng.uniform(0.02, 0.7), rng.uniform(1.15, 1.5)
    meshes: list[Mesh] = []
    tops, spots = [], []
    for i in range(columns):
        for j in range(rows):
            x, y = (i + 0.5 - columns / 2) * across, (j + 0.5 - rows / 2) * along + 0.2
            desk = [box((1.3, 0.55, 0.025), top, (0, 0, height - 0.025))]
            desk += legs(0.035, height - 0.025, 0.6, 0.22, leg)
            meshes += [mesh.moved(x, y) for mesh in desk]
            tops.append(Surface(x, y, 1.2, 0.5, height))
            spots += [(x + side * 0.33, y - 0.4, math.pi) for side in (-1, 1)]
    meshes += _chairs(rng, assets, spots)
    return Piece(meshes, columns * across, rows * along + 0.6, tops)


def filing_cabinet(rng: Random, assets: Assets) -> Piece:
    """42 x 62 cm with two to four drawers, 70 to 132 cm high; two side by side at times."""
    drawers = int(rng.integers(2, 5))
    height, count = 0.08 + drawers * 0.31, int(rng.choice([1, 1, 2, 3]))
    metal, grip = assets.plain(rng, gloss=0.04), shade(rng, assets, gloss=0.2)
    meshes = []
    for n in range(count):
        x = (n + 0.5 - count / 2) * 0.43
        meshes.append(box((0.42, 0.6, height), metal, (x, 0.01, 0)))
        for level in range(drawers):
            z = 0.04 + level * 0.31
            meshes.append(box((0.4, 0.02, 0.3), metal, (x, -0.3, z)))
            meshes.append(box((0.12, 0.025, 0.02), grip, (x, -0.32, z + 0.24)))
    width = count * 0.43
    return Piece(meshes, width, 0.66, [Surface(0, 0, width * 0.9, 0.5, height)])


def shutter_cabinet(rng: Random, assets: Assets) -> Piece:
    """80 to 120 cm wide, 43 deep, two to five files (37 cm) high, its shutters ribbed."""
    width, files = rng.choice([0.8, 1.0, 1.2]), int(rng.choice([2, 2, 3, 5]))
    height, body = 0.05 + files * 0.37, assets.plain(rng)
    top = assets.material(rng, 'thing')
    front = tinted(body, np.array(body.tint) * rng.uniform(0.7, 1.0))
    meshes = [
        box((width, 0.42, height - 0.02), body),
        box((width + 0.01, 0.44, 0.02), top, (0, 0, height - 0.02)),
    ]
    for x in np.arange(-width / 2 + 0.04, width / 2 - 0.03, 0.04).tolist():
        meshes.append(box((0.03, 0.012, height - 0.1), front, (x, -0.21, 0.05)))
    return Piece(meshes, width, 0.46, [Surface(0, 0, width * 0.95, 0.38, height)])


def files(rng: Random, assets: Assets) -> Piece:
    """An open case of two to six levels of binders, 80 to 120 cm wide."""
    width, levels = rng.choice([0.8, 1.0, 1.2]), int(rng.integers(2, 7))
    height, wood = 0.03 + levels * 0.36, assets.material(rng, 'thing')
    meshes = [box((0.02, 0.35, height), wood, (s * (width / 2 - 0.01), 0, 0)) for s in (-1, 1)]
    meshes.append(box((width, 0.01, height), wood, (0, 0.17, 0)))
    for level in range(levels + 1):
        meshes.append(box((width, 0.35, 0.02), wood, (0, 0, level * 0.36)))
    for level in range(levels):
        x = -width / 2 + 0.03
        while x < width / 2 - 0.1:
            group = binders(rng, assets)
            if x + group.width > width / 2 - 0.02:
                break
            if rng.random() < 0.8:
                meshes += group.moved(x + group.width / 2, 0, 0.02 + level * 0.36).meshes
            x += group.width + rng.uniform(0, 0.15)
    return Piece(meshes, width, 0.36, [Surface(0, 0, width * 0.9, 0.3, height)])


def lockers(rng: Random, assets: Assets) -> Piece:
    """Doors of 30 or 40 cm, 50 deep, 180 to 195 high."""
    doors, each = int(rng.integers(2, 9)), rng.choice([0.3, 0.4])
    width, height = doors * each, rng.uniform(1.8, 1.95)
    body, front = assets.plain(rng, gloss=0.03), assets.plain(rng, gloss=0.03)
    slot = _grey(rng, assets, 0.02, 0.1)
    halves = int(rng.choice([1, 2]))
    meshes = [box((width, 0.48, height), body, (0, 0.01, 0))]
    for n in range(doors):
        x = (n + 0.5) * each - width / 2
        for half in range(halves):
            tall = (height - 0.1) / halves
            z = 0.08 + half * tall
            meshes.append(box((each - 0.012, 0.02, tall - 0.012), front, (x, -0.24, z)))
            meshes.append(box((0.02, 0.01, 0.06), slot, (x + each * 0.33, -0.25, z + tall / 2)))
            for k in range(3):
                meshes.append(
                    box((0.12, 0.004, 0.008), slot, (x, -0.25, z + tall - 0.1 + k * 0.025))
                )
    return Piece(meshes, width, 0.52)


def _goods(rng: Random, width: float, depth: float, room: float) -> list[Mesh]:
    """Groups of like packets, tins or books from -width/2 on, none higher than `room`."""
    meshes: list[Mesh] = []
    x = -width / 2
    while x < width / 2 - 0.06:
        each = rng.uniform(0.05, 0.2)
        size = (each * 0.97, depth * rng.uniform(0.5, 0.95), min(rng.uniform(0.08, 0.32), room))
        label = Material(print_(rng), tile=max(size))
        for _ in range(rng.integers(1, 6)):
            if x + each > width / 2:
                break
            if rng.random() < 0.9:
                y = rng.uniform(-0.04, 0.0) * depth
                meshes.append(box(size, label, (x + each / 2, y, 0)))
            x += each
        x += rng.choice([0, rng.uniform(0, 0.2)])
    return meshes


def shop_shelf(rng: Random, assets: Assets) -> Piece:
    """Modules of a metre with goods or books on both sides, 1.35 to 2.1 m high."""
    modules, height = int(rng.integers(1, 4)), rng.uniform(1.35, 2.1)
    deep, metal = rng.uniform(0.3, 0.45), shade(rng, assets)
    width, levels = 1.0 * modules, int(height / rng.uniform(0.32, 0.42))
    meshes = [box((width, 0.04, height), metal), box((width, 2 * deep, 0.12), metal)]
    full = rng.uniform(0.5, 1)
    for side in (-1, 1):
        for level in range(levels):
            z = 0.12 + level * (height - 0.12) / levels
            y = side * (deep / 2 + 0.02)
            meshes.append(box((width, deep, 0.025), metal, (0, y, z - 0.025)))
            if rng.random() < full:
                room = (height - 0.12) / levels - 0.06
                for mesh in _goods(rng, width - 0.04, deep, room):
                    meshes.append(mesh.moved(0, y, z, 0 if side < 0 else math.pi))
    return Piece(meshes, width, 2 * deep + 0.05)


def rack(rng: Random, assets: Assets) -> Piece:
    """Storage: steel uprights, 4 or 5 boards, cartons and crates; 1.8 to 2.2 m high."""
    width, depth, height = rng.uniform(0.9, 2.4), rng.uniform(0.4, 0.6), rng.uniform(1.8, 2.2)
    steel, board = assets.plain(rng, gloss=0.05), assets.material(rng, 'thing')
    levels = int(rng.integers(4, 6))
    meshes = legs(0.04, height, width / 2 - 0.02, depth / 2 - 0.02, steel)
    for level in range(levels):
        z = 0.1 + level * (height - 0.12) / (levels - 1)
        meshes.append(box((width, depth, 0.03), board, (0, 0, z)))
        x = -width / 2 + 0.05
        while x < width / 2 - 0.2 and level < levels - 1:
            goods = (carton if rng.random() < 0.6 else crate)(rng, assets)
            if goods.width > width / 2 - 0.03 - x:
                break
            if rng.random() < 0.75:
                spot = (x + goods.width / 2, 0, z + 0.03)
                meshes += goods.moved(*spot, rng.normal(0, 0.04)).meshes
            x += goods.width + rng.uniform(0.01, 0.15)
    return Piece(meshes, width, depth)


def carton(rng: Random, assets: Assets) -> Piece:
    """Of the post or of a removal, 25 to 60 cm, brown, with tape along its top."""
    sizes = [(0.25, 0.175, 0.1), (0.35, 0.25, 0.15), (0.4, 0.3, 0.2), (0.6, 0.35, 0.3)]
    w, d, h = np.array([*sizes, (0.31, 0.22, 0.28)][rng.integers(5)])
    brown = tinted(assets.plain(rng), np.array([0.62, 0.46, 0.3]) * rng.uniform(0.7, 1.2))
    tape = tinted(brown, np.array(brown.tint) * rng.uniform(0.75, 1.3))
    label = Material(text(rng), tile=0.15)
    return solid(
        box((w, d, h), brown),
        box((w + 0.002, 0.05, 0.002), tape, (0, 0, h)),
        box((0.12, 0.002, 0.08), label, (rng.uniform(-0.2, 0.2) * w, -d / 2, h * 0.1)),
    )


def crate(rng: Random, assets: Assets) -> Piece:
    """The standard ones of 60 x 40 and 40 x 30 cm, open."""
    w, d = ((0.6, 0.4), (0.4, 0.3))[rng.integers(2)]
    h, skin = rng.choice([0.12, 0.22, 0.32]), assets.plain(rng)
    meshes = [box((w, d, 0.02), skin)]
    for side in (-1, 1):
        meshes.append(box((w, 0.015, h), skin, (0, side * (d / 2 - 0.008), 0)))
        meshes.append(box((0.015, d, h), skin, (side * (w / 2 - 0.008), 0, 0)))
        meshes.append(box((w + 0.01, 0.03, 0.02), skin, (0, side * (d / 2 - 0.01), h - 0.02)))
    return solid(*meshes)


def pallet(rng: Random, assets: Assets) -> Piece:
    """120 x 80 x 14.4 cm (EN 13698), with cartons on it at times."""
    wood = assets.material(rng, 'thing')
    meshes = [box((1.2, 0.1, 0.1), wood, (0, y, 0)) for y in (-0.35, 0, 0.35)]
    for x in np.linspace(-0.53, 0.53, 7).tolist():
        meshes.append(box((0.12, 0.8, 0.022), wood, (x, 0, 0.122)))
    if rng.random() < 0.7:
        goods, z = carton(rng, assets), 0.144
        columns, rows = max(1, int(1.2 / goods.width)), max(1, int(0.8 / goods.depth))
        tall = max(np.ptp(mesh.vertices[:, 2]) for mesh in goods.meshes)
        for _ in range(rng.integers(1, 5)):
            for i in range(columns):
                for j in range(rows):
                    if rng.random() < 0.93:
                        x = (i + 0.5 - columns / 2) * goods.width
                        y = (j + 0.5 - rows / 2) * goods.depth
                        meshes += goods.moved(x, y, z).meshes
            z += tall
        return Piece(meshes, 1.25, 0.85)
    return Piece(meshes, 1.2, 0.8, [Surface(0, 0, 1.1, 0.7, 0.144)])


def counter(rng: Random, assets: Assets) -> Piece:
    """A reception's or a shop's, 1.6 to 3.2 m wide, its ledge 1.05 to 1.15 m high."""
    width, high = rng.uniform(1.6, 3.2), rng.uniform(1.05, 1.15)
    front, top = assets.material(rng, 'thing'), assets.material(rng, 'thing')
    meshes = [
        box((width, 0.04, high - 0.03), front, (0, -0.35, 0)),
        box((width + 0.04, 0.3, 0.03), top, (0, -0.28, high - 0.03)),
        box((width, 0.7, 0.03), top, (0, 0, 0.71)),
    ]
    for side in (-1, 1):
        meshes.append(box((0.03, 0.75, 0.72), front, (side * (width / 2 - 0.015), 0, 0)))
    meshes += laptop(rng, assets).moved(0, 0.05, 0.74, math.pi).meshes
    ledge = Surface(0, -0.28, width * 0.95, 0.25, high)
    return Piece(meshes, width + 0.04, 0.8, [ledge])


def copier(rng: Random, assets: Assets) -> Piece:
    """On the floor, 60 x 65 cm, 1.05 to 1.2 m high."""
    w, d, h = rng.uniform(0.56, 0.64), 0.65, rng.uniform(1.05, 1.2)
    white, dark = _grey(rng, assets, 0.6, 0.9), _grey(rng, assets, 0.03, 0.2, 0.05)
    meshes = [
        box((w, d, h * 0.62), white),
        box((w * 0.35, d, h * 0.2), white, (w * 0.32, 0, h * 0.62)),
        box((w, d * 0.3, h * 0.2), white, (0, d * 0.35, h * 0.62)),
        box((w, d, h * 0.12), white, (0, 0, h * 0.82)),
        box((w * 0.9, d * 0.6, 0.06), dark, (0, 0.1, h * 0.94)),
        box((0.3, 0.04, 0.18), dark, (w * 0.2, -d / 2 - 0.02, h * 0.84)),
    ]
    for level in range(4):
        z = 0.08 + level * h * 0.14
        meshes.append(box((w * 0.94, 0.015, h * 0.125), white, (0, -d / 2, z)))
        meshes.append(box((0.2, 0.02, 0.02), dark, (0, -d / 2 - 0.005, z + h * 0.09)))
    return Piece(meshes, w, d + 0.1)


def water_cooler(rng: Random, assets: Assets) -> Piece:
    """31 x 33 cm, 1 m high, with its bottle."""
    white, dark = _grey(rng, assets, 0.6, 0.95), _grey(rng, assets, 0.05, 0.3)
    blue = tinted(assets.plain(rng, gloss=0.15), np.array([0.4, 0.6, 0.8]) * rng.uniform(0.6, 1.2))
    neck = lathe([(0.03, 0.94), (0.05, 1.0), (0.135, 1.06), (0.135, 1.38), (0, 1.4)], blue)
    return solid(
        box((0.31, 0.33, 0.95), white),
        box((0.22, 0.02, 0.3), dark, (0, -0.165, 0.55)),
        neck,
    )


def bin_(rng: Random, assets: Assets) -> Piece:
    """A paper basket 30 cm high, or one for a kitchen's or a corridor's waste of 60 to 75."""
    skin = shade(rng, assets, gloss=rng.choice([0, 0.15])) if rng.random() < 0.6 else None
    skin = skin or assets.plain(rng)
    if rng.random() < 0.6:
        r, h = rng.uniform(0.11, 0.14), rng.uniform(0.28, 0.36)
        profile = [(0, 0), (r * 0.85, 0), (r, h), (r * 0.97, h), (r * 0.8, 0.03), (0, 0.03)]
        return solid(lathe(profile, skin))
    w, d, h = rng.uniform(0.25, 0.4), rng.uniform(0.25, 0.4), rng.uniform(0.6, 0.75)
    lid = assets.plain(rng)
    return solid(box((w, d, h), skin), box((w * 0.9, d * 0.8, 0.06), lid, (0, 0, h)))


def coat_stand(rng: Random, assets: Assets) -> Piece:
    """1.7 to 1.9 m, with up to four coats and a bag."""
    tall, metal = rng.uniform(1.7, 1.9), shade(rng, assets, gloss=0.1)
    meshes = [cylinder(0.2, 0.02, metal), cylinder(0.02, tall, metal)]
    for n in range(4):
        angle = n * math.pi / 2
        hook = box((0.16, 0.02, 0.02), metal, (0.08, 0, tall - 0.1))
        meshes.append(hook.moved(0, 0, 0, angle))
        if rng.random() < 0.5:
            long = rng.uniform(0.7, 1.1)
            coat = ellipsoid((0.1, 0.2, long / 2), assets.material(rng, 'thing'))
            meshes.append(coat.moved(0.16, 0, tall - 0.1 - long).moved(0, 0, 0, angle))
    return Piece(meshes, 0.7, 0.7)


def tall_plant(rng: Random, assets: Assets) -> Piece:
    """1.2 to 2.1 m: a tub of 30 to 45 cm, trunks, and tufts of long leaves."""
    tall, r = rng.uniform(1.2, 2.1), rng.uniform(0.15, 0.23)
    tub = assets.plain(rng, gloss=rng.choice([0, 0.04]))
    h = rng.uniform(0.28, 0.5)
    profile = [(r * 0.75, 0), (r, h), (r * 0.93, h), (r * 0.9, h - 0.04), (0, h - 0.04)]
    bark = tinted(tub, np.array([0.4, 0.3, 0.2]) * rng.uniform(0.4, 1.2))
    green = tinted(assets.plain(rng), rng.uniform((0.04, 0.12, 0.02), (0.3, 0.5, 0.2)))
    meshes = [lathe(profile, tub)]
    for _ in range(rng.integers(1, 4)):
        x, y = rng.uniform(-0.4, 0.4, 2) * r
        crown = h + (tall - h) * rng.uniform(0.45, 0.85)
        meshes.append(cylinder(rng.uniform(0.012, 0.03), crown, bark, (x, y, 0.05)))
        for _ in range(rng.integers(12, 26)):
            long, lift = rng.uniform(0.25, 0.45), rng.uniform(-0.5, 1.2)
            leaf = ellipsoid((long / 2, rng.uniform(0.015, 0.04), 0.004), green, (long / 2, 0, 0))
            c, s = math.cos(lift), math.sin(lift)
            leaf = leaf.transformed(np.array([[c, 0, -s], [0, 1, 0], [s, 0, c]]))
            meshes.append(leaf.moved(x, y, crown, rng.uniform(0, 2 * math.pi)))
    return Piece(meshes, 2 * r + 0.6, 2 * r + 0.6)


def partition(rng: Random, assets: Assets) -> Piece:
    """A screen on feet, 1.2 to 1.8 m wide and 1.4 to 1.8 high."""
    width, height = rng.uniform(1.2, 1.8), rng.uniform(1.4, 1.8)
    felt, frame = assets.material(rng, 'thing'), shade(rng, assets, gloss=0.1)
    meshes = [
        box((width - 0.04, 0.03, height - 0.14), felt, (0, 0, 0.12)),
        box((width, 0.04, 0.02), frame, (0, 0, height - 0.02)),
    ]
    for side in (-1, 1):
        x = side * (width / 2 - 0.01)
        meshes.append(box((0.02, 0.04, height), frame, (x, 0, 0)))
        meshes.append(box((0.05, 0.45, 0.02), frame, (x, 0, 0)))
    return Piece(meshes, width + 0.05, 0.46)


def flip_chart(rng: Random, assets: Assets) -> Piece:
    """A pad of 70 x 100 cm on a tripod, 1.8 to 1.95 m high."""
    tall, steel = rng.uniform(1.8, 1.95), shade(rng, assets)
    pad = Material(_writing(rng, 0.9), tile=1.0)
    meshes = [box((0.7, 0.02, 1.0), pad, (0, -0.02, tall - 1.0))]
    for foot in ((-0.4, -0.25, 0), (0.4, -0.25, 0), (0, 0.35, 0)):
        meshes += _bars(0.013, steel, foot, (foot[0] * 0.2, 0.0, tall - 0.05))
    return Piece(meshes, 0.85, 0.7)


def backpack(rng: Random, assets: Assets) -> Piece:
    """30 cm wide, 45 high."""
    cloth, pocket = assets.material(rng, 'thing'), assets.material(rng, 'thing')
    return solid(
        ellipsoid((0.16, 0.1, 0.23), cloth),
        ellipsoid((0.12, 0.05, 0.13), pocket, (0, -0.08, 0.04)),
    )


def telephone(rng: Random, assets: Assets) -> Piece:
    """With its receiver and keys."""
    body = shade(rng, assets)
    buttons = replace(body, texture=keys(rng), tile=0.3)
    return solid(
        box((0.18, 0.2, 0.04), body),
        box((0.09, 0.13, 0.006), buttons, (0.03, -0.02, 0.04)),
        box((0.045, 0.19, 0.03), body, (-0.065, 0, 0.04)),
    )


def paper_cup(rng: Random, assets: Assets) -> Piece:
    """Of 0.2 to 0.4 litres, with a lid at times."""
    h = rng.choice([0.09, 0.11, 0.135])
    skin = (
        Material(print_(rng), tile=0.25) if rng.random() < 0.5 else _grey(rng, assets, 0.6, 0.95)
    )
    meshes = [lathe([(0, 0), (0.028, 0), (0.041, h), (0.037, h), (0, 0.01)], skin)]
    if rng.random() < 0.5:
        lid = _grey(rng, assets, 0.02, 0.9)
        meshes.append(lathe([(0.043, h - 0.005), (0.04, h + 0.012), (0, h + 0.012)], lid))
    return solid(*meshes)


def fruit(rng: Random, assets: Assets) -> Piece:
    """A basket or a bowl of 25 to 40 cm with apples, oranges, bananas."""
    r, h, skin = rng.uniform(0.12, 0.2), rng.uniform(0.07, 0.12), assets.material(rng, 'thing')
    profile = [(0, 0), (r * 0.7, 0), (r, h), (r * 0.95, h), (r * 0.6, 0.02), (0, 0.02)]
    meshes = [lathe(profile, skin)]
    hues = np.array([(0.75, 0.12, 0.1), (0.9, 0.5, 0.08), (0.6, 0.7, 0.15), (0.9, 0.75, 0.2)])
    for _ in range(rng.integers(4, 14)):
        a, out, size = (
            rng.uniform(0, 6.3),
            r * 0.6 * rng.random() ** 0.5,
            rng.uniform(0.032, 0.042),
        )
        peel = tinted(assets.plain(rng, 0.04), hues[rng.integers(4)] * rng.uniform(0.6, 1.1))
        spot = (out * math.cos(a), out * math.sin(a), 0.02 + rng.uniform(0, h))
        meshes.append(ellipsoid((size, size, size), peel, spot))
    return solid(*meshes)


def letter_tray(rng: Random, assets: Assets) -> Piece:
    """One to five, 25 x 34 cm, with papers."""
    skin, meshes = shade(rng, assets), []
    for n in range(int(rng.integers(1, 6))):
        z = n * 0.06
        meshes.append(box((0.255, 0.34, 0.006), skin, (0, 0, z)))
        meshes.append(
            box(
                (0.21, 0.297, rng.uniform(0.002, 0.03)),
                Material(text(rng), tile=0.3),
                (0, 0, z + 0.006),
            )
        )
        for side in (-1, 1):
            meshes.append(box((0.006, 0.34, 0.06), skin, (side * 0.125, 0, z)))
    return solid(*meshes)


def stationery(rng: Random, assets: Assets) -> Piece:
    """A stapler, a punch, a roll of tape, a calculator."""
    kind, skin = rng.integers(4), assets.plain(rng, gloss=0.04)
    if kind == 0:
        dark = shade(rng, assets)
        return solid(box((0.035, 0.14, 0.015), dark), box((0.03, 0.14, 0.03), skin, (0, 0, 0.025)))
    if kind == 1:
        return solid(box((0.12, 0.06, 0.02), skin), box((0.11, 0.04, 0.06), skin, (0, 0.01, 0.02)))
    if kind == 2:
        roll = lathe([(0.03, 0), (0.05, 0), (0.05, 0.03), (0.03, 0.03), (0.03, 0)], skin)
        return solid(roll)
    buttons = replace(shade(rng, assets), texture=keys(rng), tile=0.3)
    return solid(box((0.1, 0.15, 0.02), skin), box((0.09, 0.1, 0.004), buttons, (0, -0.02, 0.02)))


def _writing(rng: Random, level: float) -> np.ndarray:
    """A board that is written and drawn on in a few colours, mostly empty."""
    image = np.full((256, 256, 3), 255 * level, np.float32)
    y, x = np.mgrid[:256, :256]
    for _ in range(rng.integers(0, 7)):
        ink = 255 * np.array([(0.1, 0.1, 0.1), (0.1, 0.2, 0.7), (0.8, 0.1, 0.1), (0, 0.5, 0.2)])
        left, low = rng.integers(10, 180, 2)
        wide, lines = rng.integers(20, 70), rng.integers(1, 6)
        for line in range(lines):
            wave = 2 * np.sin(x * rng.uniform(0.4, 1.2)) * np.sin(x * 0.17 + line)
            on = (abs(y - low - 9 * line - wave) < 1) & (x > left) & (x < left + wide)
            image[on & (np.sin(x * 0.31 + line) > -0.7)] = ink[rng.integers(4)]
    return image.astype(np.uint8)


def _hung(piece_meshes: list[Mesh], low: float) -> Piece:
    """On a wall that is at y = 0, its lower edge `low` metres high."""
    return solid(*(mesh.moved(0, 0, low) for mesh in piece_meshes))


def whiteboard(rng: Random, assets: Assets) -> Piece:
    """90 x 60 to 240 x 120 cm, its lower edge at 80 to 100; green or black at times."""
    w, h = ((0.9, 0.6), (1.2, 0.9), (1.8, 1.2), (2.4, 1.2))[rng.integers(4)]
    board = Material(_writing(rng, rng.uniform(0.85, 0.97)), tile=w, gloss=0.05)
    if rng.random() < 0.15:
        board = tinted(
            glossy(assets.plain(rng), 0.0), rng.uniform((0.03, 0.1, 0.06), (0.1, 0.2, 0.1))
        )
    rim = _grey(rng, assets, 0.5, 0.8, 0.2)
    meshes = [
        box((w, 0.02, h), rim, (0, -0.01, 0)),
        box((w - 0.04, 0.006, h - 0.04), board, (0, -0.022, 0.02)),
        box((min(w, 0.6), 0.07, 0.015), rim, (0, -0.05, 0)),
    ]
    return _hung(meshes, rng.uniform(0.8, 1.0))


def pinboard(rng: Random, assets: Assets) -> Piece:
    """60 x 90 or 90 x 120 cm of cork or felt with A4 and A5 sheets."""
    w, h = ((0.6, 0.9), (1.2, 0.9), (0.9, 0.6))[rng.integers(3)]
    cork = tinted(assets.material(rng, 'thing'), rng.uniform((0.5, 0.35, 0.2), (0.8, 0.6, 0.4)))
    meshes = [box((w, 0.02, h), cork, (0, -0.01, 0))]
    for _ in range(rng.integers(2, 10)):
        a, b = (0.21, 0.297) if rng.random() < 0.7 else (0.148, 0.21)
        x, z = rng.uniform(-0.5, 0.5) * (w - a), rng.uniform(0, 1) * (h - b)
        sheet = Material((text if rng.random() < 0.7 else print_)(rng), tile=b)
        meshes.append(box((a, 0.002 + rng.uniform(0, 0.004), b), sheet, (x, -0.023, z)))
    return _hung(meshes, rng.uniform(0.9, 1.2))


def poster(rng: Random, assets: Assets) -> Piece:
    """A4 to A0 (ISO 216), upright or across, in a frame at times; its middle at eye level."""
    long = 0.297 * math.sqrt(2) ** rng.integers(0, 5)
    w, h = (long / math.sqrt(2), long) if rng.random() < 0.7 else (long, long / math.sqrt(2))
    sheet = Material((print_ if rng.random() < 0.7 else text)(rng), tile=max(w, h))
    meshes = [box((w, 0.003, h), sheet, (0, -0.012, 0))]
    if rng.random() < 0.5:
        rim = shade(rng, assets)
        meshes.append(box((w + 0.04, 0.01, h + 0.04), rim, (0, -0.006, -0.02)))
    return _hung(meshes, max(rng.uniform(1.35, 1.7) - h / 2, 0.3))


def wall_screen(rng: Random, assets: Assets) -> Piece:
    """43 to 75 inches."""
    tall = rng.uniform(43, 75) * 0.0254 / math.hypot(16 / 9, 1)
    wide = tall * 16 / 9
    dark = _grey(rng, assets, 0.01, 0.05, 0.12)
    shown = dark
    if rng.random() < 0.4:
        light = rng.uniform(0.1, 0.8)
        shown = Material(print_(rng), (0.02,) * 3, wide, emission=(light, light, light))
    meshes = [
        box((wide, 0.06, tall), dark, (0, -0.05, 0)),
        box((wide - 0.02, 0.004, tall - 0.02), shown, (0, -0.082, 0.01)),
    ]
    return _hung(meshes, rng.uniform(0.95, 1.3))


def fixture(rng: Random, assets: Assets) -> Piece:
    """A switch at 105 cm, sockets at 30, a clock, a sign over a door, an extinguisher, a duct."""
    kind, white = rng.integers(6), _grey(rng, assets, 0.6, 0.95)
    if kind == 0:
        return _hung([box((0.081, 0.012, 0.081), white, (0, -0.006, 0))], 1.05)
    if kind == 1:
        dark = _grey(rng, assets, 0.3, 0.6)
        meshes = []
        for n in range(int(rng.integers(1, 4))):
            meshes.append(box((0.081, 0.012, 0.081), white, (n * 0.075, -0.006, 0)))
            meshes.append(box((0.04, 0.004, 0.04), dark, (n * 0.075, -0.013, 0.02)))
        return _hung(meshes, 0.3)
    if kind == 2:
        disc = ellipsoid((0.15, 0.02, 0.15), white, (0, -0.02, 0))
        rim = ellipsoid((0.16, 0.015, 0.16), shade(rng, assets), (0, -0.015, -0.01))
        return _hung([rim, disc], rng.uniform(1.9, 2.1))
    if kind == 3:
        green = Material(print_(rng), (0.1, 0.6, 0.25), 0.3, emission=(0.02, 0.3, 0.1))
        return _hung([box((0.3, 0.04, 0.15), green, (0, -0.02, 0))], rng.uniform(2.0, 2.1))
    if kind == 4:
        red = tinted(assets.plain(rng, gloss=0.08), np.array([0.7, 0.03, 0.03]))
        body = lathe(
            [(0.075, 0), (0.08, 0.02), (0.08, 0.4), (0.03, 0.48), (0.03, 0.55), (0, 0.55)], red
        )
        return _hung([body.moved(0, -0.1)], rng.uniform(0.1, 0.7))
    length = rng.uniform(0.8, 2.5)
    meshes = [box((length, 0.07, 0.13), white, (0, -0.035, 0))]
    for x in np.arange(-length / 2 + 0.3, length / 2 - 0.1, 0.8).tolist():
        meshes.append(box((0.05, 0.004, 0.05), _grey(rng, assets, 0.2, 0.5), (x, -0.072, 0.04)))
    return _hung(meshes, rng.choice([0.2, 0.8]))


SMALL: tuple[Maker, ...] = (
    *(telephone, paper_cup, paper_cup, fruit, letter_tray, stationery, stationery),
    *(mug, bottle, can, packet, paper, laptop, backpack),
)
ALONG_WALLS: tuple[Maker, ...] = (
    *(filing_cabinet, shutter_cabinet, shutter_cabinet, files, files, lockers, rack, copier),
    *(water_cooler, bin_, bin_, coat_stand, tall_plant, visitor_chair, carton),
)
FREE: tuple[Maker, ...] = (
    *(desks, desks, meeting_table, meeting_table, classroom, bistro_table, bistro_table),
    *(shop_shelf, shop_shelf, pallet, counter, partition, flip_chart, tall_plant, visitor_chair),
    *(stacking_chair, bin_, backpack, crate),
)
ON_WALLS: tuple[Maker, ...] = (
    *(whiteboard, pinboard, poster, poster, poster, wall_screen, fixture, fixture, fixture),
)
