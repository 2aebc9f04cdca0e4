"""A room as rays meet it: Embree for the hits, flat arrays for what was hit."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.synthesis.lights import Light
from fastdepth_ros.offline.synthesis.materials import SIZE
from fastdepth_ros.offline.synthesis.meshes import Mesh

NEED = 'pip install embreex pyoidn, or the extra [synthesis]'
# sRGB bytes to linear light, IEC 61966-2-1.
_CODES = np.arange(256) / 255
LINEAR = np.where(_CODES <= 0.04045, _CODES / 12.92, ((_CODES + 0.055) / 1.055) ** 2.4).astype(
    np.float32
)


class Hits(NamedTuple):
    """Where N rays end: distance in lengths of the direction, position, normal, surface."""

    distance: np.ndarray  # (N,) inf: nothing
    points: np.ndarray  # (N, 3) m
    normals: np.ndarray  # (N, 3) unit, towards the ray's origin
    albedo: np.ndarray  # (N, 3)
    emission: np.ndarray  # (N, 3)
    gloss: np.ndarray  # (N,)


class Scene:
    """Meshes and lights, ready for rays."""

    def __init__(self, meshes: Sequence[Mesh], lights: Sequence[Light]) -> None:
        """A UserError if Embree's Python package is missing."""
        try:
            from embreex.mesh_construction import TriangleMesh
            from embreex.rtcore_scene import EmbreeScene
        except ImportError as error:
            raise UserError(f'synthesize needs embreex ({error}): {NEED}') from error
        self.lights = list(lights)
        self._embree = EmbreeScene()
        everything = [*meshes, *(light.mesh() for light in lights)]
        for mesh in everything:
            vertices = np.ascontiguousarray(mesh.vertices, np.float32)
            TriangleMesh(self._embree, vertices, np.ascontiguousarray(mesh.faces, np.int32))
        self._first = np.cumsum([0, *(len(mesh.faces) for mesh in everything)])[:-1]
        self._uv = np.concatenate([mesh.uv[mesh.faces] for mesh in everything]).astype(np.float32)
        images: dict[int, int] = {}
        textures: list[np.ndarray] = []
        for mesh in everything:
            if id(mesh.material.texture) not in images:
                images[id(mesh.material.texture)] = len(textures)
                textures.append(mesh.material.texture)
        self._textures = np.stack(textures).reshape(-1, 3)
        materials = [mesh.material for mesh in everything]
        self._image = np.array([images[id(m.texture)] for m in materials])
        self._tint = np.array([m.tint for m in materials], np.float32) ** 2.2
        self._emission = np.array([m.emission for m in materials], np.float32)
        self._gloss = np.array([m.gloss for m in materials], np.float32)

    def hit(self, origins: np.ndarray, directions: np.ndarray) -> Hits:
        """The first surfaces that rays from (N, 3) along (N, 3) meet."""
        found = self._embree.run(_floats(origins), _floats(directions), output=True)
        geometry, triangle = found['geomID'], found['primID']
        nothing = geometry < 0
        geometry, triangle = np.where(nothing, 0, geometry), np.where(nothing, 0, triangle)
        distance = np.where(nothing, np.float32(np.inf), found['tfar'])
        normals = found['Ng'] / np.maximum(
            np.linalg.norm(found['Ng'], axis=1, keepdims=True), 1e-12
        )
        facing = np.einsum('ij,ij->i', normals, directions) > 0
        normals[facing] *= -1
        reach = np.where(nothing, 0, found['tfar'])[:, None]
        points = origins + directions * reach + normals * np.float32(1e-3)
        corners = self._uv[self._first[geometry] + triangle]
        u, v = found['u'][:, None], found['v'][:, None]
        uv = corners[:, 0] * (1 - u - v) + corners[:, 1] * u + corners[:, 2] * v
        pixel = (np.nan_to_num(uv - np.floor(uv)) * SIZE).astype(np.int32).clip(0, SIZE - 1)
        texel = (self._image[geometry] * SIZE + pixel[:, 1]) * SIZE + pixel[:, 0]
        seen = LINEAR[self._textures[texel]]
        seen[nothing] = 0
        albedo, emission = seen * self._tint[geometry], seen * self._emission[geometry]
        return Hits(
            distance, points, normals, albedo * np.float32(0.9), emission, self._gloss[geometry]
        )

    def is_dark(self, points: np.ndarray, ends: np.ndarray) -> np.ndarray:
        """(N,) whether something stands between (N, 3) and (N, 3)."""
        found = self._embree.run(
            _floats(points),
            _floats(ends - points),
            query='OCCLUDED',
            dists=np.full(len(points), 0.999, np.float32),
        )
        return np.asarray(found) >= 0


def _floats(array: np.ndarray) -> np.ndarray:
    return np.ascontiguousarray(array, np.float32)
