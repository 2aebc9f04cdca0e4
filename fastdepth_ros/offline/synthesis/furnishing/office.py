"""Offices: cabinets, machines and what stands about, in the sizes of the trade; fronts to -y."""

from __future__ import annotations

import math

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.finishes import grey, shade
from fastdepth_ros.offline.synthesis.furnishing.household import (
    binders,
    bottle,
    can,
    laptop,
    mug,
    packet,
    paper,
)
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker, Piece, Surface, solid
from fastdepth_ros.offline.synthesis.furnishing.seating import (
    bistro_table,
    classroom,
    desks,
    meeting_table,
    stacking_chair,
    visitor_chair,
)
from fastdepth_ros.offline.synthesis.furnishing.small_things import (
    backpack,
    fruit,
    letter_tray,
    paper_cup,
    stationery,
    telephone,
)
from fastdepth_ros.offline.synthesis.furnishing.stores import (
    carton,
    counter,
    crate,
    pallet,
    rack,
    shop_shelf,
)
from fastdepth_ros.offline.synthesis.materials import Material, Random, tinted, writing
from fastdepth_ros.offline.synthesis.meshes import box, cylinder, ellipsoid, lathe, tube


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
    slot = grey(rng, assets, 0.02, 0.1)
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


def copier(rng: Random, assets: Assets) -> Piece:
    """On the floor, 60 x 65 cm, 1.05 to 1.2 m high."""
    w, d, h = rng.uniform(0.56, 0.64), 0.65, rng.uniform(1.05, 1.2)
    white, dark = grey(rng, assets, 0.6, 0.9), grey(rng, assets, 0.03, 0.2, 0.05)
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
    white, dark = grey(rng, assets, 0.6, 0.95), grey(rng, assets, 0.05, 0.3)
    blue = tinted(assets.plain(rng, gloss=0.15), np.array([0.4, 0.6, 0.8]) * rng.uniform(0.6, 1.2))
    neck = lathe([(0.03, 0.94), (0.05, 1.0), (0.135, 1.06), (0.135, 1.38), (0, 1.4)], blue)
    return solid(
        box((0.31, 0.33, 0.95), white),
        box((0.22, 0.02, 0.3), dark, (0, -0.165, 0.55)),
        neck,
    )


def bin_(rng: Random, assets: Assets) -> Piece:
    """A paper basket 30 cm high, or one for a kitchen's or a corridor's waste of 60 to 75."""
    if rng.random() < 0.6:
        skin = shade(rng, assets, gloss=rng.choice([0, 0.15]))
    else:
        skin = assets.plain(rng)
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
            meshes.append(leaf.tilted(-lift).moved(x, y, crown, rng.uniform(0, 2 * math.pi)))
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
    pad = Material(writing(rng, 0.9), tile=1.0)
    meshes = [box((0.7, 0.02, 1.0), pad, (0, -0.02, tall - 1.0))]
    for foot in ((-0.4, -0.25, 0), (0.4, -0.25, 0), (0, 0.35, 0)):
        meshes += tube(0.013, steel, foot, (foot[0] * 0.2, 0.0, tall - 0.05))
    return Piece(meshes, 0.85, 0.7)


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
