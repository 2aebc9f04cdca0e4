"""The layout of one random room: size, walls, openings, lights, and what it is furnished with."""

from __future__ import annotations

import math

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.piece import Surface
from fastdepth_ros.offline.synthesis.lights import ceiling_lamp
from fastdepth_ros.offline.synthesis.materials import Random, glossy
from fastdepth_ros.offline.synthesis.meshes import box, panel
from fastdepth_ros.offline.synthesis.openings import (
    add_window,
    adjoining,
    annex,
    pierced,
    random_opening,
)
from fastdepth_ros.offline.synthesis.placing import furnish
from fastdepth_ros.offline.synthesis.room import Room
from fastdepth_ros.offline.synthesis.styles import Style


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
    beyond = _shell(rng, assets, room)
    _lights(rng, assets, room)
    furnish(rng, assets, room)
    room.surfaces += beyond
    room.ambient = rng.uniform(0.03, 0.25)
    return room


def _shell(rng: Random, assets: Assets, room: Room) -> list[Surface]:
    """Floor, ceiling and four walls with skirting; the tops of a room that one opens into."""
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
    side_of_opening = int(rng.integers(4)) if rng.random() < room.style.openings else -1
    opening = None
    for side in range(4):
        own = assets.material(rng, 'wall') if rng.random() < 0.2 else wall
        start, along, inward = room.side(side)
        if side == side_of_opening:
            opening = random_opening(rng, room, side)
            room.meshes += pierced(rng, room, opening, own)
        else:
            room.meshes.append(panel(start, along, (0, 0, h), own))
        if rng.random() < 0.7 and side != side_of_opening:
            length, thick = float(np.linalg.norm(along)), 0.012
            middle = start + along / 2 + inward * thick
            size = (length, 2 * thick, rng.uniform(0.05, 0.14))
            yaw = math.atan2(along[1], along[0])
            room.meshes.append(box(size, skirting).moved(middle[0], middle[1], 0, yaw))
    beyond: list[Surface] = []
    if opening and room.style.adjoining:
        other = adjoining(rng, assets, room, opening)
        room.meshes += other.meshes
        beyond = other.tops
    elif opening:
        room.meshes += annex(rng, assets, room, opening.side)
    if rng.random() < 0.25 and min(w, d) > 3:  # a corner is built up: an L-shaped room
        a, b = rng.uniform(0.15, 0.45) * w, rng.uniform(0.15, 0.45) * d
        x, y = rng.choice([a / 2, w - a / 2]), rng.choice([b / 2, d - b / 2])
        room.meshes.append(box((a, b, h), wall, (x, y, 0)))
        room.take(x, y, a, b)
    return beyond


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
        if rng.random() < 0.35:
            add_window(rng, assets, room, side)
    if rng.random() < 0.3:  # daylight alone, where there is any
        windows = [light for light in room.lights if abs(light.normal[2]) < 1e-6]
        room.lights = windows or room.lights
