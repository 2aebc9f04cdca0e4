"""Bookshelf, wardrobe, sideboard, dresser, cartons."""

from __future__ import annotations

import numpy as np

from fastdepth_ros.simulation.room.boxes import Box, Paint, span
from fastdepth_ros.simulation.room.pieces import BLACK, CARTON, WOODS, Piece, pick, small_things


def bookshelf(rng: np.random.Generator) -> Piece:
    """Boards between two sides, rows of books with gaps."""
    width, height, depth = 0.9 + 0.4 * rng.random(), 1.9, 0.32
    paint, x, y = Paint('wood', pick(rng, WOODS)), width / 2, depth / 2
    boxes = [span((-x, -y, 0.0), (x, -y + 0.02, height), paint)]
    boxes += [span((s - 0.015, -y, 0.0), (s + 0.015, y, height), paint) for s in (-x, x)]
    for z in np.linspace(0.06, height, 6):
        boxes.append(span((-x, -y, z - 0.025), (x, y, z), paint))
    for z in np.linspace(0.06, height, 6)[:-1]:
        left = -x + 0.03
        while left < x - 0.2:
            run = min(float(rng.uniform(0.2, 0.55)), x - 0.03 - left)
            tall = float(rng.uniform(0.2, 0.29))
            if rng.random() < 0.8:
                spines = Paint('books', (0.5, 0.4, 0.3))
                boxes.append(_book_row(left, run, float(z), tall, y, spines))
            left += run + float(rng.uniform(0.0, 0.12))
    return Piece(boxes, width + 0.05, depth)


def _book_row(left: float, run: float, z: float, tall: float, y: float, spines: Paint) -> Box:
    page = Paint('smooth', (0.75, 0.72, 0.64))
    return span((left, -y + 0.03, z), (left + run, y - 0.05, z + tall), page, spines)


def wardrobe(rng: np.random.Generator) -> Piece:
    """Tall, with panelled doors."""
    wide = 0.55 * rng.uniform(0.9, 1.4)
    colour = pick(rng, WOODS)
    body = span((-wide, -0.28, 0.0), (wide, 0.28, 2.0), Paint('wood', colour))
    doors = span((-wide, 0.28, 0.06), (wide, 0.30, 1.97), body.paint, Paint('cupboard', colour))
    return Piece([body, doors], 2 * wide, 0.6)


def sideboard(rng: np.random.Generator) -> Piece:
    """A low cupboard with a television on it."""
    colour = pick(rng, WOODS)
    front = Paint('cupboard', colour)
    boxes = [
        span((-0.8, -0.22, 0.08), (0.8, 0.22, 0.6), Paint('wood', colour), front),
        span((-0.75, -0.18, 0.0), (0.75, 0.18, 0.08), BLACK),
        span((-0.2, -0.12, 0.6), (0.2, 0.10, 0.62), BLACK),
        span((-0.05, -0.04, 0.62), (0.05, 0.0, 0.70), BLACK),
        span((-0.5, -0.05, 0.68), (0.5, 0.0, 1.26), BLACK, Paint('screen', (0.03, 0.03, 0.04))),
    ]
    return Piece(boxes, 1.6, 0.46)


def dresser(rng: np.random.Generator) -> Piece:
    """A chest of drawers with things on top."""
    colour = pick(rng, WOODS)
    front = Paint('drawers', colour)
    body = span((-0.45, -0.23, 0.0), (0.45, 0.23, 0.85), Paint('wood', colour), front)
    return Piece([body, *small_things(rng, 0.35, 0.12, 0.85)], 0.9, 0.46)


def cartons(rng: np.random.Generator) -> Piece:
    """A few cardboard boxes, one on top of another."""
    boxes, x = [], -0.45
    for _ in range(2):
        size = rng.uniform((0.34, 0.28, 0.22), (0.46, 0.4, 0.42))
        turn = float(rng.uniform(-0.25, 0.25))
        boxes.append(Box((x + 0.22, 0.0, size[2] / 2), tuple(size), CARTON, CARTON, turn))
        if rng.random() < 0.7:
            small = 0.75 * size
            height = float(size[2] + small[2] / 2)
            boxes.append(Box((x + 0.24, 0.0, height), tuple(small), CARTON, CARTON, -turn))
        x += 0.52
    return Piece(boxes, 1.1, 0.5)
