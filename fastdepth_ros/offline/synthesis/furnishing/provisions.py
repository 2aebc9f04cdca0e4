"""What is bought and lies about as it comes: printed packets, bags, tins, open cartons, print."""

from __future__ import annotations

import math

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.finishes import cardboard, grey, printed
from fastdepth_ros.offline.synthesis.furnishing.household import bottle, can
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker, Piece, lying, solid
from fastdepth_ros.offline.synthesis.furnishing.textiles import bumps
from fastdepth_ros.offline.synthesis.labels import label
from fastdepth_ros.offline.synthesis.materials import Material, Random, text, tinted
from fastdepth_ros.offline.synthesis.meshes import (
    Mesh,
    arch,
    box,
    cylinder,
    lathe,
    open_box,
    pipe,
    sheet,
)


def goods(rng: Random, _: Assets) -> Piece:
    """A printed box: cereal 19 x 29 cm, tea, biscuits, washing powder, a game, tissues."""
    sizes = [(0.19, 0.06, 0.29), (0.13, 0.07, 0.07), (0.16, 0.05, 0.21), (0.2, 0.12, 0.24)]
    size = np.array([*sizes, (0.27, 0.27, 0.07), (0.23, 0.12, 0.09)][rng.integers(6)])
    size *= rng.uniform(0.9, 1.1)
    front = printed(rng, float(max(size[0], size[2])), label)
    packet = solid(box(size, front))
    return lying(packet) if rng.random() < 0.25 else packet


