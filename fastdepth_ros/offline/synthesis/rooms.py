"""The layout of one random room: walls, openings, pieces along walls and free, clutter, lights."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing import objects
from fastdepth_ros.offline.synthesis.furnishing.piece import Piece, Surface
from fastdepth_ros.offline.synthesis.lights import Light, ceiling_lamp, window, window_frame
from fastdepth_ros.offline.synthesis.materials import Material, Random, glossy
from fastdepth_ros.offline.synthesis.meshes import Mesh, box, panel
from fastdepth_ros.offline.synthesis.pieces import drawn, next_piece
from fastdepth_ros.offline.synthesis.styles import Style
from fastdepth_ros.offline.synthesis.tops import pack, scatter


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
        w, d = piece.width / 2, piece.depth / 2
        self.taken.append((x - w, y - d, x + w, y + d))
        return True


def random_room(rng: Random, assets: Assets, style: Style) -> Room:
    """A room as `rng` has it."""
    if style.decor:
        assets = assets.decorated(rng, style.decor)
    style = style.of_one_room(rng)
    kind = rng.random()
    is_small = kind >= style.corridors + style.halls
    if kind < style.corridors:
        width, depth = rng.uniform(1.2, 2.4), rng.uniform(5, 14)
    elif not is_small:
        width, depth = rng.uniform(5, 11), rng.uniform(7, 14)
    else:
        width, depth = rng.uniform(*style.width), rng.uniform(*style.depth)
    height = rng.uniform(2.2, 3.6 if is_small else 4.5)
    room = Room(width, depth, height, style)
    _shell(rng, assets, room)
    _lights(rng, assets, room)
    clutter = style.full + (1 - style.full) * rng.beta(1.8, 1.2)
    for _ in range(round(clutter * 18)):
        _along_wall(rng, assets, room)
    for _ in range(round(rng.uniform(0.2, 1) * (2 + clutter * room.width * room.depth * 0.6))):
        _free(rng, assets, room)
    for surface in list(room.surfaces):
        if rng.random() < 0.3 + 0.65 * clutter:
            room.meshes += (pack if style.packed else scatter)(rng, assets, style, surface)
    for _ in range(rng.integers(0, 9)):
        _on_wall(rng, assets, room)
    room.ambient = rng.uniform(0.03, 0.25)
    return room


def _shell(rng: Random, assets: Assets, room: Room) -> None:
    """Floor, ceiling and four walls with skirting; one may open into another room."""
    w, d, h = room.width, room.depth, room.height
    floor = glossy(assets.material(rng, 'floor'), rng.choice([0, 0, 0.04, 0.1, 0.2]))
    ceiling = assets.material(rng, 'ceiling')
    wall = assets.material(rng, 'wall')
    skirting = assets.plain(rng)
    far = 6.0  # the annex's floor and ceiling are this room's
    room.meshes += [
        panel((-far, -far, 0), (w + 2 * far, 0, 0), (0, d + 2 * far, 0), floor),
        panel((-far, -far, h), (w + 2 * far, 0, 0), (0, d + 2 * far, 0), ceiling),
    ]
    opening = int(rng.integers(4)) if rng.random() < 0.4 else -1
    for side in range(4):
        own = assets.material(rng, 'wall') if rng.random() < 0.2 else wall
        pieces = _wall(rng, room, side, own, opening=side == opening)
        room.meshes += pieces
        if rng.random() < 0.7 and side != opening:
            start, along, inward = _side(room, side)
            length, thick = float(np.linalg.norm(along)), 0.012
            middle = start + along / 2 + inward * thick
            size = (length, 2 * thick, rng.uniform(0.05, 0.14))
            yaw = math.atan2(along[1], along[0])
            room.meshes.append(box(size, skirting).moved(middle[0], middle[1], 0, yaw))
    if opening >= 0:
        room.meshes += _annex(rng, assets, room, opening)
    if rng.random() < 0.25 and min(w, d) > 3:  # a corner is built up: an L-shaped room
        a, b = rng.uniform(0.15, 0.45) * w, rng.uniform(0.15, 0.45) * d
        x, y = rng.choice([a / 2, w - a / 2]), rng.choice([b / 2, d - b / 2])
        room.meshes.append(box((a, b, h), wall, (x, y, 0)))
        room.taken.append((x - a / 2, y - b / 2, x + a / 2, y + b / 2))


def _side(room: Room, side: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(start, along, inward) of a wall's foot, (3,) each."""
    w, d = room.width, room.depth
    starts = [(0, 0, 0), (w, 0, 0), (w, d, 0), (0, d, 0)]
    alongs = [(w, 0, 0), (0, d, 0), (-w, 0, 0), (0, -d, 0)]
    inwards = [(0, 1, 0), (-1, 0, 0), (0, -1, 0), (1, 0, 0)]
    return tuple(np.array(v[side], float) for v in (starts, alongs, inwards))  # type: ignore[return-value]


