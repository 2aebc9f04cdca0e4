"""What is on a wall: a door, a window, pictures. Its middle is the origin, +y is the room."""

from __future__ import annotations

import numpy as np

from fastdepth_ros.simulation.room.boxes import RGB, Box, Paint, span
from fastdepth_ros.simulation.room.pieces import WHITE, pick

SKY: RGB = (0.93, 0.96, 1.0)
DOOR_WIDTH, DOOR_HEIGHT = 0.92, 2.05
WINDOW_WIDTH, WINDOW_SILL, WINDOW_TOP = 1.4, 0.95, 2.15


def door(rng: np.random.Generator) -> list[Box]:
    """A door leaf in its frame."""
    w, h = DOOR_WIDTH / 2, DOOR_HEIGHT
    leaf = Paint('door', pick(rng, ((0.82, 0.80, 0.75), (0.55, 0.37, 0.24))))
    frame = Paint('smooth', (0.75, 0.73, 0.68))
    sides = [span((s - 0.05, 0.0, 0.0), (s + 0.05, 0.05, h + 0.08), frame) for s in (-w, w)]
    lintel = span((-w, 0.0, h), (w, 0.05, h + 0.08), frame)
    return [span((-w, 0.0, 0.0), (w, 0.03, h), leaf, leaf), *sides, lintel]


def window(rng: np.random.Generator) -> list[Box]:
    """A luminous pane, sill, radiator, curtains on a rod."""
    w = WINDOW_WIDTH / 2
    cloth = Paint('curtain', pick(rng, ((0.80, 0.74, 0.60), (0.48, 0.52, 0.58))))
    sill, top = WINDOW_SILL, WINDOW_TOP
    pane = Paint('window', SKY, emission=0.35)
    boxes = [span((-w, 0.0, sill), (w, 0.015, top), WHITE, pane)]
    boxes.append(span((-w - 0.05, 0.0, sill - 0.04), (w + 0.05, 0.16, sill), WHITE))
    ribs = Paint('slats', (0.84, 0.84, 0.84))
    boxes.append(span((-w + 0.1, 0.03, 0.15), (w - 0.1, 0.12, 0.75), WHITE, ribs))
    boxes.append(span((-w - 0.45, 0.06, top + 0.1), (w + 0.45, 0.09, top + 0.13), WHITE))
    for s in (-1, 1):
        left, right = sorted((s * (w - 0.02), s * (w + 0.4)))
        boxes.append(span((left, 0.05, 0.3), (right, 0.12, top + 0.1), cloth, cloth))
    return boxes


def pictures(rng: np.random.Generator) -> list[Box]:
    """A row of framed pictures."""
    boxes, x = [], -1.2
    while x < 1.2:
        w, h = rng.uniform(0.35, 0.8), rng.uniform(0.35, 0.6)
        z = 1.45 + rng.uniform(-0.1, 0.1)
        paint = Paint('picture', (0.55, float(rng.uniform(0.5, 0.8)), 0.85))
        boxes.append(span((x, 0.0, z - h / 2), (x + w, 0.025, z + h / 2), paint, paint))
        x += w + rng.uniform(0.15, 0.5)
    return boxes
