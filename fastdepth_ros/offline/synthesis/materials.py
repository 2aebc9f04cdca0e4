"""What surfaces are made of: a texture from a file or drawn at random, a tint, gloss, light."""

from __future__ import annotations

import colorsys
from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np

SIZE = 256  # px of every texture
Random = np.random.Generator
Colour = tuple[float, float, float]  # RGB, 0 to 1


@dataclass(frozen=True, eq=False)
class Material:
    """`texture` (SIZE, SIZE, 3) uint8 sRGB, times `tint`; one repeat is `tile` metres.

    `gloss` is the share of light that is mirrored, `emission` the radiance of a lamp.
    """

    texture: np.ndarray
    tint: tuple[float, float, float] = (1.0, 1.0, 1.0)
    tile: float = 1.0
    gloss: float = 0.0
    emission: tuple[float, float, float] = (0.0, 0.0, 0.0)


def tinted(material: Material, rgb: np.ndarray) -> Material:
    """The same surface in another colour, (3,)."""
    r, g, b = (float(v) for v in rgb)
    return replace(material, tint=(r, g, b))


def glossy(material: Material, gloss: float) -> Material:
    """The same surface, polished."""
    return replace(material, gloss=gloss)


def colour(rng: Random, most: float = 0.9) -> Colour:
    """A random RGB, 0 to 1: mostly pale or dull, at times vivid."""
    saturation = rng.beta(1, 4) if rng.random() < 0.75 else rng.uniform(0.3, 1)
    return colorsys.hsv_to_rgb(rng.random(), saturation, rng.uniform(0.08, most))


