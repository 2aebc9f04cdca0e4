"""The layout of a furnished room, from a seed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from fastdepth_ros.simulation.room.boxes import RGB, Box, Paint, Point, span
from fastdepth_ros.simulation.room.furniture import CENTRE_PIECES, WALL_PIECES
from fastdepth_ros.simulation.room.openings import (
    DOOR_WIDTH,
    WINDOW_WIDTH,
    door,
    pictures,
    window,
)
from fastdepth_ros.simulation.room.path import loop_points
from fastdepth_ros.simulation.room.pieces import WHITE, Piece, pick

CLEARANCE = 0.38  # m between the camera's path and any furniture
THICK = 0.2  # m, floor, walls and ceiling
WALLS = 4
FLOORS = (
    Paint('planks', (0.62, 0.43, 0.26)),
    Paint('tiles', (0.70, 0.66, 0.58)),
    Paint('carpet', (0.46, 0.44, 0.42)),
    Paint('planks', (0.42, 0.29, 0.20)),
)
WALL_COLOURS: tuple[RGB, ...] = (
    (0.87, 0.85, 0.80),
    (0.78, 0.80, 0.79),
    (0.84, 0.78, 0.66),
    (0.66, 0.72, 0.76),
)
BRICK = Paint('brick', (0.58, 0.36, 0.28))
LAMP: RGB = (1.0, 0.96, 0.88)


@dataclass
class Room:
    """Boxes in a room that spans (0, 0, 0) to `size` metres, z up."""

    size: Point
    boxes: list[Box] = field(default_factory=list)
    footprints: list[tuple[float, float, float, float]] = field(default_factory=list)


def build_room(seed: int) -> Room:
    """A room of about 7 x 5.4 x 2.6 m; the same seed gives the same room."""
    rng = np.random.default_rng([seed, 0])
    size = (*rng.uniform((6.6, 5.0), (7.4, 5.7)), rng.uniform(2.45, 2.8))
    room = Room((float(size[0]), float(size[1]), float(size[2])))
    path = loop_points(room.size, 400)
    _add_shell(room, rng)
    _add_lamps(room)
    features = [str(f) for f in rng.permutation(['door', 'window', 'window', 'picture'])]
    for wall, feature in enumerate(features):
        _add_feature(room, rng, wall, feature)
    _furnish_walls(room, rng, path)
    _furnish_centre(room, rng, path)
    return room


def _add_shell(room: Room, rng: np.random.Generator) -> None:
    """Floor, ceiling, four walls (one of brick or paper), skirting boards."""
    x, y, z = room.size
    colour, t = pick(rng, WALL_COLOURS), THICK
    walls = [Paint('plaster', colour)] * WALLS
    walls[rng.integers(WALLS)] = BRICK if rng.random() < 0.5 else Paint('wallpaper', colour)
    ends = [
        ((-t, -t), (x + t, 0)),
        ((-t, y), (x + t, y + t)),
        ((-t, 0), (0, y)),
        ((x, 0), (x + t, y)),
    ]
    room.boxes += [
        span((*a, 0.0), (*b, z), paint, paint) for (a, b), paint in zip(ends, walls, strict=True)
    ]
    floor, ceiling = FLOORS[rng.integers(len(FLOORS))], Paint('plaster', (0.88, 0.88, 0.86))
    room.boxes.append(span((-t, -t, -t), (x + t, y + t, 0.0), floor))
    room.boxes.append(span((-t, -t, z), (x + t, y + t, z + t), ceiling))
    board = WHITE if rng.random() < 0.6 else Paint('wood', (0.40, 0.28, 0.19))
    d, h = 0.015, 0.09
    strips = [
        ((0, 0), (x, d)),
        ((0, y - d), (x, y)),
        ((0, d), (d, y - d)),
        ((x - d, d), (x, y - d)),
    ]
    room.boxes += [span((*a, 0.0), (*b, h), board) for a, b in strips]


def _add_lamps(room: Room) -> None:
    """Two luminous panels on the ceiling."""
    x, y, z = room.size
    for part in (0.28, 0.72):
        low, high = (part * x - 0.4, y / 2 - 0.25, z - 0.04), (part * x + 0.4, y / 2 + 0.25, z)
        room.boxes.append(span(low, high, Paint('lamp', LAMP, emission=1.0)))


def wall_frame(room: Room, wall: int) -> tuple[float, float, float, float]:
    """Middle (x, y) of a wall, the yaw that turns +y into the room, and the wall's length."""
    x, y, _ = room.size
    return (
        (x / 2, 0.0, 0.0, x),
        (x, y / 2, math.pi / 2, y),
        (x / 2, y, math.pi, x),
        (0.0, y / 2, -math.pi / 2, y),
    )[wall]


