"""Textures that show a thing: doors, windows, framed pictures, book spines, screens."""

from __future__ import annotations

import numpy as np

from fastdepth_ros.simulation.room.boxes import RGB
from fastdepth_ros.simulation.room.canvas import Canvas

SPINES = np.array(
    [
        (0.42, 0.14, 0.12),
        (0.14, 0.20, 0.36),
        (0.17, 0.28, 0.20),
        (0.34, 0.24, 0.16),
        (0.76, 0.71, 0.60),
        (0.12, 0.12, 0.13),
        (0.50, 0.50, 0.50),
        (0.70, 0.52, 0.22),
        (0.55, 0.63, 0.68),
    ]
)


def door(canvas: Canvas, colour: RGB) -> np.ndarray:
    """A panelled door leaf with mouldings and a handle."""
    w, h = canvas.width, canvas.height
    image = canvas.tinted(colour, 1 + 0.03 * canvas.noise(0.03, 0.7, 2))
    for x0, x1 in ((0.12 * w, 0.46 * w), (0.54 * w, 0.88 * w)):
        for y0, y1 in ((0.06 * h, 0.40 * h), (0.52 * h, 0.94 * h)):
            _panel(canvas, image, (x0, y0, x1, y1), colour)
    canvas.fill(image, (0.90 * w, 0.47 * h, 0.95 * w, 0.53 * h), (0.55, 0.55, 0.56))
    canvas.fill(image, (0.80 * w, 0.485 * h, 0.94 * w, 0.497 * h), (0.75, 0.75, 0.76))
    return image


def cupboard(canvas: Canvas, colour: RGB) -> np.ndarray:
    """A pair or row of doors with dark gaps and knobs, each about 0.5 m wide."""
    w, h = canvas.width, canvas.height
    image = canvas.tinted(colour, 1 + 0.04 * canvas.noise(0.04, 0.5, 2))
    count = max(2, round(w / 0.5))
    for n in range(count):
        left, right = n * w / count, (n + 1) * w / count
        _panel(canvas, image, (left + 0.05, 0.05, right - 0.05, h - 0.05), colour)
        canvas.fill(image, (right - 0.006, 0, right + 0.006, h), (0.1, 0.09, 0.08))
        knob = right - 0.04 if n % 2 == 0 else left + 0.03
        canvas.fill(image, (knob, h / 2 - 0.05, knob + 0.015, h / 2 + 0.05), (0.7, 0.7, 0.7))
    return image


def drawers(canvas: Canvas, colour: RGB) -> np.ndarray:
    """A stack of drawers about 0.2 m high, with handles."""
    w, h = canvas.width, canvas.height
    image = canvas.tinted(colour, 1 + 0.04 * canvas.noise(0.5, 0.04, 2))
    count = max(2, round(h / 0.2))
    for n in range(count):
        top = n * h / count
        canvas.fill(image, (0, top - 0.005, w, top + 0.006), (0.1, 0.09, 0.08))
        middle = top + 0.4 * h / count
        canvas.fill(image, (0.35 * w, middle, 0.65 * w, middle + 0.018), (0.72, 0.7, 0.66))
        shade = (0.35 * w, middle + 0.018, 0.65 * w, middle + 0.03)
        image[canvas.patch(*shade)] *= 0.7
    return image


def books(canvas: Canvas, colour: RGB) -> np.ndarray:
    """Spines standing in a row, of every height; the gaps above them are dark."""
    del colour  # every spine has its own
    rng, image = canvas.rng, canvas.plain((0.07, 0.06, 0.05))
    x = 0.0
    while x < canvas.width:
        width = rng.uniform(0.018, 0.055)
        top = canvas.height * rng.choice((0.0, 0.04, 0.1, 0.17))
        tone = _spine_colour(rng)
        canvas.fill(image, (x, top, x + width - 0.003, canvas.height), tone)
        for _ in range(rng.integers(1, 4)):
            band = top + (canvas.height - top) * rng.uniform(0.08, 0.85)
            canvas.fill(image, (x, band, x + width - 0.003, band + 0.015), _spine_colour(rng))
        x += width
    return image * (1 + 0.03 * canvas.noise(0.02, 0.05)[..., None])


