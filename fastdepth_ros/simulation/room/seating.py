"""Chair, sofa, armchair, bed."""

from __future__ import annotations

import numpy as np

from fastdepth_ros.simulation.room.boxes import Box, Paint, span
from fastdepth_ros.simulation.room.pieces import CLOTHS, WOODS, Piece, pick


def chair(rng: np.random.Generator) -> Piece:
    """Seat, four legs, a back of three slats on the -y side."""
    paint = Paint('wood', pick(rng, WOODS))
    boxes = [span((-0.21, -0.21, 0.43), (0.21, 0.21, 0.47), paint)]
    for x in (-0.19, 0.19):
        boxes.append(span((x - 0.02, 0.17, 0.0), (x + 0.02, 0.21, 0.43), paint))
        boxes.append(span((x - 0.02, -0.21, 0.0), (x + 0.02, -0.17, 0.90), paint))
    for z in (0.55, 0.67, 0.79):
        boxes.append(span((-0.17, -0.20, z), (0.17, -0.18, z + 0.08), paint))
    return Piece(boxes, 0.45, 0.45)


def sofa(rng: np.random.Generator) -> Piece:
    """Base, back, two arms, three cushions."""
    paint = Paint('fabric', pick(rng, CLOTHS))
    boxes = [
        span((-1.0, -0.42, 0.02), (1.0, 0.40, 0.28), paint),
        span((-1.0, -0.42, 0.28), (1.0, -0.2, 0.82), paint),
        span((-1.0, -0.42, 0.0), (-0.82, 0.42, 0.6), paint),
        span((0.82, -0.42, 0.0), (1.0, 0.42, 0.6), paint),
    ]
    for n in range(3):
        left = -0.81 + n * 0.54
        boxes.append(span((left, -0.2, 0.28), (left + 0.53, 0.41, 0.45), paint))
    pillow = Paint('fabric', pick(rng, CLOTHS))
    boxes.append(Box((0.55, -0.08, 0.62), (0.42, 0.13, 0.34), pillow, yaw=0.25))
    boxes.append(Box((-0.6, -0.1, 0.6), (0.38, 0.12, 0.32), pillow, yaw=-0.15))
    return Piece(boxes, 2.0, 0.84)


def armchair(rng: np.random.Generator) -> Piece:
    """A small sofa for one."""
    paint = Paint('fabric', pick(rng, CLOTHS))
    boxes = [
        span((-0.40, -0.36, 0.12), (0.40, 0.38, 0.42), paint),
        span((-0.40, -0.40, 0.12), (0.40, -0.22, 0.92), paint),
        span((-0.44, -0.38, 0.0), (-0.30, 0.38, 0.6), paint),
        span((0.30, -0.38, 0.0), (0.44, 0.38, 0.6), paint),
    ]
    return Piece(boxes, 0.9, 0.8)


def bed(rng: np.random.Generator) -> Piece:
    """Frame, mattress, blanket and pillow; it lies along the wall."""
    frame, cloth = Paint('wood', pick(rng, WOODS)), Paint('fabric', pick(rng, CLOTHS))
    sheet = Paint('fabric', (0.85, 0.84, 0.80))
    boxes = [
        span((-1.02, -0.46, 0.0), (1.02, 0.46, 0.30), frame),
        span((-1.06, -0.46, 0.0), (-1.0, 0.46, 0.85), frame),
        span((-1.0, -0.44, 0.30), (1.0, 0.44, 0.46), sheet),
        span((-0.45, -0.45, 0.46), (1.01, 0.47, 0.51), cloth),
        span((-0.95, -0.32, 0.46), (-0.60, 0.32, 0.57), sheet),
    ]
    return Piece(boxes, 2.12, 0.96)
