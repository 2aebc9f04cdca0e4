"""Boxes and their faces: the only geometry of the room."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

RGB = tuple[float, float, float]
Point = tuple[float, float, float]
# Outward normals of a box's six sides in its own frame; a box's front is +y.
SIDES = np.array([(1, 0, 0), (-1, 0, 0), (0, 1, 0), (0, -1, 0), (0, 0, 1), (0, 0, -1)], np.float64)
FRONT = 2


@dataclass(frozen=True)
class Paint:
    """A procedural texture (a name in paints.PAINTS) and its base colour, sRGB 0..1."""

    kind: str
    colour: RGB = (0.8, 0.8, 0.8)
    emission: float = 0.0  # radiance relative to a lamp's; 0 for all but lamps and windows


@dataclass(frozen=True)
class Box:
    """A box of `size` metres, turned by `yaw` radians about the vertical; z is up."""

    centre: Point
    size: Point
    paint: Paint
    front: Paint | None = None  # of the +y side, where it differs
    yaw: float = 0.0

    def moved(self, x: float, y: float, z: float = 0.0, yaw: float = 0.0) -> Box:
        """Turned by yaw about the origin, then moved by (x, y, z)."""
        cos, sin = math.cos(yaw), math.sin(yaw)
        cx, cy, cz = self.centre
        centre = (x + cos * cx - sin * cy, y + sin * cx + cos * cy, z + cz)
        return replace(self, centre=centre, yaw=self.yaw + yaw)


def span(low: Point, high: Point, paint: Paint, front: Paint | None = None) -> Box:
    """The box between two opposite corners."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    centre = ((x0 + x1) / 2, (y0 + y1) / 2, (z0 + z1) / 2)
    return Box(centre, (x1 - x0, y1 - y0, z1 - z0), paint, front)


@dataclass(frozen=True)
class Faces:
    """F rectangles: points origin + u right + v down, u and v in 0..1, seen from outside."""

    origin: np.ndarray  # (F, 3) upper left corner, metres
    right: np.ndarray  # (F, 3) the whole upper edge
    down: np.ndarray  # (F, 3) the whole left edge, perpendicular to `right`
    normal: np.ndarray  # (F, 3) outward, length 1
    paints: list[Paint]
    index: np.ndarray  # (boxes, 6): the face of a box's side, -1 where it was left out

    @property
    def sizes(self) -> np.ndarray:
        """(F, 2): width and height in metres."""
        return np.stack(
            [np.linalg.norm(self.right, axis=1), np.linalg.norm(self.down, axis=1)], axis=1
        )


def box_faces(boxes: list[Box], room: Point) -> Faces:
    """Faces of all boxes that look into the room, which spans (0, 0, 0) to `room`."""
    centre = np.array([b.centre for b in boxes])[:, None]  # (B, 1, 3)
    size = np.array([b.size for b in boxes])[:, None]
    turn = np.stack([rotation(b.yaw) for b in boxes])[:, None]  # (B, 1, 3, 3)
    right, up = _face_axes()
    extent = [np.abs((size * axis).sum(-1, keepdims=True)) for axis in (SIDES, right, up)]
    world = [(turn @ axis[..., None])[..., 0] for axis in (SIDES, right, up)]  # (B, 6, 3)
    middle = centre + world[0] * extent[0] / 2
    outside = middle + 1e-3 * world[0]
    keep = ((outside > 0) & (outside < np.array(room))).all(-1)
    origin = middle - world[1] * extent[1] / 2 + world[2] * extent[2] / 2
    index = np.full(keep.shape, -1)
    index[keep] = np.arange(keep.sum())
    paints = [_side_paint(boxes[b], side) for b, side in np.argwhere(keep)]
    edges = (world[1] * extent[1])[keep], (-world[2] * extent[2])[keep]
    return Faces(origin[keep], *edges, world[0][keep], paints, index)


def rotation(yaw: float) -> np.ndarray:
    """(3, 3): a turn about z."""
    cos, sin = math.cos(yaw), math.sin(yaw)
    return np.array([(cos, -sin, 0), (sin, cos, 0), (0, 0, 1)])


def _face_axes() -> tuple[np.ndarray, np.ndarray]:
    """For each side its right and up directions, seen from outside: textures stand upright."""
    up = np.where(np.abs(SIDES[:, 2:]) > 0.5, (0.0, 1.0, 0.0), (0.0, 0.0, 1.0))
    up[5] = (0, -1, 0)
    return np.cross(up, SIDES), up


def _side_paint(box: Box, side: int) -> Paint:
    return box.front if side == FRONT and box.front is not None else box.paint
