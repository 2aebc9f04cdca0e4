"""Depth images of simple rooms, by geometry alone."""

from __future__ import annotations

import numpy as np

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.projection import pinhole_rays

CAMERA = Intrinsics.from_hfov(256, 192, 65)
LEVEL = np.array([0.0, -1.0, 0.0])
HEIGHT = 0.8  # m, of the camera


def pitched(degrees: float) -> np.ndarray:
    """Up of a camera that looks down by so much."""
    angle = np.radians(degrees)
    return np.array([0.0, -np.cos(angle), -np.sin(angle)])


def room(
    up: np.ndarray = LEVEL, height: float = HEIGHT, wall: float = 4.0, table: float = 0.0
) -> np.ndarray:
    """(192, 256) float32 m: a floor, a wall across, and a table so far above the floor."""
    rays = pinhole_rays(CAMERA).astype(np.float64)
    falls = rays @ -up  # m down per m of z

    def level(down: float) -> np.ndarray:
        return np.where(falls > 1e-6, down / np.maximum(falls, 1e-6), np.inf)

    depth = np.minimum(level(height), wall)
    if table:
        top = level(height - table)
        x, z = rays[..., 0] * top, top
        on = (np.abs(x) < 0.5) & (z > 0.5) & (z < 1.4) & (top < depth)
        depth = np.where(on, top, depth)
    return depth.astype(np.float32)


def noisy(depth: np.ndarray, share: float = 0.02) -> np.ndarray:
    """With relative noise, as float32."""
    noise = np.random.default_rng(0).standard_normal(depth.shape)
    return (depth * np.exp(share * noise)).astype(np.float32)


def returns(depth: np.ndarray, rows: tuple[int, ...] = (96,), every: int = 4) -> np.ndarray:
    """(n, 3) m: true points of some rows."""
    points = pinhole_rays(CAMERA).astype(np.float64) * depth[..., None]
    return points[list(rows), ::every].reshape(-1, 3)
