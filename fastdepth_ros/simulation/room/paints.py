"""Procedural textures of floors, walls and furniture. Each is a function of a Canvas and a colour.

It returns the albedo as sRGB 0..1, (rows, columns, 3) float32. All of them are this package's own
and are never trained on.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fastdepth_ros.simulation.room.boxes import RGB
from fastdepth_ros.simulation.room.canvas import Canvas
from fastdepth_ros.simulation.room.pictures import PICTURES

PaintFunction = Callable[[Canvas, RGB], np.ndarray]


def plaster(canvas: Canvas, colour: RGB) -> np.ndarray:
    """Painted wall: faint blotches and a fine roller texture."""
    return canvas.tinted(colour, 1 + 0.008 * canvas.noise(0.8, 0.8, 3) + _grain(canvas, 0.012))


def wallpaper(canvas: Canvas, colour: RGB) -> np.ndarray:
    """Broad vertical stripes in two tones."""
    stripe = (canvas.x / 0.11).astype(int) % 2
    return canvas.tinted(colour, 1 - 0.07 * stripe + _grain(canvas, 0.01))


def planks(canvas: Canvas, colour: RGB) -> np.ndarray:
    """Floorboards along the long side, each of its own tone, with dark seams."""
    along, across = (canvas.x, canvas.y)
    row = (across / 0.15).astype(int)
    offset = canvas.rng.uniform(0, 1.3, row.max() + 1)[row]
    plank = ((along + offset) / 1.3).astype(int)
    tone = canvas.rng.normal(1, 0.09, (row.max() + 1, plank.max() + 1))[row, plank]
    seam = _near_edge(across, 0.15, 0.004) | _near_edge(along + offset, 1.3, 0.004)
    grain = 0.06 * canvas.noise(0.35, 0.018, 2)
    image = canvas.tinted(colour, (tone + grain) * np.where(seam, 0.5, 1))
    image[..., 2] *= (1 - 0.25 * (tone - 1)).astype(np.float32)  # redder where it is lighter
    return image


def tiles(canvas: Canvas, colour: RGB) -> np.ndarray:
    """Square tiles of 0.3 m with marbling and grout."""
    side = 0.3
    row, column = (canvas.y / side).astype(int), (canvas.x / side).astype(int)
    tone = canvas.rng.normal(1, 0.03, (row.max() + 1, column.max() + 1))[row, column]
    marble = 0.035 * canvas.noise(0.2, 0.12, 3)
    image = canvas.tinted(colour, tone + marble)
    image[_near_edge(canvas.x, side, 0.006) | _near_edge(canvas.y, side, 0.006)] = (
        np.asarray(colour) * 0.62
    )
    return image


def brick(canvas: Canvas, colour: RGB) -> np.ndarray:
    """Running bond of 0.24 x 0.08 m with light mortar."""
    row = (canvas.y / 0.08).astype(int)
    x = canvas.x + 0.12 * (row % 2)
    column = (x / 0.24).astype(int)
    tone = canvas.rng.normal(1, 0.12, (row.max() + 1, column.max() + 1))[row, column]
    image = canvas.tinted(colour, tone + 0.07 * canvas.noise(0.03, 0.03, 2))
    image[_near_edge(canvas.y, 0.08, 0.011) | _near_edge(x, 0.24, 0.011)] = (0.72, 0.69, 0.65)
    return image * (1 + _grain(canvas, 0.03))[..., None]


def carpet(canvas: Canvas, colour: RGB) -> np.ndarray:
    """Short pile: strong fine grain, faint wear."""
    return canvas.tinted(colour, 1 + 0.05 * canvas.noise(0.5, 0.5, 2) + _grain(canvas, 0.11))


def rug(canvas: Canvas, colour: RGB) -> np.ndarray:
    """A woven rug with a border and a lattice of diamonds."""
    x, y = canvas.x, canvas.y
    edge = np.minimum(np.minimum(x, canvas.width - x), np.minimum(y, canvas.height - y))
    diamonds = (((x + y) / 0.18).astype(int) + ((x - y + 50) / 0.18).astype(int)) % 2
    image = canvas.tinted(colour, 0.75 + 0.35 * diamonds)
    image[(edge > 0.08) & (edge < 0.16)] = (0.82, 0.76, 0.62)
    image[edge < 0.03] = np.asarray(colour) * 0.55
    return image * (1 + _grain(canvas, 0.09))[..., None]


def wood(canvas: Canvas, colour: RGB) -> np.ndarray:
    """Furniture board: grain along the longer side, wavy rings."""
    lengthwise = canvas.width >= canvas.height
    across = canvas.y if lengthwise else canvas.x
    cells = (0.6, 0.05) if lengthwise else (0.05, 0.6)
    rings = np.sin(160 * across + 3.0 * canvas.noise(*cells, 2))
    fine = canvas.noise(cells[0] / 3, cells[1] / 5, 1)
    return canvas.tinted(colour, 1 + 0.035 * rings + 0.05 * fine)


def fabric(canvas: Canvas, colour: RGB) -> np.ndarray:
    """Upholstery: a weave, soft folds."""
    weave = 0.04 * np.sin(canvas.x * 700) * np.sin(canvas.y * 700)
    return (
        canvas.tinted(colour, 1 + weave + 0.025 * canvas.noise(0.25, 0.18, 2))
        * (1 + _grain(canvas, 0.05))[..., None]
    )


def curtain(canvas: Canvas, colour: RGB) -> np.ndarray:
    """Hanging cloth: vertical folds of uneven width."""
    folds = np.sin(canvas.x * 52 + 1.6 * canvas.noise(0.25, 3.0))
    return canvas.tinted(colour, 0.85 + 0.18 * folds + _grain(canvas, 0.03))


def cardboard(canvas: Canvas, colour: RGB) -> np.ndarray:
    """A carton's side: brown, with tape across the middle, a label and a stamp."""
    w, h = canvas.width, canvas.height
    image = canvas.tinted(colour, 1 + 0.03 * canvas.noise(0.15, 0.1, 3) + _grain(canvas, 0.03))
    if canvas.rng.random() < 0.6:
        canvas.fill(image, (0, 0.46 * h, w, 0.46 * h + 0.05), (0.72, 0.62, 0.45))
    if canvas.rng.random() < 0.6:
        x, y = canvas.rng.uniform(0.1, 0.5) * w, canvas.rng.uniform(0.1, 0.5) * h
        canvas.fill(image, (x, y, x + 0.3 * w, y + 0.28 * h), (0.9, 0.9, 0.87))
        for line in range(4):
            top = y + (0.04 + 0.06 * line) * h
            end = x + canvas.rng.uniform(0.12, 0.28) * w
            canvas.fill(image, (x + 0.02 * w, top, end, top + 0.02 * h), (0.25, 0.25, 0.25))
    return image


def smooth(canvas: Canvas, colour: RGB) -> np.ndarray:
    """Lacquer, plastic or metal: nearly plain."""
    return canvas.tinted(colour, 1 + 0.02 * canvas.noise(0.4, 0.4, 2) + _grain(canvas, 0.008))


def _grain(canvas: Canvas, deviation: float) -> np.ndarray:
    return deviation * canvas.rng.standard_normal(canvas.shape, np.float32)


def _near_edge(position: np.ndarray, period: float, width: float) -> np.ndarray:
    return position % period < width


PAINTS: dict[str, PaintFunction] = {
    function.__name__: function
    for function in (
        plaster,
        wallpaper,
        planks,
        tiles,
        brick,
        carpet,
        rug,
        wood,
        fabric,
        curtain,
        cardboard,
        smooth,
        *PICTURES,
    )
}
