"""Tables, plant, lamp, and the lists of what stands where."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fastdepth_ros.simulation.room.boxes import Box, Paint, span
from fastdepth_ros.simulation.room.pieces import (
    BLACK,
    CLOTHS,
    METAL,
    WHITE,
    WOODS,
    Piece,
    pick,
    small_things,
)
from fastdepth_ros.simulation.room.seating import armchair, bed, chair, sofa
from fastdepth_ros.simulation.room.storage import bookshelf, cartons, dresser, sideboard, wardrobe


def table(rng: np.random.Generator, width: float, depth: float, height: float) -> Piece:
    """A top on four legs, with small things on it."""
    paint, x, y = Paint('wood', pick(rng, WOODS)), width / 2, depth / 2
    boxes = [span((-x, -y, height - 0.04), (x, y, height), paint)]
    for sx in (-1, 1):
        for sy in (-1, 1):
            px, py = sx * (x - 0.06), sy * (y - 0.06)
            corner = (px - 0.03, py - 0.03, 0.0), (px + 0.03, py + 0.03, height - 0.04)
            boxes.append(span(*corner, paint))
        rail = (-x + 0.06, sx * (y - 0.06) - 0.012, height - 0.12)
        boxes.append(span(rail, (x - 0.06, rail[1] + 0.024, height - 0.04), paint))
    return Piece(boxes + small_things(rng, x - 0.15, y - 0.12, height), width, depth)


def dining_table(rng: np.random.Generator) -> Piece:
    """A table of 0.74 m with two chairs drawn up to it."""
    piece = table(rng, 1.5, 0.8, 0.74)
    seats = [chair(rng).moved(x, -0.62, float(rng.uniform(-0.2, 0.2))) for x in (-0.35, 0.4)]
    return Piece(piece.boxes + [box for seat in seats for box in seat], 1.6, 1.75)


def coffee_table(rng: np.random.Generator) -> Piece:
    """A low table on a rug."""
    piece = table(rng, 1.1, 0.6, 0.42)
    rug = span((-1.05, -0.75, 0.0), (1.05, 0.75, 0.012), Paint('rug', pick(rng, CLOTHS)))
    return Piece([rug, *piece.boxes], 1.1, 0.6)


def desk(rng: np.random.Generator) -> Piece:
    """A desk with drawers, a monitor, a keyboard and a lamp."""
    colour = pick(rng, WOODS)
    wood, fronts = Paint('wood', colour), Paint('drawers', colour)
    boxes = [
        span((-0.7, -0.34, 0.71), (0.7, 0.34, 0.75), wood),
        span((0.28, -0.30, 0.0), (0.68, 0.30, 0.71), wood, fronts),
        span((-0.69, -0.32, 0.0), (-0.64, 0.32, 0.71), METAL),
        span((-0.3, -0.17, 0.85), (0.3, -0.13, 1.22), BLACK, Paint('screen', (0.05, 0.07, 0.10))),
        span((-0.04, -0.2, 0.75), (0.04, -0.16, 0.9), BLACK),
        span((-0.14, -0.24, 0.75), (0.14, -0.06, 0.765), BLACK),
        span((-0.22, 0.06, 0.75), (0.22, 0.2, 0.775), METAL),
        span((0.48, -0.2, 0.75), (0.51, -0.17, 1.15), METAL),
        span((0.40, -0.26, 1.12), (0.58, -0.1, 1.25), WHITE),
    ]
    return Piece(boxes, 1.4, 0.68)


def plant(rng: np.random.Generator) -> Piece:
    """A pot with upright leaves."""
    green = [(0.16, 0.33, 0.13), (0.24, 0.42, 0.17), (0.30, 0.40, 0.20)]
    boxes = [span((-0.15, -0.15, 0.0), (0.15, 0.15, 0.32), Paint('smooth', (0.62, 0.36, 0.25)))]
    for _ in range(16):
        x, y = rng.uniform(-0.2, 0.2, 2)
        low, tall = rng.uniform(0.28, 0.7), rng.uniform(0.2, 0.45)
        paint = Paint('fabric', green[rng.integers(3)])
        size = (float(rng.uniform(0.06, 0.16)), 0.012, float(tall))
        where = (float(x), float(y), float(low + tall / 2))
        boxes.append(Box(where, size, paint, yaw=float(rng.uniform(0, np.pi))))
    return Piece(boxes, 0.5, 0.5)


def floor_lamp(rng: np.random.Generator) -> Piece:
    """A foot, a pole and a shade."""
    shade = Paint('fabric', pick(rng, ((0.9, 0.86, 0.76), (0.75, 0.6, 0.45))))
    boxes = [
        span((-0.15, -0.15, 0.0), (0.15, 0.15, 0.03), METAL),
        span((-0.015, -0.015, 0.03), (0.015, 0.015, 1.45), METAL),
        span((-0.18, -0.18, 1.4), (0.18, 0.18, 1.7), shade),
    ]
    return Piece(boxes, 0.38, 0.38)


WALL_PIECES: tuple[Callable[[np.random.Generator], Piece], ...] = (
    bookshelf,
    sofa,
    sideboard,
    wardrobe,
    desk,
    dresser,
    bed,
    armchair,
    cartons,
    plant,
    floor_lamp,
    bookshelf,
    cartons,
    plant,
)
CENTRE_PIECES = (coffee_table, dining_table)