def _wall(rng: Random, room: Room, side: int, material: Material, opening: bool) -> list[Mesh]:
    start, along, inward = _side(room, side)
    up = np.array([0, 0, room.height])
    if not opening:
        return [panel(start, along, up, material)]
    length = float(np.linalg.norm(along))
    unit = along / length
    width = min(rng.uniform(0.8, 3), 0.8 * length)
    left = rng.uniform(0.05 * length, 0.95 * length - width)
    top = rng.uniform(2.0, room.height) if rng.random() < 0.7 else room.height - 0.01
    x = start + unit * left
    jamb = -inward * rng.uniform(0.08, 0.3)
    lintel = np.array([0, 0, top])
    _keep_clear(room, x + unit * width / 2 + inward * 0.5, 1.0)
    return [
        panel(start, unit * left, up, material),
        panel(x + unit * width, unit * (length - left - width), up, material),
        panel(x + lintel, unit * width, up - lintel, material),
        panel(x, jamb, up, material),
        panel(x + unit * width, jamb, up, material),
        panel(x + lintel, unit * width, jamb, material),
    ]


def _keep_clear(room: Room, middle: np.ndarray, size: float) -> None:
    x, y = middle[:2]
    room.taken.append((x - size / 2, y - size / 2, x + size / 2, y + size / 2))


def _annex(rng: Random, assets: Assets, room: Room, side: int) -> list[Mesh]:
    """What is seen through an opening: three walls, a lamp, a few pieces."""
    start, along, inward = _side(room, side)
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


def _lights(rng: Random, assets: Assets, room: Room) -> None:
    rows = max(1, round(room.depth / rng.uniform(2.5, 5)))
    columns = max(1, round(room.width / rng.uniform(2.5, 5)))
    on = rng.uniform(0.4, 1)
    for i in range(columns):
        for j in range(rows):
            if rng.random() < on or not room.lights:
                x, y = (i + 0.5) * room.width / columns, (j + 0.5) * room.depth / rows
                room.lights.append(ceiling_lamp(rng, x, y, room.height))
    for side in range(4):
        start, along, inward = _side(room, side)
        if rng.random() < 0.35:
            width = rng.uniform(0.2, 0.6)
            left = start + along * rng.uniform(0.1, 0.9 - width) + (0, 0, rng.uniform(0.7, 1.1))
            light = window(rng, left, along * width, inward)
            room.lights.append(light)
            room.meshes += window_frame(rng, light, inward, assets.plain(rng))
    if rng.random() < 0.3:  # daylight alone, where there is any
        windows = [light for light in room.lights if abs(light.normal[2]) < 1e-6]
        room.lights = windows or room.lights


def _along_wall(rng: Random, assets: Assets, room: Room) -> None:
    kinds = objects.ALONG_WALLS, room.style.along_walls
    piece = next_piece(rng, assets, room.style, *kinds, footprint=2.8, height=2.7)
    side = int(rng.integers(4))
    piece = piece.moved(0, 0, 0, (math.pi, math.pi / 2 * 3, 0, math.pi / 2)[side])
    gap = rng.uniform(0.02, 0.08)
    for _ in range(4):
        x, y = rng.uniform(0, room.width), rng.uniform(0, room.depth)
        x = {1: room.width - piece.width / 2 - gap, 3: piece.width / 2 + gap}.get(side, x)
        y = {0: piece.depth / 2 + gap, 2: room.depth - piece.depth / 2 - gap}.get(side, y)
        if room.place(piece, x, y):
            return


def _free(rng: Random, assets: Assets, room: Room) -> None:
    kinds = objects.FREE, room.style.free
    piece = next_piece(rng, assets, room.style, *kinds, footprint=1.6, height=1.8)
    square = rng.random() < 0.5
    yaw = math.pi / 2 * rng.integers(4) if square else rng.uniform(0, 2 * math.pi)
    piece = piece.moved(0, 0, 0, yaw)
    for _ in range(3):
        if room.place(piece, rng.uniform(0, room.width), rng.uniform(0, room.depth)):
            return


def _on_wall(rng: Random, assets: Assets, room: Room) -> None:
    """A picture, a notice, a door, a cupboard's back: something flat."""
    start, along, inward = _side(room, int(rng.integers(4)))
    length = float(np.linalg.norm(along))
    yaw = math.atan2(along[1], along[0])
    if room.style.on_walls and rng.random() < room.style.household:
        piece = room.style.on_walls[int(rng.integers(len(room.style.on_walls)))](rng, assets)
        if piece.width < 0.9 * length:
            share = 0.5 * piece.width / length
            x, y, _ = start + along * rng.uniform(share, 1 - share) + inward * 0.002
            room.meshes += piece.moved(x, y, 0, yaw + math.pi).meshes
        return
    is_door = rng.random() < 0.25
    w, h = (0.9, 2.05) if is_door else rng.uniform(0.2, 1.3, 2)
    if w > 0.8 * length:
        return
    at = start + along * rng.uniform(0.5 * w / length, 1 - 0.5 * w / length)
    material = replace(assets.material(rng, 'thing'), tile=max(w, h))
    size = (w, rng.uniform(0.01, 0.05), h)
    z = 0.0 if is_door else rng.uniform(0.8, max(0.9, room.height - h - 0.1))
    at = at + inward * 0.02
    room.meshes.append(box(size, material).moved(at[0], at[1], min(z, room.height - h), yaw))
