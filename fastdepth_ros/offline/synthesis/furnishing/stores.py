"""Shops and stores: shelves, racks, cartons, pallets, a counter; fronts to -y."""

from __future__ import annotations

import math

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.finishes import cardboard, shade
from fastdepth_ros.offline.synthesis.furnishing.furniture import legs
from fastdepth_ros.offline.synthesis.furnishing.household import laptop
from fastdepth_ros.offline.synthesis.furnishing.piece import Piece, Surface, solid
from fastdepth_ros.offline.synthesis.materials import Material, Random, print_, text, tinted
from fastdepth_ros.offline.synthesis.meshes import Mesh, box


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
    brown = cardboard(rng, assets)
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
