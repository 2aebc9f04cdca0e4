"""The way of the robot's camera: a smooth closed loop and where the camera looks on it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

WALL_DISTANCE = 1.45  # m between the loop and the walls: furniture stands in between
CAMERA_HEIGHT = (0.55, 0.95)  # m
EXPONENT = 2.6  # of the superellipse: 2 is an ellipse, more is closer to a rectangle


@dataclass(frozen=True)
class Pose:
    """A camera: position in metres, yaw and pitch of its optical axis in radians (pitch up)."""

    position: tuple[float, float, float]
    yaw: float
    pitch: float

    def axes(self) -> np.ndarray:
        """(3, 3): columns are the optical frame's x (right), y (down), z (forward) in the room."""
        cos, sin = math.cos(self.yaw), math.sin(self.yaw)
        cp, sp = math.cos(self.pitch), math.sin(self.pitch)
        right = (sin, -cos, 0.0)
        forward = (cp * cos, cp * sin, sp)
        return np.stack([right, np.cross(forward, right), forward], axis=1)


def loop_points(room: tuple[float, float, float], count: int) -> np.ndarray:
    """(count, 2): points of equal spacing on a superellipse around the middle of the room."""
    angle = np.linspace(0, 2 * np.pi, 3600, endpoint=False)
    half = np.array(room[:2]) / 2 - WALL_DISTANCE
    circle = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    points = np.sign(circle) * np.abs(circle) ** (2 / EXPONENT) * half
    ends = np.concatenate([points, points[:1]])
    length = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(ends, axis=0), axis=1))])
    wanted = np.linspace(0, length[-1], count, endpoint=False)
    at = [np.interp(wanted, length, ends[:, axis]) for axis in (0, 1)]
    return np.stack(at, axis=1) + np.array(room[:2]) / 2


def camera_path(room: tuple[float, float, float], count: int, seed: int) -> list[Pose]:
    """`count` poses around the loop: the robot looks ahead, to both sides, slightly down."""
    rng = np.random.default_rng([seed, 1])
    phase = rng.uniform(0, 2 * np.pi, 3)
    points = loop_points(room, count)
    ahead = np.roll(points, -1, axis=0) - np.roll(points, 1, axis=0)
    turn = np.linspace(0, 2 * np.pi, count, endpoint=False)
    heading = np.unwrap(np.arctan2(ahead[:, 1], ahead[:, 0]))
    yaw = _smooth(heading, max(1, count // 24)) + 0.25 + 0.4 * np.sin(3 * turn + phase[0])
    pitch = np.radians(-4 + 5 * np.sin(2 * turn + phase[1]))
    low, high = CAMERA_HEIGHT
    z = (low + high) / 2 + (high - low) / 2 * np.sin(turn + phase[2])
    return [
        Pose((float(x), float(y), float(h)), float(a), float(p))
        for (x, y), h, a, p in zip(points, z, yaw, pitch, strict=True)
    ]


def robot_path(room: tuple[float, float, float], count: int, height: float) -> list[Pose]:
    """`count` poses around the loop: a level camera, `height` metres up, that looks ahead."""
    points = loop_points(room, count)
    ahead = np.roll(points, -1, axis=0) - np.roll(points, 1, axis=0)
    return [
        Pose((float(x), float(y), height), float(np.arctan2(dy, dx)), 0.0)
        for (x, y), (dx, dy) in zip(points, ahead, strict=True)
    ]


def _smooth(angle: np.ndarray, reach: int) -> np.ndarray:
    """Moving average over 2 reach + 1 values of an angle that grows by 2 pi in a round."""
    around = np.concatenate([angle[-reach:] - 2 * np.pi, angle, angle[:reach] + 2 * np.pi])
    return np.convolve(around, np.full(2 * reach + 1, 1 / (2 * reach + 1)), mode='valid')