def fractal(rng: Random, roughness: float = 0.5, stretch: int = 1) -> np.ndarray:
    """(SIZE, SIZE) from 0 to 1 of octaves of smooth noise; `stretch` makes it a grain."""
    total, weight = np.zeros((SIZE, SIZE), np.float32), 1.0
    for octave in range(2, 8):
        cells = 2**octave
        noise = rng.random((cells, max(2, cells // stretch)), dtype=np.float32)
        total += weight * cv2.resize(noise, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)
        weight *= roughness
    low, high = float(total.min()), float(total.max())
    return (total - low) / (high - low)


def blend(share: np.ndarray, low: np.ndarray, high: np.ndarray) -> np.ndarray:
    """(SIZE, SIZE, 3) uint8: `low` where `share` is 0, `high` where it is 1; both RGB, 0 to 1."""
    mixed = low + share[..., None] * (high - low)
    return (255 * mixed.clip(0, 1)).astype(np.uint8)


def _two(rng: Random, contrast: float) -> tuple[np.ndarray, np.ndarray]:
    base = np.array(colour(rng))
    return base, (base * (1 + rng.uniform(-contrast, contrast, 3))).clip(0.02, 0.95)


def plain(rng: Random) -> np.ndarray:
    """Paint, with a little unevenness."""
    share = fractal(rng, 0.7)
    return blend(share, *_two(rng, rng.uniform(0.02, 0.15)))


def mottled(rng: Random) -> np.ndarray:
    """Stone, carpet, plaster."""
    share = fractal(rng, rng.uniform(0.5, 1.1))
    return blend(share, *_two(rng, rng.uniform(0.2, 0.8)))


def wood(rng: Random) -> np.ndarray:
    """Grain along one side, in planks at times."""
    share = fractal(rng, 0.8, stretch=int(rng.integers(4, 16)))
    if rng.random() < 0.5:
        planks = int(rng.integers(3, 9))
        tone = rng.uniform(0.7, 1.1, planks)
        rows = np.arange(SIZE) * planks // SIZE
        share = share * tone[rows][:, None]
        share[np.flatnonzero(np.diff(rows))] *= 0.4
    hue, depth = rng.uniform(0.04, 0.11), rng.uniform(0.25, 0.85)
    dark = np.array(colorsys.hsv_to_rgb(hue, rng.uniform(0.3, 0.7), depth))
    return blend(share, dark * 0.55, dark)


def tiles(rng: Random) -> np.ndarray:
    """Tiles, bricks or panels with joints."""
    across, down = int(rng.integers(1, 7)), int(rng.integers(1, 7))
    y, x = np.mgrid[:SIZE, :SIZE]
    row = y * down // SIZE
    shifted = (x + row % 2 * SIZE // (2 * across)) % SIZE if rng.random() < 0.5 else x
    column = shifted * across // SIZE
    tone = rng.uniform(rng.uniform(0.5, 0.95), 1, (down, across))[row, column]
    base, other = _two(rng, 0.5)
    image = blend(fractal(rng, 0.8) * 0.3, base, other) * tone[..., None]
    width = int(rng.integers(1, 5))
    joint = (y * down % SIZE < width * down) | (shifted * across % SIZE < width * across)
    image[joint] = 255 * np.array(colour(rng))
    return image.astype(np.uint8)


def pattern(rng: Random) -> np.ndarray:
    """Stripes, checks or dots, as on curtains, rugs and wallpaper."""
    y, x = np.mgrid[:SIZE, :SIZE] / SIZE
    a, b = rng.integers(2, 14, 2)
    kinds = [
        np.sin(2 * np.pi * a * x) > rng.uniform(-0.8, 0.8),
        (np.floor(a * x) + np.floor(b * y)) % 2 > 0,
        np.sin(2 * np.pi * a * x) * np.sin(2 * np.pi * b * y) > rng.uniform(0.1, 0.8),
    ]
    share = kinds[rng.integers(3)].astype(np.float32)
    share = (share + 0.2 * fractal(rng, 0.9)) / 1.2
    return blend(share, np.array(colour(rng)), np.array(colour(rng)))


def print_(rng: Random) -> np.ndarray:
    """A poster, a label, a book's back: shapes and lines as of text."""
    image = np.full((SIZE, SIZE, 3), 255 * np.array(colour(rng, 1.0)), np.uint8)
    for _ in range(rng.integers(2, 12)):
        ink = tuple(255 * c for c in colour(rng, 1.0))
        p, q = rng.integers(0, SIZE, (2, 2)).tolist()
        if rng.random() < 0.5:
            cv2.rectangle(image, p, q, ink, -1)
        else:
            cv2.circle(image, p, int(rng.integers(8, 90)), ink, -1)
    for _ in range(rng.integers(0, 14)):
        x, y, length = (int(n) for n in rng.integers(10, SIZE - 10, 3))
        cv2.line(image, (x, y), (min(x + length, SIZE), y), (20, 20, 20), int(rng.integers(1, 5)))
    return image


def text(rng: Random) -> np.ndarray:
    """A written page, or a window on a screen: lines of words, a heading, a picture at times."""
    paper = np.array([1, 1, 0.97]) * rng.uniform(0.75, 1)
    image = np.full((SIZE, SIZE, 3), 255 * paper, np.uint8)
    ink = tuple(255 * c for c in rng.uniform(0, 0.3, 3))
    line, margin = int(rng.integers(6, 14)), int(rng.integers(10, 40))
    for y in range(margin, SIZE - margin, line):
        x, end = margin, SIZE - margin - int(rng.integers(0, 90))
        while x < end and rng.random() < 0.97:
            word = int(rng.integers(5, 28))
            cv2.rectangle(image, (x, y), (min(x + word, end), y + line // 2 - 1), ink, -1)
            x += word + 4
    if rng.random() < 0.4:
        (x, y), (w, h) = rng.integers(margin, SIZE // 2, 2), rng.integers(30, SIZE // 2, 2)
        filled = tuple(255 * c for c in colour(rng, 1.0))
        cv2.rectangle(image, (int(x), int(y)), (int(x + w), int(y + h)), filled, -1)
    return image


def writing(rng: Random, level: float) -> np.ndarray:
    """A board that is written and drawn on in a few colours, mostly empty."""
    image = np.full((SIZE, SIZE, 3), 255 * level, np.float32)
    y, x = np.mgrid[:SIZE, :SIZE]
    for _ in range(rng.integers(0, 7)):
        ink = 255 * np.array([(0.1, 0.1, 0.1), (0.1, 0.2, 0.7), (0.8, 0.1, 0.1), (0, 0.5, 0.2)])
        left, low = rng.integers(10, 180, 2)
        wide, lines = rng.integers(20, 70), rng.integers(1, 6)
        for line in range(lines):
            wave = 2 * np.sin(x * rng.uniform(0.4, 1.2)) * np.sin(x * 0.17 + line)
            on = (abs(y - low - 9 * line - wave) < 1) & (x > left) & (x < left + wide)
            image[on & (np.sin(x * 0.31 + line) > -0.7)] = ink[rng.integers(4)]
    return image.astype(np.uint8)


def keys(rng: Random) -> np.ndarray:
    """A keyboard's: light or dark keys with gaps."""
    count, level = 16, rng.uniform(0.6, 1)
    cell, within = np.divmod(np.mgrid[:SIZE, :SIZE] * count, SIZE)
    tone = level * (0.93 + 0.07 * ((cell * 37 % 101).sum(0) % 2))
    gap = (within < 2.5 * count).any(0)
    tone[gap] = level * rng.uniform(0.2, 0.6)
    return np.asarray(np.repeat(255 * tone[..., None], 3, 2), np.uint8)


def outdoors(rng: Random) -> np.ndarray:
    """What a window shows: sky above, something darker below; upright is towards the last row."""
    sky = np.array([0.75, 0.87, 1.0]) * rng.uniform(0.7, 1)
    ground = np.array(colour(rng)) * rng.uniform(0.2, 0.9)
    edge = rng.uniform(-0.2, 0.9) + 0.25 * (fractal(rng, 0.7)[:1] - 0.5)
    share = ((np.linspace(0, 1, SIZE)[:, None] - edge) * 20).clip(0, 1).astype(np.float32)
    return blend(share * (0.8 + 0.2 * fractal(rng, 0.8)), ground, sky)


FLOORS: tuple[Callable[[Random], np.ndarray], ...] = (wood, wood, tiles, mottled, mottled, pattern)
WALLS = (plain, plain, plain, mottled, tiles, pattern)
THINGS = (plain, plain, wood, wood, mottled, pattern, print_)
