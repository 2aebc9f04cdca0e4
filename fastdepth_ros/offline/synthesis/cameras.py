"""Where a camera may stand in a room: robots' heights, hand-held, over a table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.offline.synthesis.furnishing.piece import Surface
from fastdepth_ros.offline.synthesis.materials import Random
from fastdepth_ros.offline.synthesis.room import Room
from fastdepth_ros.offline.synthesis.scene import Hits
from fastdepth_ros.offline.synthesis.styles import Style

FIELDS_OF_VIEW = (44.0, 100.0)  # degrees, horizontal
NEAREST = 0.12  # m
PATTERN = (24, 18)  # rays that tell whether a view is worth rendering


@dataclass(frozen=True)
class Camera:
    """Position (3,) m, rotation (3, 3) from the optical frame to the room's, and intrinsics."""

    position: np.ndarray
    rotation: np.ndarray
    intrinsics: Intrinsics

    def rays(self, u: np.ndarray, v: np.ndarray) -> np.ndarray:
        """(N, 3) directions through pixels, of length 1 along the optical axis."""
        k = self.intrinsics
        optical = np.stack([(u - k.cx) / k.fx, (v - k.cy) / k.fy, np.ones_like(u)], -1)
        return optical @ self.rotation.T


def looking(yaw: float, pitch: float, roll: float) -> np.ndarray:
    """(3, 3) of a camera that looks along `yaw`, `pitch` up, turned by `roll`; radians."""
    cy, sy, cp, sp = math.cos(yaw), math.sin(yaw), math.cos(pitch), math.sin(pitch)
    forward = np.array([cp * cy, cp * sy, sp])
    right = np.array([sy, -cy, 0])
    down = np.cross(forward, right)
    c, s = math.cos(roll), math.sin(roll)
    return np.stack([c * right + s * down, -s * right + c * down, forward], 1)


def random_camera(rng: Random, room: Room, size: tuple[int, int]) -> Camera:
    """One pose and lens; whether it sees anything is not yet known."""
    width, height = size
    low, high = (math.tan(math.radians(angle) / 2) for angle in FIELDS_OF_VIEW)
    f = width / 2 / math.exp(rng.uniform(math.log(low), math.log(high)))
    intrinsics = Intrinsics(f, f, (width - 1) / 2, (height - 1) / 2, width, height)
    roll = math.radians(rng.normal(0, room.style.roll))
    tops = [s for s in room.surfaces if s.z < 1.3 and s.width * s.depth > 0.08]
    if tops and rng.random() < room.style.tabletops:
        top = tops[_chosen(rng, tops) if room.style.packed else rng.integers(len(tops))]
        target = np.array([top.x, top.y, top.z + 0.05])
        target[:2] += rng.uniform(-0.3, 0.3, 2) * (top.width, top.depth)
        angle, pitch = rng.uniform(0, 2 * math.pi), math.radians(rng.uniform(5, 65))
        away = rng.uniform(0.35, room.style.farthest)
        position = target + away * np.array(
            [math.cos(angle) * math.cos(pitch), math.sin(angle) * math.cos(pitch), math.sin(pitch)]
        )
        return Camera(position, looking(angle + math.pi, -pitch, roll), intrinsics)
    stands = [(0.08, 0.45, 2, 8), (0.45, 1.1, -3, 9), (1.1, 1.8, -10, 12)]  # m, m, pitch, sigma
    lowest, highest, mean, sigma = stands[rng.choice(3, p=[0.35, 0.3, 0.35])]
    x, y = rng.uniform(0.15, 0.85, 2) * (room.width, room.depth)
    if rng.random() < 0.4:  # from one side, looking across
        y = rng.choice([rng.uniform(0.03, 0.15), rng.uniform(0.85, 0.97)]) * room.depth
    position = np.array([x, y, rng.uniform(lowest, highest)])
    to_middle = math.atan2(room.depth / 2 - y, room.width / 2 - x)
    yaw = to_middle + rng.normal(0, 0.9)
    if room.passage and rng.random() < room.style.through:
        yaw = math.atan2(room.passage.y - y, room.passage.x - x) + rng.normal(0, 0.25)
    pitch = math.radians(np.clip(rng.normal(mean, sigma), -35, 25))
    return Camera(position, looking(yaw, pitch, roll), intrinsics)


def _chosen(rng: Random, tops: Sequence[Surface]) -> int:
    """The number of one, large ones more often."""
    sizes = np.sqrt([top.width * top.depth for top in tops])
    return int(rng.choice(len(tops), p=sizes / sizes.sum()))


def is_worth_it(hits: Hits, rng: Random, style: Style) -> bool:
    """Whether a view in which N rays hit these shows something; dull ones pass seldom."""
    depth = hits.distance
    if not np.isfinite(depth).all() or np.quantile(depth, 0.02) < NEAREST:
        return False
    _, planes = np.unique(np.round(hits.normals, 1), axis=0, return_counts=True)
    if planes.max() > style.plane * len(depth):
        return False
    close = np.quantile(depth, 0.5) < 0.45
    flat = np.log(depth).std() < 0.12
    return not (close or flat) or rng.random() < style.dull
