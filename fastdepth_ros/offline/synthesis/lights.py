"""Lamps and windows: parallelograms that give light."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from fastdepth_ros.offline.synthesis.assets import WHITE
from fastdepth_ros.offline.synthesis.materials import Material, Random, outdoors
from fastdepth_ros.offline.synthesis.meshes import Mesh, about_z, box, panel


@dataclass(frozen=True)
class Light:
    """From `corner` along `across` and `up`, (3,) m, shining along their cross product."""

    corner: np.ndarray
    across: np.ndarray
    up: np.ndarray
    radiance: np.ndarray  # (3,)
    view: np.ndarray = field(default_factory=lambda: WHITE)  # what is seen in it, a texture
    seen: float = 1.0  # of the radiance, where a camera looks into it

    @property
    def normal(self) -> np.ndarray:
        """The direction of its light times its area."""
        return np.cross(self.across, self.up)

    def moved(self, x: float, y: float, yaw: float) -> Light:
        """Turned about z by `yaw` (radians), then shifted."""
        turn = about_z(yaw)
        return replace(
            self,
            corner=turn @ self.corner + (x, y, 0),
            across=turn @ self.across,
            up=turn @ self.up,
        )

    def mesh(self) -> Mesh:
        """What a camera sees of it."""
        r, g, b = (float(v) for v in self.seen * self.radiance)
        material = Material(self.view, tile=0.0, emission=(r, g, b))
        return panel(self.corner, self.across, self.up, material)


def white(rng: Random, low: float = 2700, high: float = 7500) -> np.ndarray:
    """(3,) colour of a lamp of a random temperature in kelvin, green 1."""
    warm = (rng.uniform(low, high) - 2700) / (7500 - 2700)
    return np.array([1.45 - 0.55 * warm, 1.0, 0.5 + 0.65 * warm])


def ceiling_lamp(rng: Random, x: float, y: float, height: float) -> Light:
    """A panel just under the ceiling, facing down."""
    w, d = rng.uniform(0.15, 1.3), rng.uniform(0.15, 0.7)
    corner = np.array([x - w / 2, y + d / 2, height - 0.02])
    strength = rng.uniform(4, 14) / (w * d) ** 0.7
    return Light(corner, np.array([w, 0, 0]), np.array([0, -d, 0]), strength * white(rng))


def window(rng: Random, left: np.ndarray, along: np.ndarray, inward: np.ndarray) -> Light:
    """Daylight through a wall: `left` is its lower corner, `along` its width, (3,) m."""
    up = np.array([0, 0, rng.uniform(0.8, 1.6)])
    sky = rng.uniform(1.5, 8) * white(rng, 5000, 7500)
    if np.cross(along, up) @ inward < 0:
        left, along = left + along, -along
    seen = float(np.exp(rng.uniform(np.log(0.05), 0)))
    return Light(left + 0.01 * inward, along, up, sky, outdoors(rng), seen)


def window_frame(rng: Random, light: Light, inward: np.ndarray, material: Material) -> list[Mesh]:
    """A sill, a border and bars over a window."""
    length, height = float(np.linalg.norm(light.across)), float(light.up[2])
    yaw = float(np.arctan2(light.across[1], light.across[0]))
    wide, bars = rng.uniform(0.03, 0.1), int(rng.integers(0, 4))
    foot = light.corner + inward * 0.02
    meshes = []
    for share in np.linspace(0, 1, bars + 2):
        x, y, z = foot + share * light.across
        meshes.append(box((wide, 0.05, height), material).moved(x, y, z, yaw))
    for share in (0.0, 1.0, *rng.uniform(0.3, 0.7, rng.integers(0, 2))):
        x, y, z = foot + light.across / 2 + share * light.up
        meshes.append(box((length + wide, 0.06, wide), material).moved(x, y, z - wide / 2, yaw))
    return meshes
