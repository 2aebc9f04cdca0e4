"""A workshop's: benches, perforated boards, and tools in the sizes of the trade."""

from __future__ import annotations

import math

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.finishes import grey, shade
from fastdepth_ros.offline.synthesis.furnishing.furniture import legs
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker, Piece, Surface, lying, solid
from fastdepth_ros.offline.synthesis.labels import label
from fastdepth_ros.offline.synthesis.materials import Material, Random
from fastdepth_ros.offline.synthesis.meshes import (
    Mesh,
    arch,
    box,
    cylinder,
    lathe,
    open_box,
    pipe,
    superellipsoid,
    tube,
)


def _upright(rng: Random, assets: Assets) -> Piece:
    """A hammer, a screwdriver, a spanner, pliers or a saw, its grip at z = 0."""
    kind, steel = int(rng.integers(5)), grey(rng, assets, 0.25, 0.7, 0.3)
    grip = assets.plain(rng) if rng.random() < 0.7 else assets.material(rng, 'thing')
    if kind == 0:
        h = rng.uniform(0.26, 0.34)
        head = box((0.11, 0.026, 0.028), steel, (0.01, 0, h - 0.03))
        return solid(box((0.026, 0.02, h), grip), head)
    if kind == 1:
        h = rng.uniform(0.06, 0.16)
        handle = lathe([(0, 0), (0.014, 0.005), (0.016, 0.05), (0.009, 0.09), (0, 0.1)], grip)
        return solid(handle, cylinder(rng.uniform(0.002, 0.004), h, steel, (0, 0, 0.09)))
    if kind == 2:
        h = rng.uniform(0.13, 0.26)
        end = cylinder(0.016, 0.007, steel).pitched(math.pi / 2)
        bar = box((0.016, 0.006, h), steel)
        return solid(bar, end.moved(0, 0, 0.016), end.moved(0, 0, h))
    if kind == 3:
        t = np.linspace(0, 1, 8)
        arms = [
            pipe(np.stack([s * 0.03 * np.cos(t * 1.5), 0 * t, 0.11 * t], -1), 0.008, grip)
            for s in (-1, 1)
        ]
        return solid(*arms, box((0.03, 0.012, 0.07), steel, (0, 0, 0.11)))
    h = rng.uniform(0.3, 0.45)
    blade = box((0.09, 0.0015, h), steel, (0, 0, 0.1))
    return solid(blade, superellipsoid((0.1, 0.022, 0.12), grip, (0, 0, 0), 0.4, 0.4))


def hand_tool(rng: Random, assets: Assets) -> Piece:
    """One of them, lying."""
    return lying(_upright(rng, assets))


def drill(rng: Random, assets: Assets) -> Piece:
    """A cordless one on its battery, 20 cm long and 20 high."""
    skin, dark = assets.plain(rng, gloss=0.05), grey(rng, assets, 0.02, 0.1)
    return solid(
        box((0.11, 0.075, 0.05), dark),
        superellipsoid((0.045, 0.04, 0.12), dark, (0, 0, 0.045), 0.3, 0.6),
        superellipsoid((0.15, 0.06, 0.065), skin, (-0.02, 0, 0.14), 0.4, 0.3),
        *tube(0.018, dark, (-0.09, 0, 0.172), (-0.14, 0, 0.172)),
        *tube(0.003, grey(rng, assets, 0.4, 0.7, 0.3), (-0.14, 0, 0.172), (-0.21, 0, 0.172)),
    )


def tool_box(rng: Random, assets: Assets) -> Piece:
    """40 to 55 cm with its lid and bow, or open with tools in it."""
    w, d, h = rng.uniform(0.38, 0.55), rng.uniform(0.18, 0.24), rng.uniform(0.14, 0.22)
    skin, dark = assets.plain(rng, gloss=0.04), grey(rng, assets, 0.02, 0.2)
    if rng.random() < 0.5:
        bow = pipe(arch(0.1, 0.05, h + 0.06), 0.011, dark)
        lid = box((w + 0.01, d + 0.01, 0.07), dark, (0, 0, h))
        clasp = box(
            (0.04, 0.01, 0.06), grey(rng, assets, 0.4, 0.8, 0.3), (w * 0.3, -d / 2, h - 0.03)
        )
        return solid(box((w, d, h), skin), lid, clasp, bow)
    meshes = open_box(w, d, h, 0.006, 0.01, skin)
    for _ in range(rng.integers(3, 9)):
        tool = hand_tool(rng, assets)
        y, z = rng.uniform(-0.3, 0.3) * d, h * rng.uniform(0.3, 0.95)
        meshes += tool.moved(0, y, z, rng.normal(0, 0.15) + math.pi / 2).meshes
    return solid(*meshes)


