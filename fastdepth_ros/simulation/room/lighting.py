"""Light in the room: lamps and windows, soft shadows, and light from surface to surface.

Irradiance is worked out at samples on a grid over every face: directly from the luminous faces,
then by three rounds of gathering what the other faces send back (radiosity by ray casting).
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from fastdepth_ros.simulation.room.boxes import Box, Faces
from fastdepth_ros.simulation.room.raycast import FAR, hit_sides, nearest_hit

SPACING = 0.085  # m between samples
MOST = 96  # samples along a side
LIGHT_SAMPLES = 6  # shadow rays a luminous face
LEAST_LIGHT = 0.1  # m2: smaller luminous faces (a lamp's edges) light nothing
GATHER_RAYS = 16  # rays a sample, cosine distributed
ROUNDS = 3
LIFT = 2e-3  # m above the surface, so that a ray does not hit where it starts


@dataclass(frozen=True)
class Samples:
    """Grids on F faces: face n has rows[n] x columns[n] samples, which start at first[n]."""

    rows: np.ndarray
    columns: np.ndarray
    first: np.ndarray
    face: np.ndarray  # (S,): the face of each sample
    point: np.ndarray  # (S, 3) metres

    def at(self, face: np.ndarray, u: np.ndarray, v: np.ndarray) -> np.ndarray:
        """The sample nearest to (u, v) on each face, both in 0..1."""
        row = np.clip((v * self.rows[face]).astype(int), 0, self.rows[face] - 1)
        column = np.clip((u * self.columns[face]).astype(int), 0, self.columns[face] - 1)
        return self.first[face] + row * self.columns[face] + column

    def grid(self, values: np.ndarray, face: int) -> np.ndarray:
        """The (rows, columns, 3) part of (S, 3) values that belongs to a face (a view)."""
        rows, columns = int(self.rows[face]), int(self.columns[face])
        start = int(self.first[face])
        return values[start : start + rows * columns].reshape(rows, columns, 3)


def face_samples(faces: Faces) -> Samples:
    """Grids of about SPACING over all faces."""
    counts = np.clip(np.round(faces.sizes / SPACING).astype(int), 2, MOST)
    columns, rows = counts[:, 0], counts[:, 1]
    total = rows * columns
    first = np.concatenate([[0], np.cumsum(total)[:-1]])
    face = np.repeat(np.arange(len(total)), total)
    place = np.arange(total.sum()) - first[face]
    u = (place % columns[face] + 0.5) / columns[face]
    v = (place // columns[face] + 0.5) / rows[face]
    point = faces.origin[face] + u[:, None] * faces.right[face] + v[:, None] * faces.down[face]
    return Samples(rows, columns, first, face, point + LIFT * faces.normal[face])


def irradiance(
    boxes: list[Box], faces: Faces, samples: Samples, albedo: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """(S, 3): light that falls on each sample; `albedo` is (F, 3), the faces' mean, linear."""
    direct = np.zeros((len(samples.face), 3), np.float32)
    for face, paint in enumerate(faces.paints):
        if paint.emission and np.prod(faces.sizes[face]) > LEAST_LIGHT:
            light = paint.emission * np.array(paint.colour, np.float32)
            direct += _from_face(boxes, faces, samples, face, rng)[:, None] * light
    hits = _gather_hits(boxes, faces, samples, rng)
    total = direct
    for _ in range(ROUNDS):
        sent = albedo[samples.face] * total
        sent = np.concatenate([sent, np.zeros((1, 3), np.float32)])  # for rays that hit nothing
        total = direct + _smooth(samples, sent[hits].mean(axis=1))
    return total


def _from_face(
    boxes: list[Box], faces: Faces, samples: Samples, face: int, rng: np.random.Generator
) -> np.ndarray:
    """(S,): irradiance from a face of radiance 1, with shadows."""
    area, normal = np.prod(faces.sizes[face]), faces.normal[face]
    total = np.zeros(len(samples.face), np.float32)
    for stratum in range(LIGHT_SAMPLES):
        u = (stratum % 3 + rng.random(len(total))) / 3
        v = (stratum // 3 + rng.random(len(total))) / (LIGHT_SAMPLES // 3)
        lamp = faces.origin[face] + LIFT * normal
        lamp = lamp + u[:, None] * faces.right[face] + v[:, None] * faces.down[face]
        way = lamp - samples.point
        square = (way**2).sum(axis=1)
        here = (way * faces.normal[samples.face]).sum(axis=1)
        form = here * -(way @ normal) / np.maximum(square, 0.01) ** 2
        form[(here <= 0) | (way @ normal >= 0)] = 0
        lit = np.flatnonzero(form)
        distance, _ = nearest_hit(boxes, samples.point[lit], way[lit])
        total[lit] += form[lit] * (distance > 1) * area / LIGHT_SAMPLES
    return total


def _gather_hits(
    boxes: list[Box], faces: Faces, samples: Samples, rng: np.random.Generator
) -> np.ndarray:
    """(S, GATHER_RAYS): the sample that each cosine-distributed ray ends at; S where at none."""
    count = len(samples.face)
    normal = faces.normal[samples.face]
    across = faces.right[samples.face]
    across = across / np.linalg.norm(across, axis=1, keepdims=True)
    hits = np.empty((count, GATHER_RAYS), np.int64)
    for ray in range(GATHER_RAYS):
        turn = 2 * np.pi * (ray + rng.random(count)) / GATHER_RAYS
        sine2 = ((ray * 7) % GATHER_RAYS + rng.random(count)) / GATHER_RAYS
        flat = np.cos(turn)[:, None] * across + np.sin(turn)[:, None] * np.cross(normal, across)
        direction = np.sqrt(sine2)[:, None] * flat + np.sqrt(1 - sine2)[:, None] * normal
        hits[:, ray] = _hit_samples(boxes, faces, samples, direction)
    return hits


def _hit_samples(
    boxes: list[Box], faces: Faces, samples: Samples, direction: np.ndarray
) -> np.ndarray:
    distance, number = nearest_hit(boxes, samples.point, direction)
    point = samples.point + distance[:, None] * direction
    face = faces.index[number, hit_sides(boxes, number, point)]
    face[(distance <= 0) | (distance >= FAR)] = -1
    away = point - faces.origin[face]
    u = (away * faces.right[face]).sum(axis=1) / (faces.right[face] ** 2).sum(axis=1)
    v = (away * faces.down[face]).sum(axis=1) / (faces.down[face] ** 2).sum(axis=1)
    return np.where(face >= 0, samples.at(face, u, v), len(samples.face))


def _smooth(samples: Samples, values: np.ndarray) -> np.ndarray:
    """Blurs each face's grid: the noise of few rays, not the shape of the light."""
    values = np.ascontiguousarray(values, np.float32)
    for face in range(len(samples.first)):
        grid = samples.grid(values, face)
        grid[:] = cv2.GaussianBlur(grid, (0, 0), 1.6, borderType=cv2.BORDER_REPLICATE)
    return values
