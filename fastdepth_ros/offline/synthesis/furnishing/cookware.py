"""What stands on kitchens' worktops beside pots and packets; fronts to -y."""

from __future__ import annotations

import math

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.finishes import grey, shade
from fastdepth_ros.offline.synthesis.furnishing.household import mug
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker, Piece, lying, solid
from fastdepth_ros.offline.synthesis.furnishing.provisions import tin
from fastdepth_ros.offline.synthesis.materials import Random, tinted
from fastdepth_ros.offline.synthesis.meshes import (
    Mesh,
    arch,
    box,
    cylinder,
    ellipsoid,
    lathe,
    open_box,
    pipe,
    superellipsoid,
)


def coffee_machine(rng: Random, assets: Assets) -> Piece:
    """A filter machine with its jug, 20 x 25 cm and 32 to 38 high, or one for espresso of 30."""
    skin, dark = shade(rng, assets, 0.1), grey(rng, assets, 0.02, 0.08, 0.15)
    if rng.random() < 0.5:
        h = rng.uniform(0.32, 0.38)
        jug = [(0, 0), (0.065, 0), (0.075, 0.05), (0.06, 0.12), (0.05, 0.13), (0, 0.13)]
        return solid(
            box((0.2, 0.25, 0.03), skin),
            box((0.2, 0.09, h), skin, (0, 0.08, 0)),
            box((0.2, 0.25, 0.13), skin, (0, 0, h - 0.13)),
            lathe(jug, dark, (0, -0.035, 0.03)),
            box((0.02, 0.06, 0.1), dark, (0, -0.13, 0.05)),
        )
    w, h = rng.uniform(0.22, 0.32), rng.uniform(0.3, 0.4)
    spout = (0.06, 0.05, 0.05)
    return solid(
        box((w, 0.3, 0.06), skin),
        box((w, 0.16, h), skin, (0, 0.07, 0)),
        box((w, 0.3, 0.12), skin, (0, 0, h - 0.12)),
        box((w * 0.85, 0.13, 0.004), dark, (0, -0.08, 0.06)),
        box(spout, grey(rng, assets, 0.4, 0.7, 0.3), (0, -0.08, h - 0.17)),
    )


def blender(rng: Random, assets: Assets) -> Piece:
    """A jar of 16 cm on a base, 36 to 42 cm high in all."""
    skin, high = shade(rng, assets, 0.1), rng.uniform(0.36, 0.42)
    base = [(0.085, 0), (0.08, 0.06), (0.055, 0.14), (0, 0.14)]
    jar = [(0.045, 0.14), (0.07, high - 0.04), (0.07, high - 0.02), (0, high - 0.02)]
    filled = tinted(assets.plain(rng, 0.2), rng.uniform(0.2, 0.9, 3))
    knob = cylinder(0.02, 0.03, skin, (0, 0, high - 0.02))
    return solid(lathe(base, skin), lathe(jar, filled), knob)


def stand_mixer(rng: Random, assets: Assets) -> Piece:
    """A kitchen machine of 22 x 35 cm, 35 high, with its bowl."""
    skin, steel = assets.plain(rng, 0.12), grey(rng, assets, 0.5, 0.8, 0.35)
    bowl = [(0, 0.03), (0.06, 0.03), (0.105, 0.15), (0.1, 0.15), (0.055, 0.04), (0, 0.04)]
    return solid(
        superellipsoid((0.21, 0.35, 0.04), skin, (0, 0, 0), 0.3, 0.5),
        superellipsoid((0.11, 0.11, 0.3), skin, (0, 0.12, 0.02), 0.3, 0.6),
        superellipsoid((0.13, 0.34, 0.13), skin, (0, 0, 0.22), 0.8, 0.7),
        lathe(bowl, steel, (0, -0.06, 0)),
    )


