"""A frame of the room: one ray through each pixel, exact depth, and a camera's imperfections."""

from __future__ import annotations

import cv2
import numpy as np

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.simulation.room.atlas import DENSITY, LEVELS, Atlas, bake
from fastdepth_ros.simulation.room.boxes import Faces, box_faces
from fastdepth_ros.simulation.room.path import Pose
from fastdepth_ros.simulation.room.scene import Room

NEAR = 0.02  # m
LENS_BLUR = 0.6  # px, deviation
VIGNETTE = 0.22  # of the brightness, lost in the corners
NOISE = 2.2  # grey levels, deviation


class RoomRenderer:
    """Renders a room for one camera. Pixel (0, 0) is the centre of the upper left pixel."""

    def __init__(self, room: Room, intrinsics: Intrinsics, seed: int) -> None:
        self.intrinsics = intrinsics
        self.faces = box_faces(room.boxes, room.size)
        self.atlas = bake(room.boxes, self.faces, seed)
        self._rng = np.random.default_rng([seed, 4])
        i = intrinsics
        # The ray of pixel (u, v) is (x, y, 1): its length along the optical axis is 1.
        self._x = ((np.arange(i.width) - i.cx) / i.fx).astype(np.float32)
        self._y = ((np.arange(i.height) - i.cy) / i.fy).astype(np.float32)[:, None]
        loss = VIGNETTE * (self._x**2 + self._y**2) / (self._x[0] ** 2 + self._y[0] ** 2)
        self._vignette = np.repeat((1 - loss)[..., None], 3, axis=2).astype(np.float32)
        grain = self._rng.normal(0, NOISE, (i.height + 64, i.width + 64, 3))
        self._grain = grain.astype(np.float32)

    def render(self, pose: Pose) -> tuple[np.ndarray, np.ndarray]:
        """(height, width, 3) uint8 RGB and (height, width) float32 metres along the axis."""
        number, inverse_depth, planes = self._visible(pose)
        image = self._shade(number, inverse_depth, planes)
        return self._develop(image), 1 / inverse_depth

    def _visible(self, pose: Pose) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """For each pixel its face and 1 / Z, and the faces' plane equations.

        On a plane 1 / Z, u / Z and v / Z are affine in the pixel: `planes` is (F, 3, 3), for each
        face the coefficients of those three over (x, y, 1).
        """
        i = self.intrinsics
        planes = plane_equations(self.faces, pose)
        number = np.zeros((i.height, i.width), np.int32)
        best = np.full((i.height, i.width), 1e-6, np.float32)
        for face, (left, top, right, bottom) in zip(*self._windows(pose), strict=True):
            part = slice(top, bottom), slice(left, right)
            x, y, (depth, u, v) = self._x[left:right], self._y[top:bottom], planes[face]
            inverse = (depth[0] * x + depth[2]) + depth[1] * y
            across, along = (u[0] * x + u[2]) + u[1] * y, (v[0] * x + v[2]) + v[1] * y
            seen = inverse > best[part]
            seen &= (across >= 0) & (across <= inverse)
            seen &= (along >= 0) & (along <= inverse)
            np.copyto(best[part], inverse, where=seen)
            np.copyto(number[part], face, where=seen)
        return number, best, planes

    def _windows(self, pose: Pose) -> tuple[np.ndarray, np.ndarray]:
        """Faces that look at the camera, and the part (x0, y0, x1, y1) of the image of each."""
        f, i = self.faces, self.intrinsics
        corners = f.origin[:, None] + np.stack([0 * f.right, f.right, f.right + f.down, f.down], 1)
        x, y, z = np.moveaxis((corners - pose.position) @ pose.axes(), -1, 0)
        after = [np.roll(c, -1, axis=1) for c in (x, y, z)]
        with np.errstate(divide='ignore', invalid='ignore'):
            cut = (NEAR - z) / (after[2] - z)  # where an edge passes the near plane
        crossing = (cut > 0) & (cut < 1)
        cut = np.where(crossing, cut, 0)
        inside = np.concatenate([z > NEAR, crossing], axis=1)
        x = np.concatenate([x, x + cut * (after[0] - x)], axis=1)
        y = np.concatenate([y, y + cut * (after[1] - y)], axis=1)
        z = np.concatenate([z, np.full_like(z, NEAR)], axis=1)
        ends = []
        for at, f_px, centre, size in ((x, i.fx, i.cx, i.width), (y, i.fy, i.cy, i.height)):
            pixel = np.where(inside, at / np.where(inside, z, 1) * f_px + centre, np.nan)
            low = np.where(inside, pixel, np.inf).min(axis=1)
            high = np.where(inside, pixel, -np.inf).max(axis=1)
            ends.append((np.clip(np.floor(low), 0, size), np.clip(np.ceil(high) + 1, 0, size)))
        (left, right), (top, bottom) = ends
        towards = ((f.origin - pose.position) * f.normal).sum(axis=1) < 0
        face = np.flatnonzero(towards & (right > left) & (bottom > top))
        return face, np.stack([left, top, right, bottom], axis=1)[face].astype(int)

    def _shade(
        self, number: np.ndarray, inverse_depth: np.ndarray, planes: np.ndarray
    ) -> np.ndarray:
        """Looks each pixel up in the atlas, in the copy whose texels are as large as the pixel."""
        depth = 1 / inverse_depth
        texel = [self._on_face(planes[:, k], number) * depth for k in (1, 2)]
        entry = number * LEVELS + self._level(number, depth, planes)
        a: Atlas = self.atlas
        maps = []
        for at, start, count in ((texel[0], a.left, a.columns), (texel[1], a.top, a.rows)):
            size = count.ravel()[entry]
            maps.append(start.ravel()[entry] + np.clip(at * size - 0.5, 0, size - 1))
        return cv2.remap(a.image, maps[0], maps[1], cv2.INTER_LINEAR)

    def _on_face(self, plane: np.ndarray, number: np.ndarray) -> np.ndarray:
        p = plane.astype(np.float32)
        return p[:, 0][number] * self._x + p[:, 1][number] * self._y + p[:, 2][number]

    def _level(self, number: np.ndarray, depth: np.ndarray, planes: np.ndarray) -> np.ndarray:
        """A pixel covers Z^3 / (f^2 h) square metres of a plane at h metres from the camera."""
        height = (1 / np.linalg.norm(planes[:, 0], axis=1)).astype(np.float32)
        texels = np.float32((DENSITY / self.intrinsics.focal_length) ** 2)
        area = depth**3 / height[number] * texels
        return np.clip(np.round(0.5 * np.log2(area)), 0, LEVELS - 1).astype(np.int32)

    def _develop(self, image: np.ndarray) -> np.ndarray:
        """Lens blur, vignette and sensor noise."""
        y, x = self._rng.integers(0, 64, 2)
        grain = self._grain[y : y + image.shape[0], x : x + image.shape[1]]
        image = cv2.GaussianBlur(image, (3, 3), LENS_BLUR).astype(np.float32)
        image *= self._vignette
        image += grain
        return cv2.convertScaleAbs(np.maximum(image, 0, out=image))


def plane_equations(faces: Faces, pose: Pose) -> np.ndarray:
    """(F, 3, 3): 1 / Z, u / Z and v / Z on each face's plane, as coefficients of (x, y, 1)."""
    axes, away = pose.axes(), pose.position - faces.origin
    distance = -(away * faces.normal).sum(axis=1)
    with np.errstate(divide='ignore', invalid='ignore'):
        inverse = (faces.normal @ axes) / distance[:, None]
    rows = [inverse]
    for edge in (faces.right, faces.down):
        unit = edge / (edge**2).sum(axis=1, keepdims=True)
        offset = (away * unit).sum(axis=1)
        rows.append(offset[:, None] * inverse + unit @ axes)
    return np.stack(rows, axis=1).astype(np.float32)
