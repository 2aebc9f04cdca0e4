"""Toys, games, sports things, and what decorates boards."""

from __future__ import annotations

import math

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.finishes import grey, shade
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker, Piece, lying, solid
from fastdepth_ros.offline.synthesis.labels import label
from fastdepth_ros.offline.synthesis.materials import Material, Random, pattern, tinted
from fastdepth_ros.offline.synthesis.meshes import (
    Mesh,
    box,
    cylinder,
    ellipsoid,
    lathe,
    pipe,
    sheet,
    superellipsoid,
    tube,
)


def blocks(rng: Random, assets: Assets) -> Piece:
    """Five to twenty building blocks of 3 to 6 cm, scattered and in a tower."""
    each = rng.uniform(0.03, 0.06)
    meshes: list[Mesh] = []
    tower = 0
    for n in range(int(rng.integers(5, 21))):
        size = each * rng.choice([1, 1, 2], 3) * (1, 1, 0.5 if rng.random() < 0.3 else 1)
        skin = assets.plain(rng)
        if n % 3 == 0 and tower < 6:
            z = tower * each
            meshes.append(box((each, each, each), skin).moved(0, 0, z, rng.normal(0, 0.1)))
            tower += 1
        else:
            a, out = rng.uniform(0, 2 * math.pi), rng.uniform(2, 5) * each
            x, y = out * math.cos(a), out * math.sin(a)
            meshes.append(box(size, skin).moved(x, y, 0, rng.uniform(0, 3)))
    return solid(*meshes)


def toy_car(rng: Random, assets: Assets) -> Piece:
    """A car or a lorry of 8 to 35 cm."""
    long = rng.uniform(0.08, 0.35)
    w, h, skin = long * 0.42, long * 0.16, assets.plain(rng, gloss=0.08)
    dark, r = grey(rng, assets, 0.02, 0.1), long * 0.09
    cab = superellipsoid((long * 0.5, w * 0.9, h * 1.4), skin, (0, 0, r * 0.6 + h), 0.4, 0.4)
    meshes = [superellipsoid((long, w, h * 1.3), skin, (0, 0, r * 0.6), 0.3, 0.25), cab]
    wheel = cylinder(r, w * 0.2, dark).pitched(math.pi / 2)
    for x in (-0.3, 0.3):
        for side in (-1, 1):
            meshes.append(wheel.moved(x * long, side * w / 2 + w * 0.1, r))
    return solid(*meshes)


def sports_ball(rng: Random, assets: Assets) -> Piece:
    """A tennis ball, a handball, a football, a basketball, with its pattern or label."""
    r = rng.choice([0.033, 0.095, 0.11, 0.12])
    skin = Material((pattern if rng.random() < 0.5 else label)(rng), tile=r * math.pi)
    return solid(ellipsoid((r, r, r), skin if rng.random() < 0.6 else assets.plain(rng)))


def globe(rng: Random, assets: Assets) -> Piece:
    """25 to 32 cm across, on its foot."""
    r = rng.uniform(0.125, 0.16)
    sea = Material(label(rng), (0.5, 0.8, 1.0), 2 * math.pi * r, 0.05)
    foot, t = shade(rng, assets), np.linspace(-1.4, 1.4, 16)
    bow = np.stack([-(r + 0.015) * np.cos(t), 0 * t, r + 0.07 + (r + 0.015) * np.sin(t)], -1)
    return solid(
        ellipsoid((r, r, r), sea, (0, 0, 0.07)),
        cylinder(r * 0.6, 0.02, foot),
        pipe(bow, 0.005, foot),
    )


def die(rng: Random, assets: Assets) -> Piece:
    """A large foam one of 8 to 16 cm, or one of 6 as a puzzle cube is."""
    each = rng.choice([0.057, rng.uniform(0.08, 0.16)])
    skin = assets.plain(rng) if rng.random() < 0.5 else Material(pattern(rng), tile=each)
    dot = grey(rng, assets, 0.02, 0.1)
    meshes = [superellipsoid((each,) * 3, skin, (0, 0, 0), 0.15, 0.15)]
    for _ in range(rng.integers(0, 6)):
        x, z = rng.uniform(-0.3, 0.3, 2) * each
        spot = ellipsoid((each * 0.08, 0.003, each * 0.08), dot, (x, -each / 2, each * 0.42 + z))
        meshes += [spot, spot.moved(0, 0, 0, math.pi / 2), spot.moved(0, 0, 0, math.pi)]
    return solid(*meshes)


def board_game(rng: Random, assets: Assets) -> Piece:
    """A board of 30 to 50 cm with men on it."""
    side = rng.uniform(0.3, 0.5)
    face = Material((pattern if rng.random() < 0.5 else label)(rng), tile=side)
    meshes = [box((side, side, 0.012), face)]
    pair = [assets.plain(rng) for _ in range(3)]
    for _ in range(rng.integers(4, 26)):
        h = rng.uniform(0.02, 0.08)
        man = [(0, 0), (0.013, 0), (0.013, 0.008), (0.006, h * 0.6), (0.01, h * 0.8), (0, h)]
        x, y = rng.uniform(-0.45, 0.45, 2) * side
        meshes.append(lathe(man, pair[int(rng.integers(3))], (x, y, 0.012)))
    return solid(*meshes)


