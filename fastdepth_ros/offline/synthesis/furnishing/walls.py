"""What hangs on walls: boards, posters, screens, sockets; the wall is at y = 0, the room at -y."""

from __future__ import annotations

import math

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.finishes import grey, screen, shade
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker, Piece, solid
from fastdepth_ros.offline.synthesis.materials import (
    Material,
    Random,
    print_,
    text,
    tinted,
    writing,
)
from fastdepth_ros.offline.synthesis.meshes import Mesh, box, ellipsoid, lathe


def _hung(piece_meshes: list[Mesh], low: float) -> Piece:
    """On a wall that is at y = 0, its lower edge `low` metres high."""
    return solid(*(mesh.moved(0, 0, low) for mesh in piece_meshes))


def whiteboard(rng: Random, assets: Assets) -> Piece:
    """90 x 60 to 240 x 120 cm, its lower edge at 80 to 100; green or black at times."""
    w, h = ((0.9, 0.6), (1.2, 0.9), (1.8, 1.2), (2.4, 1.2))[rng.integers(4)]
    board = Material(writing(rng, rng.uniform(0.85, 0.97)), tile=w, gloss=0.05)
    if rng.random() < 0.15:
        board = tinted(assets.plain(rng), rng.uniform((0.03, 0.1, 0.06), (0.1, 0.2, 0.1)))
    rim = grey(rng, assets, 0.5, 0.8, 0.2)
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
    dark = grey(rng, assets, 0.01, 0.05, 0.12)
    shown = screen(rng, dark, wide)
    meshes = [
        box((wide, 0.06, tall), dark, (0, -0.05, 0)),
        box((wide - 0.02, 0.004, tall - 0.02), shown, (0, -0.082, 0.01)),
    ]
    return _hung(meshes, rng.uniform(0.95, 1.3))


def fixture(rng: Random, assets: Assets) -> Piece:
    """A switch at 105 cm, sockets at 30, a clock, a sign over a door, an extinguisher, a duct."""
    kind, white = rng.integers(6), grey(rng, assets, 0.6, 0.95)
    if kind == 0:
        return _hung([box((0.081, 0.012, 0.081), white, (0, -0.006, 0))], 1.05)
    if kind == 1:
        dark = grey(rng, assets, 0.3, 0.6)
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
        meshes.append(box((0.05, 0.004, 0.05), grey(rng, assets, 0.2, 0.5), (x, -0.072, 0.04)))
    return _hung(meshes, rng.choice([0.2, 0.8]))


ON_WALLS: tuple[Maker, ...] = (
    *(whiteboard, pinboard, poster, poster, poster, wall_screen, fixture, fixture, fixture),
)