def toaster(rng: Random, assets: Assets) -> Piece:
    """28 x 17 cm, 18 to 20 high, two slots, a slice in it at times."""
    skin, dark = shade(rng, assets, 0.15), grey(rng, assets, 0.02, 0.08)
    h = rng.uniform(0.17, 0.2)
    meshes = [
        superellipsoid((0.28, 0.17, h), skin, (0, 0, 0), 0.2, 0.3),
        box((0.03, 0.03, 0.03), dark, (0.14, 0, h * 0.6)),
    ]
    for y in (-0.035, 0.035):
        meshes.append(box((0.2, 0.025, 0.006), dark, (0, y, h - 0.004)))
        if rng.random() < 0.2:
            crust = tinted(assets.plain(rng), np.array([0.7, 0.45, 0.2]))
            meshes.append(box((0.12, 0.015, 0.05), crust, (0, y, h)))
    return solid(*meshes)


def knife_block(rng: Random, assets: Assets) -> Piece:
    """A leaning block of 10 x 12 cm, 23 high, with four to eight handles."""
    wood, dark = assets.material(rng, 'thing'), grey(rng, assets, 0.02, 0.15)
    parts = [box((0.1, 0.12, 0.23), wood)]
    for n in range(int(rng.integers(4, 9))):
        x, y = (n % 4 - 1.5) * 0.022, (n // 4 - 0.5) * 0.05
        parts.append(box((0.016, 0.024, rng.uniform(0.08, 0.13)), dark, (x, y, 0.23)))
    lean = math.radians(rng.uniform(10, 25))
    foot = box((0.1, 0.14, 0.03), wood)
    return solid(foot, *(part.pitched(lean).moved(0, 0.03, 0.02) for part in parts))


def mug_tree(rng: Random, assets: Assets) -> Piece:
    """35 cm high, with up to six mugs hanging by their ears."""
    stem = assets.material(rng, 'thing')
    meshes: list[Mesh] = [cylinder(0.08, 0.02, stem), cylinder(0.01, 0.34, stem)]
    cup = [mesh.tilted(math.radians(60)) for mesh in mug(rng, assets).meshes]
    for n in range(6):
        if rng.random() < 0.75:
            z = 0.1 if n % 2 else 0.22
            meshes += [mesh.moved(0.04, 0, z).moved(0, 0, 0, n * math.pi / 3) for mesh in cup]
    return solid(*meshes)


def bread_bin(rng: Random, assets: Assets) -> Piece:
    """36 to 44 cm wide, 22 to 28 deep, 17 to 25 high, of steel or wood, its front round."""
    w, d, h = rng.uniform(0.36, 0.44), rng.uniform(0.22, 0.28), rng.uniform(0.17, 0.25)
    skin = assets.material(rng, 'thing', 0.05) if rng.random() < 0.5 else shade(rng, assets, 0.2)
    body = superellipsoid((w, d, h), skin, (0, 0, 0), 0.35, 0.15)
    return solid(body, box((0.1, 0.02, 0.015), shade(rng, assets, 0.2), (0, -d / 2, h * 0.35)))


def food_boxes(rng: Random, assets: Assets) -> Piece:
    """One to four plastic boxes with coloured lids on each other, 10 to 26 cm wide."""
    meshes, z = [], 0.0
    w, d = rng.uniform(0.14, 0.26), rng.uniform(0.1, 0.18)
    for _ in range(int(rng.integers(1, 5))):
        h, body, lid = rng.uniform(0.04, 0.1), assets.plain(rng, 0.05), assets.plain(rng)
        turn = rng.normal(0, 0.06)
        meshes.append(box((w, d, h), body, (0, 0, z)).moved(0, 0, 0, turn))
        meshes.append(box((w + 0.01, d + 0.01, 0.012), lid, (0, 0, z + h)).moved(0, 0, 0, turn))
        z += h + 0.012
        w, d = w * rng.uniform(0.8, 1), d * rng.uniform(0.8, 1)
    return solid(*meshes)


def egg_carton(rng: Random, assets: Assets) -> Piece:
    """Open, for ten: 25 x 11 cm."""
    skin = tinted(assets.plain(rng), np.array([0.6, 0.57, 0.5]) * rng.uniform(0.7, 1.3))
    shell = tinted(assets.plain(rng, 0.03), np.array([0.85, 0.7, 0.55]) * rng.uniform(0.7, 1.1))
    meshes = open_box(0.25, 0.11, 0.04, 0.006, 0.006, skin)
    lid = box((0.25, 0.11, 0.03), skin).pitched(-math.radians(rng.uniform(70, 110)))
    meshes.append(lid.moved(0, 0.07, 0.06))
    for n in range(10):
        if rng.random() < 0.7:
            at = ((n % 5 - 2) * 0.047, (n // 5 - 0.5) * 0.048, 0.012)
            meshes.append(ellipsoid((0.021, 0.021, 0.028), shell, at))
    return solid(*meshes)


def sieve(rng: Random, assets: Assets) -> Piece:
    """A colander or a mixing bowl of 18 to 28 cm, upright or turned over."""
    r, steel = rng.uniform(0.09, 0.14), shade(rng, assets, 0.25)
    h = r * rng.uniform(0.7, 1.0)
    bowl = lathe(
        [(0, 0), (r * 0.5, 0), (r, h), (r * 0.96, h), (r * 0.46, 0.008), (0, 0.01)], steel
    )
    if rng.random() < 0.3:
        return solid(bowl.transformed(np.diag([1, -1, -1])).moved(0, 0, h))
    ears = box((2 * r + 0.06, 0.05, 0.008), steel, (0, 0, h - 0.012))
    return solid(bowl, ears)


def spice_rack(rng: Random, assets: Assets) -> Piece:
    """Two levels of 25 to 40 cm with tins and jars of 4 cm."""
    w, wood = rng.uniform(0.25, 0.4), assets.material(rng, 'thing')
    meshes = [box((0.012, 0.08, 0.24), wood, (side * w / 2, 0, 0)) for side in (-1, 1)]
    for z in (0.0, 0.12):
        meshes.append(box((w, 0.08, 0.01), wood, (0, 0, z)))
        for x in np.arange(-w / 2 + 0.03, w / 2 - 0.02, 0.048).tolist():
            if rng.random() < 0.8:
                lid, high = assets.plain(rng), rng.uniform(0.07, 0.09)
                spice = tinted(assets.plain(rng, 0.05), rng.uniform(0.1, 0.8, 3))
                meshes.append(cylinder(0.02, high, spice, (x, 0, z + 0.01)))
                meshes.append(cylinder(0.021, 0.015, lid, (x, 0, z + 0.01 + high)))
    return solid(*meshes)


def basket(rng: Random, assets: Assets) -> Piece:
    """22 to 36 cm, of wicker or wire, with a bow, and tins, bread or vegetables in it."""
    w, d, h = rng.uniform(0.22, 0.36), rng.uniform(0.18, 0.26), rng.uniform(0.1, 0.16)
    skin = assets.material(rng, 'thing')
    meshes = open_box(w, d, h, 0.012, 0.01, skin)
    meshes.append(pipe(arch(w / 2, h * 1.2, h - 0.01), 0.007, skin))
    for _ in range(int(rng.integers(2, 7))):
        x, y = rng.uniform(-0.3, 0.3, 2) * (w, d)
        r = rng.uniform(0.03, 0.05)
        peel = tinted(assets.plain(rng, 0.03), rng.uniform((0.3, 0.1, 0.03), (0.9, 0.7, 0.2)))
        meshes.append(ellipsoid((r, r * rng.uniform(0.8, 1.8), r), peel, (x, y, h * 0.5)))
    return solid(*meshes)


def lying_tin(rng: Random, assets: Assets) -> Piece:
    """A tin, a jar or a row of them that has been laid down."""
    return lying(tin(rng, assets))


COOKWARE: tuple[Maker, ...] = (
    *(coffee_machine, coffee_machine, blender, stand_mixer, toaster, toaster, knife_block),
    *(mug_tree, bread_bin, food_boxes, food_boxes, egg_carton, sieve, sieve, spice_rack),
    *(basket, lying_tin),
)
