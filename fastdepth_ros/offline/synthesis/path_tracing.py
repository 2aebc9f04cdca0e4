"""Path tracing by Embree and numpy: direct light from area lamps, one more bounce, mirrors.

Light after the second bounce is a constant; Intel's Open Image Denoise takes the grain out.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.synthesis.cameras import Camera
from fastdepth_ros.offline.synthesis.materials import Random
from fastdepth_ros.offline.synthesis.scene import NEED, Hits, Scene


class Picture(NamedTuple):
    """(H, W, 3) float32 linear light, and (H, W) float32 metres along the optical axis."""

    light: np.ndarray
    depth: np.ndarray


def render(scene: Scene, camera: Camera, rng: Random, samples: int, ambient: float) -> Picture:
    """`samples` paths a pixel; the depth is that of the pixels' centres."""
    k = camera.intrinsics
    v, u = (grid.ravel().astype(np.float32) for grid in np.mgrid[: k.height, : k.width])
    shape = (k.height, k.width)
    origin = np.broadcast_to(camera.position.astype(np.float32), (u.size, 3))
    sums = np.zeros((3, u.size, 3), np.float32)  # light, albedo, normal
    for _ in range(samples):
        du, dv = rng.random((2, u.size), np.float32) - np.float32(0.5)
        directions = camera.rays(u + du, v + dv).astype(np.float32)
        hits = scene.hit(origin, directions)
        sums[0] += hits.emission.clip(0, 8) + _light(scene, hits, directions, rng, ambient)
        sums[1] += hits.albedo
        sums[2] += hits.normals
    light, albedo, normal = (sums / samples).reshape(3, *shape, 3)
    depth = scene.hit(origin, camera.rays(u, v).astype(np.float32)).distance.reshape(shape)
    return Picture(denoised(light, albedo, normal), depth)


def _light(
    scene: Scene, hits: Hits, directions: np.ndarray, rng: Random, ambient: float
) -> np.ndarray:
    """(N, 3) that leaves the hits towards where the rays came from."""
    mirrored = rng.random(len(directions), np.float32) < hits.gloss
    onward = _cosine_directions(hits.normals, rng)
    cosine = np.einsum('ij,ij->i', directions, hits.normals)[:, None]
    mirror = directions - 2 * cosine * hits.normals
    onward[mirrored] = mirror[mirrored]
    second = scene.hit(hits.points, onward)
    direct = _direct(scene, second.points, second.normals, rng)
    arriving = second.albedo * (direct + ambient)
    # Lamps met by chance are those that were sampled already, but for mirrors.
    arriving += np.where(mirrored[:, None], second.emission.clip(0, 8), 0)
    own = _direct(scene, hits.points, hits.normals, rng)
    return np.where(mirrored[:, None], arriving, hits.albedo * (own + arriving))


def _direct(scene: Scene, points: np.ndarray, normals: np.ndarray, rng: Random) -> np.ndarray:
    """(N, 3) irradiance / pi by one lamp each, drawn in proportion to its power."""
    corner, across, up, facing, radiance = (
        np.array([getattr(light, name) for light in scene.lights], np.float32)
        for name in ('corner', 'across', 'up', 'normal', 'radiance')
    )
    power = np.linalg.norm(facing, axis=1) * radiance.mean(1)
    chance = power / power.sum()
    lamp = rng.choice(len(power), len(points), p=chance)
    a, b = rng.random((2, len(points), 1), np.float32)
    ends = corner[lamp] + a * across[lamp] + b * up[lamp]
    way = ends - points
    square = np.einsum('ij,ij->i', way, way)
    out = -np.einsum('ij,ij->i', way, facing[lamp])  # its area times its cosine times the way
    into = np.einsum('ij,ij->i', way, normals)
    share = out.clip(0) * into.clip(0) / (np.pi * square**2 + 1e-3) / chance[lamp]
    lit = np.flatnonzero(share > 0)
    light = np.zeros((len(points), 3), np.float32)
    lit = lit[~scene.is_dark(points[lit], ends[lit])]
    light[lit] = share[lit, None] * radiance[lamp[lit]]
    return light.clip(0, 50)


def _cosine_directions(normals: np.ndarray, rng: Random) -> np.ndarray:
    """(N, 3) unit, about the normals with the density of the cosine."""
    sphere = rng.standard_normal(normals.shape, np.float32)
    sphere /= np.linalg.norm(sphere, axis=1, keepdims=True)
    onward = normals + sphere * np.float32(0.999)
    onward /= np.linalg.norm(onward, axis=1, keepdims=True)
    return np.asarray(onward, np.float32)


def denoised(light: np.ndarray, albedo: np.ndarray, normal: np.ndarray) -> np.ndarray:
    """(H, W, 3) float32 each -> the light without grain."""
    try:
        from pyoidn import denoise
    except ImportError as error:
        raise UserError(f'synthesize needs pyoidn ({error}): {NEED}') from error
    clean = denoise(light, albedo.clip(0, 1), normal, hdr=True, quality='fast')
    return np.asarray(clean, np.float32)