def at_wall(room: Room, wall: int, along: float, out: float) -> tuple[float, float, float]:
    """(x, y, yaw) of a point `along` metres from the wall's middle, `out` metres off the wall."""
    mx, my, yaw, _ = wall_frame(room, wall)
    cos, sin = math.cos(yaw), math.sin(yaw)
    return mx + cos * along - sin * out, my + sin * along + cos * out, yaw


def _add_feature(room: Room, rng: np.random.Generator, wall: int, feature: str) -> None:
    """A door, a window with curtains and radiator, or pictures, somewhere on the wall."""
    length = wall_frame(room, wall)[3]
    along = float(rng.uniform(-0.25, 0.25)) * length
    boxes = {'door': door, 'window': window, 'picture': pictures}[feature](rng)
    x, y, yaw = at_wall(room, wall, along, 0.0)
    room.boxes += [box.moved(x, y, 0.0, yaw) for box in boxes]
    if feature == 'door':  # nothing may stand before it
        _claim(room, *at_wall(room, wall, along, 0.35), DOOR_WIDTH + 0.2, 0.7)
    if feature == 'window':  # nor before the radiator
        _claim(room, *at_wall(room, wall, along, 0.12), WINDOW_WIDTH, 0.24)


def _furnish_walls(room: Room, rng: np.random.Generator, path: np.ndarray) -> None:
    """Sets each kind of piece at the first place on a wall where it fits."""
    for make in WALL_PIECES:
        piece = make(rng)
        for _ in range(30):
            wall = int(rng.integers(WALLS))
            reach = (wall_frame(room, wall)[3] - piece.width) / 2 - 0.03
            along = float(rng.uniform(-reach, reach))
            place = at_wall(room, wall, along, piece.depth / 2 + 0.03)
            if _fits(room, path, *place, piece):
                _put(room, *place, piece)
                break


def _furnish_centre(room: Room, rng: np.random.Generator, path: np.ndarray) -> None:
    """Sets a table in the middle, inside the loop."""
    for make in rng.permutation(np.array(CENTRE_PIECES, object)):
        piece: Piece = make(rng)
        place = (room.size[0] / 2, room.size[1] / 2, 0.0)
        if _fits(room, path, *place, piece):
            _put(room, *place, piece)
            return


def _put(room: Room, x: float, y: float, yaw: float, piece: Piece) -> None:
    room.boxes += piece.moved(x, y, yaw)
    _claim(room, x, y, yaw, piece.width, piece.depth)


def _claim(room: Room, x: float, y: float, yaw: float, width: float, depth: float) -> None:
    room.footprints.append(_footprint(x, y, yaw, width, depth))


def _footprint(
    x: float, y: float, yaw: float, width: float, depth: float
) -> tuple[float, float, float, float]:
    """(x0, y0, x1, y1) of a rectangle that is turned by a multiple of 90 degrees."""
    if abs(math.sin(yaw)) > 0.5:
        width, depth = depth, width
    return x - width / 2, y - depth / 2, x + width / 2, y + depth / 2


def _fits(room: Room, path: np.ndarray, x: float, y: float, yaw: float, piece: Piece) -> bool:
    """Whether the piece touches no other one and keeps clear of the camera's path."""
    x0, y0, x1, y1 = _footprint(x, y, yaw, piece.width, piece.depth)
    if any(x0 < d and c < x1 and y0 < f and e < y1 for c, e, d, f in room.footprints):
        return False
    away = np.maximum(np.maximum((x0, y0) - path, path - (x1, y1)), 0)
    return bool(np.linalg.norm(away, axis=1).min() > CLEARANCE)
