"""What else is in rooms: boxes, bins, plants, people, and small things on tops."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.furniture import (
    cabinet,
    chair,
    kitchen_run,
    shelf,
    sofa,
    table,
)
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker, Piece, Surface
from fastdepth_ros.offline.synthesis.materials import Random, tinted
from fastdepth_ros.offline.synthesis.meshes import box, cylinder, ellipsoid, lathe


def carton(rng: Random, assets: Assets) -> Piece:
    """A box of any proportions, or two, one upon the other."""
    width, depth, height = np.exp(rng.uniform(np.log(0.12), np.log(0.9), 3))
    meshes = [box((width, depth, height), assets.material(rng, 'thing'))]
    if rng.random() < 0.25:
        above = np.array([width, depth, height]) * rng.uniform(0.4, 0.9, 3)
        meshes.append(box(above, assets.material(rng, 'thing'), (0, 0, height)))
        return Piece(meshes, width, depth)
    return Piece(meshes, width, depth, [Surface(0, 0, width * 0.8, depth * 0.8, height)])


def drum(rng: Random, assets: Assets) -> Piece:
    """A bin, a bucket, a pillar, a floor lamp: something round."""
    radius, height = rng.uniform(0.08, 0.35), rng.uniform(0.2, 1.3)
    material = assets.material(rng, 'thing', rng.choice([0, 0, 0.2]))
    if rng.random() < 0.3:
        stand = cylinder(0.02, height + 0.4, assets.plain(rng))
        shade = lathe([(radius, height + 0.3), (radius * 0.6, height + 0.6)], material)
        return Piece(
            [stand, cylinder(radius * 0.7, 0.03, material), shade], 2 * radius, 2 * radius
        )
    taper = rng.uniform(0.7, 1.2)
    body = lathe([(0, 0), (radius * taper, 0), (radius, height), (0, height * 0.9)], material)
    return Piece([body], 2 * radius, 2 * radius)


def plant(rng: Random, assets: Assets) -> Piece:
    """A pot, a stem and leaves."""
    height, spread = rng.uniform(0.3, 1.8), rng.uniform(0.12, 0.5)
    pot = lathe([(0, 0), (0.1, 0), (0.14, 0.22), (0.11, 0.22), (0, 0.2)], assets.plain(rng))
    green = tinted(assets.plain(rng), rng.uniform((0.03, 0.15, 0.02), (0.3, 0.5, 0.2)))
    meshes = [pot, cylinder(0.012, height, green)]
    for _ in range(rng.integers(8, 30)):
        radii = np.array([0.3, 0.12, 0.01]) * spread * rng.uniform(0.5, 1.2)
        leaf = ellipsoid(radii, green)
        tilt = rng.uniform(-0.9, 0.9)
        leaf = leaf.tilted(-tilt)
        angle, out = rng.uniform(0, 2 * math.pi), rng.uniform(0.1, 1) * spread
        z = rng.uniform(0.25, 1) * height
        meshes.append(leaf.moved(out * math.cos(angle), out * math.sin(angle), z, angle))
    return Piece(meshes, spread * 1.4, spread * 1.4)


def person(rng: Random, assets: Assets) -> Piece:
    """Somebody who stands: legs, trunk, arms, head."""
    tall = rng.uniform(1.5, 1.95)
    shirt, trousers = assets.material(rng, 'thing'), assets.plain(rng)
    skin = tinted(assets.plain(rng), np.array([0.8, 0.55, 0.42]) * rng.uniform(0.25, 1.1))
    hair = assets.plain(rng)
    hip, shoulder = 0.48 * tall, 0.82 * tall
    meshes = [
        ellipsoid((0.2, 0.13, (shoulder - hip) / 2 + 0.06), shirt, (0, 0, hip - 0.05)),
        ellipsoid((0.08, 0.1, 0.12), skin, (0, 0, tall - 0.24)),
        ellipsoid((0.085, 0.1, 0.06), hair, (0, 0.02, tall - 0.11)),
    ]
    stride = rng.uniform(0, 0.25)
    for side in (-1, 1):
        leg = lathe([(0.06, 0), (0.06, hip * 0.5), (0.085, hip), (0, hip)], trousers)
        meshes.append(leg.moved(side * 0.1, side * stride))
        arm = lathe([(0.04, 0), (0.055, shoulder - hip), (0, shoulder - hip)], shirt)
        meshes.append(arm.moved(side * 0.24, side * -stride, hip))
        meshes.append(
            ellipsoid((0.04, 0.04, 0.08), skin, (side * 0.24, side * -stride, hip - 0.14))
        )
    return Piece(meshes, 0.6, 0.6)


def thing(rng: Random, assets: Assets) -> Piece:
    """Something small, as it stands on tables: box, can, bottle, bowl, ball, screen, book pile."""
    material = assets.material(rng, 'thing', rng.choice([0, 0, 0, 0.1, 0.25]))
    small = replace(material, tile=material.tile * 0.2)
    kind = rng.integers(7)
    r, h = rng.uniform(0.02, 0.09), rng.uniform(0.04, 0.3)
    if kind == 0:
        size = np.exp(rng.uniform(np.log(0.03), np.log(0.35), 3))
        return Piece([box(size, small)], float(size[0]), float(size[1]))
    if kind == 1:
        profile = [(0, 0), (r, 0), (r, h * 0.6), (r * 0.35, h * 0.8), (r * 0.35, h), (0, h)]
        return Piece([lathe(profile, small)], 2 * r, 2 * r)
    if kind == 2:
        profile = [(r * 0.6, 0), (r * 1.5, r), (r * 1.4, r), (r * 0.5, 0.01), (0, 0.01)]
        return Piece([lathe(profile, small)], 3 * r, 3 * r)
    if kind == 3:
        return Piece([ellipsoid((r, r, r), small)], 2 * r, 2 * r)
    if kind == 4:  # a screen
        w, tall = rng.uniform(0.25, 0.75), rng.uniform(0.18, 0.45)
        dark = tinted(assets.plain(rng, gloss=0.1), np.full(3, 0.03))
        foot = box((w * 0.4, 0.15, 0.02), dark)
        stem = box((0.04, 0.03, 0.12), dark)
        return Piece([foot, stem, box((w, 0.03, tall), dark, (0, 0, 0.1))], w, 0.2)
    if kind == 5:
        meshes, z = [], 0.0
        for _ in range(rng.integers(1, 7)):
            thick = rng.uniform(0.01, 0.05)
            book = box((rng.uniform(0.13, 0.3), rng.uniform(0.1, 0.22), thick), assets.plain(rng))
            meshes.append(book.moved(0, 0, z, rng.uniform(-0.3, 0.3)))
            z += thick
        return Piece(meshes, 0.3, 0.25)
    body = lathe([(0, 0), (r, 0), (r, h * 0.5), (r * 0.9, h * 0.5), (r * 0.9, 0.01)], small)
    return Piece([body], 2 * r, 2 * r)


ALONG_WALLS: tuple[Maker, ...] = (
    *(shelf, shelf, cabinet, cabinet, kitchen_run, sofa, table, drum, plant, carton),
)
FREE = (table, table, chair, chair, chair, carton, carton, drum, plant, person, sofa)