def cap(rng: Random, assets: Assets) -> Piece:
    """A peaked cap, 19 cm wide and 27 long; or a hat with a brim."""
    cloth, brim = assets.material(rng, 'thing'), assets.material(rng, 'thing')
    profile = [(0.092, 0), (0.093, 0.04), (0.08, 0.085), (0.05, 0.11), (0, 0.12)]
    crown = lathe(profile, cloth)
    if rng.random() < 0.3:
        edge = lathe([(0.09, 0.012), (0.13, 0.006), (rng.uniform(0.15, 0.2), 0.015)], brim)
        return solid(crown, edge)
    v, u = np.mgrid[0:1:6j, -1:1:13j]
    x = 0.075 * u * (1 - 0.25 * v)
    y = -np.sqrt((0.092**2 - x**2).clip(0)) - 0.085 * v * np.sqrt(1 - 0.7 * u**2)
    z = 0.025 - 0.018 * u**2 - 0.012 * v
    return solid(crown, sheet(np.stack([x, y, z.clip(0.002)], -1), brim))


def torch(rng: Random, assets: Assets) -> Piece:
    """A flashlight of 12 to 25 cm, standing or lying."""
    h, r, skin = rng.uniform(0.12, 0.25), rng.uniform(0.014, 0.02), assets.plain(rng, gloss=0.05)
    head = [(0, 0), (r, 0), (r, h * 0.72), (r * 1.7, h * 0.82), (r * 1.7, h), (0, h - 0.004)]
    body = solid(lathe(head, skin))
    return lying(body) if rng.random() < 0.5 else body


def picture_frame(rng: Random, assets: Assets) -> Piece:
    """10 to 30 cm, leaning on its stand; or a card or a calendar folded to a roof."""
    w, h = rng.uniform(0.08, 0.25), rng.uniform(0.1, 0.3)
    face, back = Material(label(rng), tile=max(w, h)), rng.uniform(0.15, 0.4)
    v, u = np.mgrid[0:1:2j, -0.5:0.5:2j]
    front = sheet(np.stack([u * w, back * h * v, v * h * math.cos(back)], -1), face)
    rear = sheet(
        np.stack([u * w, back * h * (2 - v), v * h * math.cos(back)], -1), shade(rng, assets)
    )
    return solid(front.moved(0, -back * h), rear.moved(0, -back * h))


def candle(rng: Random, assets: Assets) -> Piece:
    """One to three of 6 to 25 cm on a plate, or a vase of 15 to 30 with stalks."""
    skin = assets.plain(rng, gloss=0.04)
    if rng.random() < 0.5:
        meshes = [cylinder(0.07, 0.008, skin)]
        for n in range(int(rng.integers(1, 4))):
            r, wax = rng.uniform(0.011, 0.035), assets.plain(rng)
            meshes.append(cylinder(r, rng.uniform(0.06, 0.22), wax, (0.04 * (n - 1), 0, 0.008)))
        return solid(*meshes)
    r, h = rng.uniform(0.035, 0.07), rng.uniform(0.12, 0.28)
    belly, neck = rng.uniform(0.8, 1.4), rng.uniform(0.4, 1.1)
    profile = [(0, 0), (r * 0.7, 0), (r * belly, h * 0.4), (r * neck, h * 0.85), (r * neck, h)]
    meshes = [lathe(profile, skin)]
    green = tinted(assets.plain(rng), np.array([0.1, 0.25, 0.06]))
    for _ in range(rng.integers(0, 9)):
        x, y = rng.normal(0, 0.07, 2)
        top = (x, y, h + rng.uniform(0.1, 0.3))
        meshes += tube(0.002, green, (0, 0, h * 0.6), top)
        petal = rng.uniform(0.012, 0.035)
        flower = ellipsoid((petal, petal, petal * 0.6), assets.plain(rng), top)
        meshes.append(flower)
    return solid(*meshes)


def umbrella(rng: Random, assets: Assets) -> Piece:
    """Folded, 25 to 35 cm, or a rolled mat or plan of 40 to 70, lying."""
    long, r = (rng.uniform(0.25, 0.35), 0.025) if rng.random() < 0.5 else (0.6, 0.05)
    skin = assets.material(rng, 'thing')
    roll = lathe([(0, 0), (r * 0.8, 0.01), (r, long * 0.5), (r * 0.9, long), (0, long)], skin)
    return lying(solid(roll))


TOYS: tuple[Maker, ...] = (
    *(blocks, toy_car, toy_car, sports_ball, sports_ball, globe, die, die, board_game, cap),
    *(cap, torch, picture_frame, picture_frame, candle, candle, umbrella),
)