def tin(rng: Random, assets: Assets) -> Piece:
    """A labelled tin or jar of 7 to 15 cm, or several of one kind beside each other."""
    r, h = ((0.037, 0.11), (0.05, 0.12), (0.042, 0.07), (0.033, 0.115))[rng.integers(4)]
    metal, skin = grey(rng, assets, 0.4, 0.8, 0.3), printed(rng, 2 * math.pi * r, label)
    meshes: list[Mesh] = []
    for n in range(int(rng.choice([1, 1, 1, 2, 3]))):
        x, y = (n % 2) * 2.1 * r, (n // 2) * 2.1 * r
        meshes.append(lathe([(r, 0), (r, h)], skin, (x, y, 0)))
        meshes.append(
            lathe([(0, 0), (r, 0.001), (r, h - 0.002), (0, h - 0.004)], metal, (x, y, 0))
        )
    return solid(*meshes)


def fallen(rng: Random, assets: Assets) -> Piece:
    """A bottle or a can that lies."""
    return lying((bottle if rng.random() < 0.6 else can)(rng, assets))


def pouch(rng: Random, _: Assets) -> Piece:
    """Crisps, sweets, coffee, flour: a soft bag of 12 to 30 cm that lies or stands."""
    w, h, thick = rng.uniform(0.1, 0.24), rng.uniform(0.14, 0.32), rng.uniform(0.03, 0.08)
    v, u = np.mgrid[-1:1:17j, -1:1:17j]
    belly = ((1 - u**4) * (1 - v**4)).clip(0) ** 0.6
    crease = 1 + 0.25 * bumps(rng, 17, 17, 6)
    skin, halves = printed(rng, max(w, h), label), []
    for side in (-1, 1):
        y = side * thick / 2 * belly * crease
        halves.append(sheet(np.stack([u * w / 2, y, (v + 1) * h / 2], -1), skin))
    bag = solid(*halves)
    return lying(bag) if rng.random() < 0.5 else bag


def carrier_bag(rng: Random, assets: Assets) -> Piece:
    """Of paper or plastic, 25 to 38 cm, with two handles; crumpled if of plastic."""
    w, d, h = rng.uniform(0.22, 0.32), rng.uniform(0.1, 0.18), rng.uniform(0.25, 0.38)
    brown = tinted(assets.plain(rng), np.array([0.65, 0.5, 0.35]) * rng.uniform(0.7, 1.3))
    skin = brown if rng.random() < 0.4 else printed(rng, w, label)
    angles = np.linspace(0, 2 * math.pi, 33)
    square = np.maximum(np.abs(np.cos(angles)), np.abs(np.sin(angles)))
    ring = np.stack([np.cos(angles) * w / 2, np.sin(angles) * d / 2], -1) / square[:, None]
    levels = np.linspace(0, 1, 7)[:, None, None]
    wall = np.concatenate(
        [ring * (1 - 0.15 * levels), np.broadcast_to(h * levels, (7, 33, 1))], -1
    )
    loose = 0.02 if rng.random() < 0.6 else 0.002
    wrinkles = bumps(rng, 7, 33, 9)
    wrinkles[:, -1] = wrinkles[:, 0]
    wall[..., :2] *= 1 + loose * 8 * wrinkles[..., None] * levels
    meshes = [sheet(wall, skin)]
    handle = pipe(arch(0.05, 0.1, h - 0.02), 0.003, skin)
    meshes += [handle.moved(0, side * d * 0.4) for side in (-1, 1)]
    return solid(*meshes)


def open_carton(rng: Random, assets: Assets) -> Piece:
    """25 to 50 cm, its four flaps up or hanging, with goods in it."""
    w, d, h = rng.uniform(0.25, 0.5), rng.uniform(0.2, 0.38), rng.uniform(0.12, 0.32)
    brown = cardboard(rng, assets)
    meshes = open_box(w, d, h, 0.004, 0.005, brown)
    for side in (-1, 1):
        for turn, reach, wide in ((0.0, w, d), (math.pi / 2, d, w)):
            bend = rng.uniform(0.2, 2.6)  # from upright to hanging
            flap = box((0.004, wide, min(d, w) / 2), brown).tilted(bend).moved(reach / 2, 0, h)
            meshes.append(flap.moved(0, 0, 0, turn + (side < 0) * math.pi))
    for _ in range(rng.integers(0, 5)):
        piece = (goods, tin, bottle)[int(rng.integers(3))](rng, assets)
        x, y = rng.uniform(-0.3, 0.3, 2) * (w, d)
        meshes += piece.moved(x, y, 0.006, rng.uniform(0, 6)).meshes
    return solid(*meshes)


def magazine(rng: Random, _: Assets) -> Piece:
    """A4 or A5, closed with a curl, or open at two pages that bend."""
    w, d = ((0.21, 0.297), (0.148, 0.21))[rng.integers(2)]
    v, u = np.mgrid[0:1:5j, 0:1:13j]
    if rng.random() < 0.5:
        z = 0.006 + rng.uniform(0, 0.04) * u**3
        points = np.stack([(u - 0.5) * w, (v - 0.5) * d, z], -1)
        return solid(sheet(points, printed(rng, d, label)))
    pages, high = [], rng.uniform(0.008, 0.03)
    for side in (-1, 1):
        z = 0.002 + high * np.sin(math.pi * u**0.6)
        page = Material((text if rng.random() < 0.7 else label)(rng), tile=0.3)
        pages.append(sheet(np.stack([side * u * w, (v - 0.5) * d, z], -1), page))
    return solid(*pages)


def flask(rng: Random, assets: Assets) -> Piece:
    """A thermos, a sports bottle, a shaker: 22 to 36 cm with cap and loop."""
    r, h = rng.uniform(0.032, 0.045), rng.uniform(0.18, 0.3)
    steel = (
        assets.plain(rng, gloss=0.15) if rng.random() < 0.6 else grey(rng, assets, 0.4, 0.8, 0.3)
    )
    cap = assets.plain(rng)
    return solid(
        lathe([(0, 0), (r, 0.004), (r, h * 0.8), (r * 0.7, h * 0.9), (r * 0.7, h)], steel),
        cylinder(r * 0.75, 0.03, cap, (0, 0, h - 0.005)),
        pipe(arch(0.02, 0.03, h + 0.02, 10), 0.004, cap),
    )


def teapot(rng: Random, assets: Assets) -> Piece:
    """12 to 18 cm high, with spout, handle and lid; a jug without a lid at times."""
    r, glaze = rng.uniform(0.06, 0.085), assets.plain(rng, gloss=0.08)
    h = r * rng.uniform(1.5, 2.2)
    profile = [(0, 0), (r * 0.6, 0), (r, h * 0.45), (r * 0.55, h * 0.95), (r * 0.5, h)]
    t = np.linspace(-1.3, 1.3, 12)
    ear = np.stack([-r * 0.75 - 0.045 * np.cos(t), 0 * t, h * 0.55 + 0.05 * np.sin(t)], -1)
    s = np.linspace(0, 1, 8)
    spout = np.stack([r * 0.8 + 0.06 * s, 0 * s, h * (0.4 + 0.5 * s**1.5)], -1)
    meshes = [lathe(profile, glaze), pipe(ear, 0.007, glaze), pipe(spout, 0.012, glaze)]
    if rng.random() < 0.7:
        lid = [(r * 0.5, h), (r * 0.3, h + 0.02), (0.012, h + 0.022), (0.012, h + 0.04)]
        meshes.append(lathe([*lid, (0, h + 0.04)], glaze))
    return solid(*meshes)


PROVISIONS: tuple[Maker, ...] = (
    *(goods, goods, goods, tin, tin, fallen, pouch, pouch, carrier_bag, open_carton),
    *(magazine, magazine, flask, teapot),
)
