"""Textures whose parts have a size: boards, tiles, bricks, woven cloth; of a given colour.

Each is (SIZE, SIZE, 3) uint8 and repeats; what is drawn in materials.py has any size and colour.
"""

from __future__ import annotations

import colorsys

import numpy as np

from fastdepth_ros.offline.synthesis.materials import SIZE, Colour, Random, blend, fractal


def paint(rng: Random, colour: Colour) -> np.ndarray:
    """A wall's or a cabinet's, a little uneven."""
    base = np.array(colour)
    return blend(fractal(rng, 0.7), base * rng.uniform(0.86, 0.98), base)


def speckled(rng: Random, colour: Colour) -> np.ndarray:
    """Linoleum, concrete, terrazzo."""
    base = np.array(colour)
    return blend(fractal(rng, rng.uniform(0.6, 1.1)), base * rng.uniform(0.55, 0.85), base)


def cloth(rng: Random, colour: Colour, checks: int = 1) -> np.ndarray:
    """Yarn, in `checks` x `checks` squares of a shade of their own, as carpet tiles are."""
    base = np.array(colour)
    yarn = rng.uniform(rng.uniform(0.5, 0.85), 1, (SIZE, SIZE)).astype(np.float32)
    cell = np.arange(SIZE) * checks // SIZE
    shades = rng.uniform(rng.uniform(0.75, 1), 1, (checks, checks))[cell[:, None], cell]
    return blend(yarn * shades, base * 0, base)


def boards(rng: Random, count: int) -> np.ndarray:
    """Wood from beech to wenge in `count` boards, its grain along the first side."""
    share = fractal(rng, 0.8, stretch=int(rng.integers(6, 20)))
    hue, depth = rng.uniform(0.05, 0.1), rng.choice([rng.uniform(0.2, 0.4), rng.uniform(0.5, 0.9)])
    light = np.array(colorsys.hsv_to_rgb(hue, rng.uniform(0.2, 0.65), depth))
    row = np.arange(SIZE) * count // SIZE
    tone = rng.uniform(0.75, 1, count)[row][:, None]
    image = blend(share, light * rng.uniform(0.5, 0.8), light) * tone[..., None]
    if count > 1:
        ends = rng.integers(0, SIZE, count)
        image[np.flatnonzero(np.diff(row))] *= 0.5
        for n, end in enumerate(ends):
            image[row == n, end] *= 0.5
    return image.astype(np.uint8)


def tiled(rng: Random, colour: Colour, count: int) -> np.ndarray:
    """`count` x `count` squares with joints: floor tiles, the panels of a ceiling."""
    base = np.array(colour)
    cell, within = np.divmod(np.mgrid[:SIZE, :SIZE] * count, SIZE)
    tone = rng.uniform(rng.uniform(0.8, 1), 1, (count, count))[cell[0], cell[1]]
    image = blend(fractal(rng, 0.9) * 0.7, base, base * 0.8) * tone[..., None]
    image[(within < rng.integers(1, 4) * count).any(0)] *= rng.uniform(0.3, 0.8)
    return image.astype(np.uint8)


def bricks(rng: Random, colour: Colour) -> np.ndarray:
    """Of 25 x 8.3 cm when the texture is a metre wide."""
    base, across, down = np.array(colour), 4, 12
    y, x = np.mgrid[:SIZE, :SIZE]
    row = y * down // SIZE
    shifted = (x + row % 2 * SIZE // (2 * across)) % SIZE
    tone = rng.uniform(0.7, 1, (down, across))[row, shifted * across // SIZE]
    image = blend(fractal(rng, 0.9), base * 0.7, base) * tone[..., None]
    joint = (y * down % SIZE < 3 * down) | (shifted * across % SIZE < 3 * across)
    image[joint] = 255 * base * rng.uniform(0.6, 1.05)
    return image.clip(0, 255).astype(np.uint8)
