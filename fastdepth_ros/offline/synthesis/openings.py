"""Openings in a wall and what is seen through them: a bare annex, or another furnished room."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing import objects
from fastdepth_ros.offline.synthesis.furnishing.finishes import shade
from fastdepth_ros.offline.synthesis.furnishing.piece import Piece
from fastdepth_ros.offline.synthesis.lights import ceiling_lamp, window, window_frame
from fastdepth_ros.offline.synthesis.materials import Material, Random
from fastdepth_ros.offline.synthesis.meshes import Mesh, box, panel
from fastdepth_ros.offline.synthesis.pieces import drawn
from fastdepth_ros.offline.synthesis.placing import furnish
from fastdepth_ros.offline.synthesis.room import Passage, Room


@dataclass(frozen=True)
class Opening:
    """A hole from the floor to `top` m in wall `side`, `left` m from its start."""

    side: int
    left: float
    width: float
    top: float
    is_door: bool = False

    def middle(self, room: Room) -> np.ndarray:
        """(3,) m, of its foot."""
        start, along, _ = room.side(self.side)
        return start + along / np.linalg.norm(along) * (self.left + self.width / 2)


def random_opening(rng: Random, room: Room, side: int) -> Opening:
    """Of 0.8 to 3 m, to the ceiling at times; half of those into a furnished room are doorways."""
    length = float(np.linalg.norm(room.side(side)[1]))
    if room.style.adjoining and rng.random() < 0.5:
        width = rng.uniform(0.76, 0.95)
        left = rng.uniform(0.1, max(length - width - 0.1, 0.11))
        return Opening(side, left, width, rng.uniform(1.98, 2.1), is_door=True)
    width = min(rng.uniform(0.8, 3), 0.8 * length)
    left = rng.uniform(0.05 * length, 0.95 * length - width)
    top = rng.uniform(2.0, room.height) if rng.random() < 0.7 else room.height - 0.01
    return Opening(side, left, width, top)


def pierced(rng: Random, room: Room, opening: Opening, material: Material) -> list[Mesh]:
    """The wall around an opening, with its jambs; the floor before it is kept clear."""
    start, along, inward = room.side(opening.side)
    length, up = float(np.linalg.norm(along)), np.array([0, 0, room.height])
    unit, left, width = along / length, opening.left, opening.width
    x = start + unit * left
    jamb = -inward * rng.uniform(0.08, 0.3)
    lintel = np.array([0, 0, opening.top])
    before = opening.middle(room) + inward * 0.5
    room.take(before[0], before[1], 1.0, 1.0)
    return [
        panel(start, unit * left, up, material),
        panel(x + unit * width, unit * (length - left - width), up, material),
        panel(x + lintel, unit * width, up - lintel, material),
        panel(x, jamb, up, material),
        panel(x + unit * width, jamb, up, material),
        panel(x + lintel, unit * width, jamb, material),
    ]


def annex(rng: Random, assets: Assets, room: Room, side: int) -> list[Mesh]:
    """What is seen through an opening: three walls, a lamp, a few pieces."""
    start, along, inward = room.side(side)
    deep = rng.uniform(1.2, 5.5)
    material = assets.material(rng, 'wall')
    up = np.array([0, 0, room.height])
    back = start - inward * deep
    meshes = [
        panel(back, along, up, material),
        panel(start, -inward * deep, up, material),
        panel(start + along, -inward * deep, up, material),
    ]
    middle = back + along / 2 + inward * deep / 2
    room.lights.append(ceiling_lamp(rng, middle[0], middle[1], room.height))
    for _ in range(rng.integers(0, 5)):
        piece = drawn(rng, assets, room.style, objects.FREE, room.style.free)
        at = back + along * rng.uniform(0.15, 0.85) + inward * deep * rng.uniform(0.15, 0.5)
        meshes += piece.moved(at[0], at[1], 0, rng.uniform(0, 2 * math.pi)).meshes
    return meshes


def add_window(rng: Random, assets: Assets, room: Room, side: int) -> None:
    """Somewhere in that wall, a fifth to three fifths of it wide."""
    start, along, inward = room.side(side)
    width = rng.uniform(0.2, 0.6)
    left = start + along * rng.uniform(0.1, 0.9 - width) + (0, 0, rng.uniform(0.7, 1.1))
    light = window(rng, left, along * width, inward)
    room.lights.append(light)
    room.meshes += window_frame(rng, light, inward, assets.plain(rng))


def adjoining(rng: Random, assets: Assets, room: Room, opening: Opening) -> Piece:
    """Another room behind the whole wall, furnished for its own purpose, with a door at times.

    Its lamps become the room's.
    """
    start, along, _ = room.side(opening.side)
    length, deep = float(np.linalg.norm(along)), rng.uniform(1.8, 5)
    other = Room(length, deep, room.height, room.style.of_one_room(rng))
    # Seen from the other room, the wall is its side 0, and runs the other way.
    middle = length - opening.left - opening.width / 2
    other.take(middle, 0.5, 1.0, 1.0)
    other.passage = Passage(middle, 0, opening.width)
    foot = opening.middle(room)
    room.passage = Passage(foot[0], foot[1], opening.width)
    _enclose(rng, assets, other)
    if opening.is_door:
        other.meshes += [mesh.moved(middle, 0) for mesh in _door(rng, assets, opening)]
    furnish(rng, assets, other)
    yaw = math.atan2(-along[1], -along[0])
    x, y, _ = start + along
    room.lights += [light.moved(x, y, yaw) for light in other.lights]
    return Piece(other.meshes, length, deep, other.surfaces).moved(x, y, 0, yaw)


def _enclose(rng: Random, assets: Assets, room: Room) -> None:
    """Three walls, a lamp, a window, at times a floor of its own."""
    wall, up = assets.material(rng, 'wall'), np.array([0, 0, room.height])
    for number in (1, 2, 3):
        start, along, _ = room.side(number)
        room.meshes.append(panel(start, along, up, wall))
    if rng.random() < 0.5:
        floor, w, d = assets.material(rng, 'floor'), room.width, room.depth
        room.meshes.append(panel((0, 0, 0.003), (w, 0, 0), (0, d, 0), floor))
    x, y = rng.uniform(0.3, 0.7, 2) * (room.width, room.depth)
    room.lights.append(ceiling_lamp(rng, x, y, room.height))
    if rng.random() < 0.5:
        add_window(rng, assets, room, int(rng.integers(1, 4)))


def _door(rng: Random, assets: Assets, opening: Opening) -> list[Mesh]:
    """A casing about x = 0 in the wall at y = 0 and, mostly, a leaf that is open to +y."""
    w, top, frame = opening.width, opening.top, assets.material(rng, 'thing')
    meshes = [box((w + 0.16, 0.06, 0.08), frame, (0, 0, top))]
    meshes += [box((0.08, 0.06, top), frame, (s * (w / 2 + 0.04), 0, 0)) for s in (-1, 1)]
    if rng.random() < 0.75:
        leaf, grip = assets.material(rng, 'thing'), shade(rng, assets, 0.3)
        side, angle = int(rng.choice([-1, 1])), math.radians(rng.uniform(25, 115))
        parts = [
            box((w, 0.04, top - 0.015), leaf, (-side * w / 2, 0, 0.008)),
            box((0.12, 0.14, 0.02), grip, (-side * (w - 0.1), 0, 1.05)),
        ]
        meshes += [part.moved(0, 0, 0, -side * angle).moved(side * w / 2, 0.04) for part in parts]
    return meshes
