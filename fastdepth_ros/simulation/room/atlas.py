"""All lit textures in one image, each in ever smaller copies (mipmaps), for one cv2.remap."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from fastdepth_ros.simulation.room.boxes import Box, Faces
from fastdepth_ros.simulation.room.canvas import Canvas
from fastdepth_ros.simulation.room.lighting import face_samples, irradiance
from fastdepth_ros.simulation.room.paints import PAINTS

DENSITY = 200.0  # texels a metre
LEVELS = 6
WIDTH = 4096  # texels of the atlas; its height must stay below cv2.remap's 32767
GAMMA = 2.2
WHITE_POINT = 4.0
MIDDLE = 0.34  # the mean brightness that the exposure aims at, sRGB
SATURATION = 0.82  # a camera's tone curve would else make colours too strong


@dataclass(frozen=True)
class Atlas:
    """`image` (rows, WIDTH, 3) uint8 sRGB; the tables are (F, LEVELS), in texels."""

    image: np.ndarray
    left: np.ndarray
    top: np.ndarray
    columns: np.ndarray
    rows: np.ndarray


def bake(boxes: list[Box], faces: Faces, seed: int) -> Atlas:
    """Paints every face, lights it and packs it."""
    albedos = [_paint(faces, face, seed) for face in range(len(faces.paints))]
    samples = face_samples(faces)
    mean = np.stack([(a**GAMMA).mean(axis=(0, 1)) for a in albedos])
    light = irradiance(boxes, faces, samples, mean, np.random.default_rng([seed, 3]))
    brightness = (mean[samples.face] * light).mean(axis=1)
    exposure = MIDDLE**GAMMA / float(np.exp(np.log(brightness + 1e-4).mean()))
    lit = [
        (255 * albedo).astype(np.uint8)  # what shines is as bright as a picture can show it
        if faces.paints[face].emission
        else _lit(albedo, samples.grid(light, face), exposure)
        for face, albedo in enumerate(albedos)
    ]
    return pack(lit)


def _paint(faces: Faces, face: int, seed: int) -> np.ndarray:
    """The face's albedo, sRGB 0..1, each face from its own random numbers."""
    width, height = faces.sizes[face]
    shape = (max(2, round(height * DENSITY)), max(2, round(width * DENSITY)))
    canvas = Canvas(width, height, shape, np.random.default_rng([seed, 2, face]))
    paint = faces.paints[face]
    return np.clip(PAINTS[paint.kind](canvas, paint.colour), 0.02, 0.98).astype(np.float32)


def _lit(albedo: np.ndarray, light: np.ndarray, exposure: float) -> np.ndarray:
    """uint8 sRGB of a surface under `light`, which has fewer texels; highlights roll off."""
    shape = (albedo.shape[1], albedo.shape[0])
    light = cv2.resize(light, shape, interpolation=cv2.INTER_LINEAR)
    linear = albedo**GAMMA * light * np.float32(exposure)
    rolled = linear * (1 + linear / WHITE_POINT**2) / (1 + linear)  # Reinhard's curve
    grey = rolled.mean(axis=2, keepdims=True)
    rolled = grey + SATURATION * (rolled - grey)
    return (255 * np.clip(1.15 * rolled ** np.float32(1 / GAMMA), 0, 1)).astype(np.uint8)


def pack(textures: list[np.ndarray]) -> Atlas:
    """Packs the textures and their mipmaps on shelves, tallest first."""
    levels = [mip for texture in textures for mip in _mipmaps(texture)]
    sizes = np.array([mip.shape[:2] for mip in levels])
    left, top = np.zeros(len(levels), int), np.zeros(len(levels), int)
    x, y, shelf = 0, 0, 0
    for n in np.argsort(-sizes[:, 0], kind='stable'):
        rows, columns = sizes[n]
        if x + columns > WIDTH:
            x, y, shelf = 0, y + shelf, 0
        left[n], top[n] = x, y
        x, shelf = x + columns, max(shelf, rows)
    image = np.zeros((y + shelf, WIDTH, 3), np.uint8)
    for mip, x, y in zip(levels, left, top, strict=True):
        image[y : y + mip.shape[0], x : x + mip.shape[1]] = mip
    tables = [t.reshape(-1, LEVELS).astype(np.float32) for t in (left, top, *sizes.T)]
    return Atlas(image, tables[0], tables[1], columns=tables[3], rows=tables[2])


def _mipmaps(texture: np.ndarray) -> list[np.ndarray]:
    mips = [texture]
    for _ in range(LEVELS - 1):
        rows, columns = mips[-1].shape[:2]
        size = (max(1, columns // 2), max(1, rows // 2))
        mips.append(cv2.resize(mips[-1], size, interpolation=cv2.INTER_AREA))
    return mips