def paint_pot(rng: Random, assets: Assets) -> Piece:
    """10 to 18 cm with a bow, or a spray can of 20."""
    skin = Material(label(rng), tile=0.3)
    if rng.random() < 0.4:
        cap = assets.plain(rng)
        return solid(
            lathe([(0, 0), (0.033, 0), (0.033, 0.15), (0.012, 0.165), (0, 0.165)], skin),
            cylinder(0.027, 0.04, cap, (0, 0, 0.155)),
        )
    r, h = rng.uniform(0.05, 0.09), rng.uniform(0.1, 0.18)
    metal, t = grey(rng, assets, 0.4, 0.8, 0.25), np.linspace(0, math.pi, 14)
    reach = rng.uniform(-0.6, 0.9)
    bow = np.stack(
        [r * np.cos(t), r * reach * np.sin(t), h * 0.85 + r * math.sqrt(1 - reach**2) * np.sin(t)],
        -1,
    )
    rim = cylinder(r * 1.02, 0.006, metal, (0, 0, h - 0.006))
    return solid(cylinder(r, h, skin), rim, pipe(bow, 0.0025, metal))


def tape_roll(rng: Random, assets: Assets) -> Piece:
    """Packing or insulating tape, 7 to 12 cm across, flat or on edge; one or two."""
    meshes: list[Mesh] = []
    for n in range(int(rng.integers(1, 3))):
        r, h, skin = rng.uniform(0.035, 0.06), rng.choice([0.019, 0.048]), assets.plain(rng, 0.05)
        hole = r * rng.uniform(0.55, 0.8)
        ring = lathe([(hole, 0), (r, 0), (r, h), (hole, h), (hole, 0)], skin)
        meshes.append(ring.moved(0.1 * n, 0.03 * n))
    roll = solid(*meshes)
    return lying(roll) if len(meshes) == 1 and rng.random() < 0.3 else roll


def component_bins(rng: Random, assets: Assets) -> Piece:
    """Two to four rows of plastic bins of 10 cm, each filled to another height."""
    rows, columns = int(rng.integers(2, 5)), int(rng.integers(3, 6))
    skin, front = assets.plain(rng), assets.plain(rng)
    body = grey(rng, assets, 0.1, 0.8)
    width = columns * 0.1
    meshes = [box((width, 0.14, rows * 0.075), body, (0, 0.03, 0))]
    for row in range(rows):
        for column in range(columns):
            colour = skin if rng.random() < 0.7 else front
            at = (0.1 * (column + 0.5 - columns / 2), -0.045, row * 0.075 + 0.006)
            meshes.append(box((0.092, 0.05, rng.uniform(0.035, 0.065)), colour, at))
    return solid(*meshes)


def workbench(rng: Random, assets: Assets) -> Piece:
    """1.2 to 2.2 m wide, 60 to 80 deep, 82 to 95 high; a shelf below, a vice, a rear board."""
    width, depth, h = rng.uniform(1.2, 2.2), rng.uniform(0.6, 0.8), rng.uniform(0.82, 0.95)
    wood, steel = assets.material(rng, 'thing'), shade(rng, assets, gloss=0.1)
    meshes = [box((width, depth, 0.045), wood, (0, 0, h - 0.045))]
    meshes += legs(0.07, h - 0.045, width / 2 - 0.08, depth / 2 - 0.08, steel)
    if rng.random() < 0.6:
        meshes.append(box((width - 0.1, depth - 0.15, 0.03), wood, (0, 0, 0.2)))
        for n in range(int(rng.integers(1, 4))):
            piece = tool_box(rng, assets)
            meshes += piece.moved((n - 1) * width * 0.3, 0, 0.23).meshes
    if rng.random() < 0.4:
        jaw, x = grey(rng, assets, 0.1, 0.4, 0.1), rng.choice([-1, 1]) * (width / 2 - 0.2)
        meshes.append(box((0.12, 0.14, 0.1), jaw, (x, -depth / 2 + 0.1, h)))
        meshes.append(box((0.14, 0.03, 0.07), jaw, (x, -depth / 2, h + 0.05)))
        meshes += tube(
            0.01, jaw, (x, -depth / 2 - 0.06, h - 0.02), (x, -depth / 2 - 0.06, h + 0.12)
        )
    if rng.random() < 0.6:
        board = pegboard(rng, assets, width)
        meshes += board.moved(0, depth / 2 - 0.005, h + 0.1).meshes
    return Piece(meshes, width, depth + 0.1, [Surface(0, 0, width * 0.95, depth * 0.85, h)])


def pegboard(rng: Random, assets: Assets, width: float) -> Piece:
    """A perforated board of `width` m, 60 to 90 high, at y = 0, tools hanging before it."""
    high = rng.uniform(0.6, 0.9)
    meshes = [box((width, 0.015, high), assets.material(rng, 'thing'), (0, -0.01, 0))]
    for row in range(2):
        x = -width / 2 + 0.1
        while x < width / 2 - 0.1:
            if rng.random() < 0.75:
                tool = _upright(rng, assets)
                meshes += tool.moved(x, -0.04, 0.04 + row * high * 0.48).meshes
            x += rng.uniform(0.07, 0.18)
    return solid(*meshes)


def hung_tools(rng: Random, assets: Assets) -> Piece:
    """The same on a wall, 0.6 to 1.6 m wide, from 1 to 1.2 m up."""
    board = pegboard(rng, assets, rng.uniform(0.6, 1.6))
    return board.moved(0, 0, rng.uniform(1.0, 1.2))


TOOLS: tuple[Maker, ...] = (
    *(hand_tool, hand_tool, hand_tool, hand_tool, drill, tool_box, paint_pot, paint_pot),
    *(tape_roll, tape_roll, component_bins),
)
