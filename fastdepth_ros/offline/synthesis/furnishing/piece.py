"""A thing of several meshes, the floor that it takes, and the tops on which others may stand."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.materials import Random
from fastdepth_ros.offline.synthesis.meshes import Mesh, bounds


@dataclass(frozen=True)
class Surface:
    """A level rectangle on which things may stand: centre, size and height, m."""

    x: float
    y: float
    width: float
    depth: float
    z: float


@dataclass(frozen=True)
class Piece:
    """Meshes, the floor they take (width along x, depth along y) and their tops."""

    meshes: list[Mesh]
    width: float
    depth: float
    tops: list[Surface] = field(default_factory=list)

    def moved(self, x: float, y: float, z: float = 0.0, yaw: float = 0.0) -> Piece:
        """Turned, then shifted. Tops of a piece that is not turned by quarters shrink."""
        c, s = math.cos(yaw), math.sin(yaw)
        square = abs(c * s) < 1e-6
        turned = []
        for top in self.tops:
            w, d = (top.width, top.depth) if abs(s) < 0.5 else (top.depth, top.width)
            w, d = (w, d) if square else (min(w, d) * 0.7,) * 2
            px, py = c * top.x - s * top.y, s * top.x + c * top.y
            turned.append(Surface(px + x, py + y, w, d, top.z + z))
        width = abs(c) * self.width + abs(s) * self.depth
        depth = abs(s) * self.width + abs(c) * self.depth
        meshes = [mesh.moved(x, y, z, yaw) for mesh in self.meshes]
        return Piece(meshes, width, depth, turned)


Maker = Callable[[Random, Assets], Piece]


def lying(piece: Piece) -> Piece:
    """The same on its back, about the origin, on z = 0: what was high is along y."""
    meshes = [mesh.pitched(math.pi / 2) for mesh in piece.meshes]
    low, high = bounds(meshes)
    x, y, _ = (low + high) / 2
    return solid(*(mesh.moved(-x, -y, -low[2]) for mesh in meshes))


def solid(mesh: Mesh, *more: Mesh) -> Piece:
    """Of meshes about the origin, with the floor that they take."""
    meshes = [mesh, *more]
    points = np.concatenate([m.vertices for m in meshes])
    width, depth = 2 * np.abs(points[:, :2]).max(0)
    return Piece(meshes, float(width), float(depth))


def centred(meshes: list[Mesh], tops: list[Surface]) -> Piece:
    """Moved so that the middle of the floor that they take is the origin."""
    low, high = bounds(meshes)
    (x, y, _), (width, depth, _) = (low + high) / 2, high - low
    return Piece(meshes, float(width), float(depth), tops).moved(-x, -y)
