"""Rays against boxes, many at a time: the nearest hit, or whether anything is in the way."""

from __future__ import annotations

import math

import numpy as np

from fastdepth_ros.simulation.room.boxes import Box, rotation

CHUNK = 16384  # rays at a time: their arrays stay in the CPU's cache
FAR = 1e6  # m, no hit


def nearest_hit(
    boxes: list[Box], origin: np.ndarray, direction: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Distance in units of `direction` (FAR: none) and number of the box, for (N, 3) rays.

    A ray that starts inside a box hits it at distance 0.
    """
    distance = np.empty(len(origin), np.float32)
    number = np.empty(len(origin), np.int64)
    for start in range(0, len(origin), CHUNK):
        part = slice(start, start + CHUNK)
        distance[part], number[part] = _nearest(boxes, origin[part], direction[part])
    return distance, number


def _nearest(
    boxes: list[Box], origin: np.ndarray, direction: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    best = np.full(len(origin), FAR, np.float32)
    number = np.full(len(origin), -1)
    rays = [np.ascontiguousarray(r.T, np.float32) for r in (origin, direction)]
    inverse = _inverse(rays[1])
    for n, box in enumerate(boxes):
        near = _enter(box, rays[0], rays[1], inverse)
        closer = near < best
        best[closer] = near[closer]
        number[closer] = n
    return best, number


def _enter(box: Box, origin: np.ndarray, direction: np.ndarray, inverse: np.ndarray) -> np.ndarray:
    """(N,): where each ray enters the box, FAR where it does not. Rays are (3, N)."""
    half, turned = np.array(box.size, np.float32) / 2, not _is_straight(box.yaw)
    start = origin - np.array(box.centre, np.float32)[:, None]
    if turned:
        turn = rotation(-box.yaw).astype(np.float32)
        start, inverse = turn @ start, _inverse(turn @ direction)
    elif abs(math.sin(box.yaw)) > 0.5:
        half = half[[1, 0, 2]]
    middle = -start * inverse
    reach = np.abs(inverse) * half[:, None]
    near = np.maximum((middle - reach).max(axis=0), 0)
    far = (middle + reach).min(axis=0)
    return np.where(near < far, near, np.float32(FAR))


def _inverse(direction: np.ndarray) -> np.ndarray:
    return 1 / np.where(np.abs(direction) < 1e-9, np.float32(1e-9), direction)


def _is_straight(yaw: float) -> bool:
    """Whether the box is turned by a multiple of 90 degrees."""
    return abs(math.sin(2 * yaw)) < 1e-6


def hit_sides(boxes: list[Box], number: np.ndarray, point: np.ndarray) -> np.ndarray:
    """(N,): which of its box's six sides (order of boxes.SIDES) each hit point lies on."""
    turn = np.stack([rotation(-b.yaw) for b in boxes])[number]
    local = (turn @ (point - np.array([b.centre for b in boxes])[number])[..., None])[..., 0]
    relative = local / np.array([b.size for b in boxes])[number]
    axis = np.abs(relative).argmax(axis=1)
    return 2 * axis + (np.take_along_axis(relative, axis[:, None], 1)[:, 0] < 0)
