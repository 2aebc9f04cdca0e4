"""Chairs, and tables with chairs about them: desks, meetings, cafes, classrooms; fronts to -y."""

from __future__ import annotations

import math

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.finishes import grey, shade
from fastdepth_ros.offline.synthesis.furnishing.furniture import legs
from fastdepth_ros.offline.synthesis.furnishing.household import (
    keyboard,
    monitor,
    mouse,
    office_chair,
)
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker, Piece, Surface
from fastdepth_ros.offline.synthesis.materials import Random
from fastdepth_ros.offline.synthesis.meshes import Mesh, box, cylinder, lathe, tube


def visitor_chair(rng: Random, assets: Assets) -> Piece:
    """A cantilever of steel tube: seat 44 to 47 cm, back 80 to 88 cm high, to +y."""
    seat, tall = rng.uniform(0.44, 0.47), rng.uniform(0.8, 0.88)
    shell = assets.material(rng, 'thing')
    steel = grey(rng, assets, 0.3, 0.8, 0.3) if rng.random() < 0.7 else shade(rng, assets)
    w, d = 0.23, 0.22
    meshes = [box((0.44, 0.42, 0.03), shell, (0, 0, seat - 0.03))]
    back = rng.uniform(0.18, tall - seat - 0.08)
    meshes.append(box((0.44, 0.03, back), shell, (0, d, tall - back)))
    for side in (-1, 1):
        x = side * w
        low, front = (x, d, 0.012), (x, -d, 0.012)
        meshes += tube(0.012, steel, low, front, (x, -d, seat - 0.02), (x, d, seat), (x, d, tall))
    meshes += tube(0.012, steel, (-w, d, 0.012), (w, d, 0.012))
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
        meshes += tube(0.011, leg, (x + side * splay, -0.22, 0), (x, -0.17, seat))
        meshes += tube(0.011, leg, (x + side * splay, 0.24, 0), (x, 0.19, seat))
        meshes += tube(0.011, leg, (x, 0.19, seat), (x, 0.225, seat + 0.2))
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