def picture(canvas: Canvas, colour: RGB) -> np.ndarray:
    """A framed landscape: sky, hills in layers, a sun."""
    w, h, rng = canvas.width, canvas.height, canvas.rng
    image = canvas.plain((0.93, 0.92, 0.88))
    rows, columns = canvas.patch(0.07, 0.07, w - 0.07, h - 0.07)
    x, y = canvas.x[:, columns], canvas.y[rows] / h
    sky = np.array(colour) * (0.7 + 0.5 * y[..., None]) + np.zeros((1, x.size, 1))
    sun = (x - w * rng.uniform(0.3, 0.7)) ** 2 + (h * y - 0.3 * h) ** 2 < (0.09 * h) ** 2
    sky[sun] = (0.98, 0.85, 0.5)
    for layer in range(4):
        bend = 0.05 * np.sin(x / w * rng.uniform(4, 12) + rng.uniform(0, 6))
        hills = y > 0.4 + 0.13 * layer + bend
        sky[hills] = rng.uniform(0.15, 0.55, 3)
    image[rows, columns] = sky
    _border(canvas, image, 0.025, (0.12, 0.09, 0.07))
    return image


def window(canvas: Canvas, colour: RGB) -> np.ndarray:
    """Two panes in a white frame: sky over a blurred row of houses and trees."""
    h = canvas.height
    y = canvas.y / h
    skyline = 0.62 + 0.05 * canvas.noise(0.35, 9.0)
    sky = np.array(colour) * (1 - 0.12 * y[..., None]) + np.zeros((*canvas.shape, 1))
    image = sky.astype(np.float32)
    ground = y > skyline
    trees = canvas.tinted((0.42, 0.46, 0.36), 1 + 0.2 * canvas.noise(0.1, 0.1, 2))
    image[ground] = trees[ground]
    frame = (0.5, 0.5, 0.5)
    _border(canvas, image, 0.06, frame)
    canvas.fill(image, (canvas.width / 2 - 0.04, 0, canvas.width / 2 + 0.04, h), frame)
    return image


def screen(canvas: Canvas, colour: RGB) -> np.ndarray:
    """A switched-off screen: black with a slanting reflection."""
    gleam = np.clip(0.09 - 0.1 * np.abs(canvas.x - canvas.y - 0.3), 0, None)
    image = canvas.plain(colour) + gleam[..., None].astype(np.float32)
    _border(canvas, image, 0.012, (0.03, 0.03, 0.03))
    return image


def slats(canvas: Canvas, colour: RGB) -> np.ndarray:
    """Vertical ribs, as of a radiator."""
    ribs = np.sin(canvas.x * (2 * np.pi / 0.06))
    return canvas.tinted(colour, 0.9 + 0.13 * ribs)


def lamp(canvas: Canvas, colour: RGB) -> np.ndarray:
    """A luminous panel in a thin frame."""
    image = canvas.plain(colour)
    _border(canvas, image, 0.02, (0.6, 0.6, 0.6))
    return image


def _panel(
    canvas: Canvas, image: np.ndarray, box: tuple[float, float, float, float], colour: RGB
) -> None:
    """A raised field: a dark line above and left, a bright one below and right."""
    x0, y0, x1, y1 = box
    dark = (colour[0] * 0.72, colour[1] * 0.72, colour[2] * 0.72)
    light = (colour[0] * 1.12, colour[1] * 1.12, colour[2] * 1.12)
    for edge in ((x0, y0, x1, y0 + 0.012), (x0, y0, x0 + 0.012, y1)):
        canvas.fill(image, edge, dark)
    for edge in ((x0, y1 - 0.012, x1, y1), (x1 - 0.012, y0, x1, y1)):
        canvas.fill(image, edge, light)


def _border(canvas: Canvas, image: np.ndarray, width: float, colour: RGB) -> None:
    w, h = canvas.width, canvas.height
    for box in ((0, 0, w, width), (0, h - width, w, h), (0, 0, width, h), (w - width, 0, w, h)):
        canvas.fill(image, box, colour)


def _spine_colour(rng: np.random.Generator) -> np.ndarray:
    return SPINES[rng.integers(len(SPINES))] * rng.uniform(0.7, 1.15)


PICTURES = (door, cupboard, drawers, books, picture, window, screen, slats, lamp)
