"""How a room is furnished: along its walls, free, on tops, on walls, from the ceiling."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing import objects
from fastdepth_ros.offline.synthesis.materials import Random
from fastdepth_ros.offline.synthesis.meshes import box
from fastdepth_ros.offline.synthesis.pieces import next_piece
from fastdepth_ros.offline.synthesis.room import Room
from fastdepth_ros.offline.synthesis.tops import pack, scatter


def furnish(rng: Random, assets: Assets, room: Room) -> None:
    """All of it, more or less of each as `rng` has it."""
    style = room.style
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
    if style.overhead:
        for _ in range(rng.integers(0, 4)):
            _overhead(rng, assets, room)


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
    start, along, inward = room.side(int(rng.integers(4)))
    length = float(np.linalg.norm(along))
    yaw = math.atan2(along[1], along[0])
    if room.style.on_walls and rng.random() < room.style.household:
        piece = room.style.on_walls[int(rng.integers(len(room.style.on_walls)))](rng, assets)
        if piece.width < 0.9 * length:
            share = 0.5 * piece.width / length
            x, y, _ = start + along * rng.uniform(share, 1 - share) + inward * 0.002
            if not (room.passage and room.passage.is_behind(x, y, piece.width)):
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


def _overhead(rng: Random, assets: Assets, room: Room) -> None:
    """Over a top half of the time, as lamps hang over tables."""
    piece = room.style.overhead[int(rng.integers(len(room.style.overhead)))](rng, assets)
    x, y = rng.uniform(0.2, 0.8, 2) * (room.width, room.depth)
    if room.surfaces and rng.random() < 0.5:
        top = room.surfaces[int(rng.integers(len(room.surfaces)))]
        x, y = top.x, top.y
    if piece.width < room.width / 2 and piece.depth < room.depth / 2:
        room.meshes += piece.moved(x, y, room.height - 0.002, rng.uniform(0, math.pi)).meshes
