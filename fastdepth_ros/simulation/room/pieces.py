"""A piece of furniture is boxes at the origin: its front looks along +y, z is up, metres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fastdepth_ros.simulation.room.boxes import RGB, Box, Paint

WOODS: tuple[RGB, ...] = (
    (0.72, 0.54, 0.36),
    (0.50, 0.33, 0.21),
    (0.82, 0.70, 0.52),
    (0.35, 0.24, 0.17),
    (0.86, 0.85, 0.82),
)
CLOTHS: tuple[RGB, ...] = (
    (0.30, 0.36, 0.46),
    (0.52, 0.50, 0.46),
    (0.55, 0.27, 0.22),
    (0.34, 0.42, 0.33),
    (0.74, 0.69, 0.60),
)
CARTON = Paint('cardboard', (0.70, 0.54, 0.36))
METAL = Paint('smooth', (0.32, 0.32, 0.34))
BLACK = Paint('smooth', (0.09, 0.09, 0.10))
WHITE = Paint('smooth', (0.85, 0.85, 0.83))


@dataclass(frozen=True)
class Piece:
    """Boxes and the rectangle (width along x, depth along y) that they stand in."""

    boxes: list[Box]
    width: float
    depth: float

    def moved(self, x: float, y: float, yaw: float) -> list[Box]:
        """The boxes, turned by yaw and moved to (x, y)."""
        return [box.moved(x, y, 0.0, yaw) for box in self.boxes]


def pick(rng: np.random.Generator, colours: tuple[RGB, ...]) -> RGB:
    """One of the colours."""
    return colours[rng.integers(len(colours))]


def small_things(rng: np.random.Generator, x: float, y: float, top: float) -> list[Box]:
    """Mugs, books and boxes on a surface of +-x by +-y at the height `top`."""
    things = []
    for px in np.arange(-x, x, 0.28):
        size = rng.uniform((0.07, 0.07, 0.03), (0.24, 0.2, 0.24))
        paint = Paint(('smooth', 'fabric')[rng.integers(2)], pick(rng, (*CLOTHS, WHITE.colour)))
        where = (float(px + rng.uniform(0, 0.1)), float(rng.uniform(-y, y)), top + size[2] / 2)
        if rng.random() < 0.75:
            things.append(Box(where, tuple(size), paint, yaw=float(rng.uniform(-0.6, 0.6))))
    return things
