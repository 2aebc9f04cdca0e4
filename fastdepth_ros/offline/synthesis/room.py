"""A room: its size, what is in it, and the feet of its walls."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from fastdepth_ros.offline.synthesis.furnishing.piece import Piece, Surface
from fastdepth_ros.offline.synthesis.lights import Light
from fastdepth_ros.offline.synthesis.meshes import Mesh
from fastdepth_ros.offline.synthesis.styles import Style


@dataclass(frozen=True)
class Passage:
    """The foot of an opening into another room: its middle and its width, m."""

    x: float
    y: float
    width: float

    def is_behind(self, x: float, y: float, width: float) -> bool:
        """Whether something of that width about (x, y) on the wall would hang in it."""
        return math.hypot(x - self.x, y - self.y) < (self.width + width) / 2


@dataclass
class Room:
    """Size, what is in it, its lights, and the tops on which things stand; origin in a corner."""

    width: float
    depth: float
    height: float
    style: Style
    meshes: list[Mesh] = field(default_factory=list)
    lights: list[Light] = field(default_factory=list)
    surfaces: list[Surface] = field(default_factory=list)
    taken: list[tuple[float, float, float, float]] = field(default_factory=list)  # x0 y0 x1 y1
    ambient: float = 0.1  # light from everywhere, for what two bounces leave out
    passage: Passage | None = None  # into another furnished room

    def is_free(self, x: float, y: float, w: float, d: float, gap: float = 0.03) -> bool:
        """Whether a footprint about (x, y) lies in the room and on no other."""
        x0, y0, x1, y1 = x - w / 2, y - d / 2, x + w / 2, y + d / 2
        if x0 < 0 or y0 < 0 or x1 > self.width or y1 > self.depth:
            return False
        return all(
            x1 + gap < a or c + gap < x0 or y1 + gap < b or e + gap < y0
            for a, b, c, e in self.taken
        )

    def place(self, piece: Piece, x: float, y: float) -> bool:
        """Adds the piece about (x, y) if there is room for it."""
        if not self.is_free(x, y, piece.width, piece.depth):
            return False
        placed = piece.moved(x, y)
        self.meshes += placed.meshes
        self.surfaces += placed.tops
        self.take(x, y, piece.width, piece.depth)
        return True

    def take(self, x: float, y: float, w: float, d: float) -> None:
        """Nothing more will stand on this footprint."""
        self.taken.append((x - w / 2, y - d / 2, x + w / 2, y + d / 2))

    def side(self, number: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(start, along, inward) of the foot of wall 0 to 3, (3,) m; inward is of length 1."""
        w, d = self.width, self.depth
        starts = [(0, 0, 0), (w, 0, 0), (w, d, 0), (0, d, 0)]
        alongs = [(w, 0, 0), (0, d, 0), (-w, 0, 0), (0, -d, 0)]
        inwards = [(0, 1, 0), (-1, 0, 0), (0, -1, 0), (1, 0, 0)]
        start, along, inward = (np.array(v[number], float) for v in (starts, alongs, inwards))
        return start, along, inward
