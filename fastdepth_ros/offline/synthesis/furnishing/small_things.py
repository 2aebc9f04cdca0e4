"""What lies about on desks and counters beside household.SMALL."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.finishes import grey, shade
from fastdepth_ros.offline.synthesis.furnishing.piece import Piece, solid
from fastdepth_ros.offline.synthesis.materials import Material, Random, keys, print_, text, tinted
from fastdepth_ros.offline.synthesis.meshes import box, ellipsoid, lathe


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
    skin = Material(print_(rng), tile=0.25) if rng.random() < 0.5 else grey(rng, assets, 0.6, 0.95)
    meshes = [lathe([(0, 0), (0.028, 0), (0.041, h), (0.037, h), (0, 0.01)], skin)]
    if rng.random() < 0.5:
        lid = grey(rng, assets, 0.02, 0.9)
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
