"""What is printed on goods and covers: words, pictures, bars; (SIZE, SIZE, 3) uint8 each."""

from __future__ import annotations

import colorsys

import cv2
import numpy as np

from fastdepth_ros.offline.synthesis.materials import SIZE, Random, colour, fractal

_FONTS = (cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_COMPLEX)
_LETTERS = np.array(list('AEIORSTNLCMPUDGBHKVFWYZ'))


def label(rng: Random) -> np.ndarray:
    """A packet's, a tin's or a magazine's front: a picture, a name, small print, a bar code."""
    image = np.empty((SIZE, SIZE, 3), np.uint8)
    image[:] = _ink(rng)
    if rng.random() < 0.6:  # a field of another colour
        (x, y), (w, h) = rng.integers(-60, SIZE // 2, 2), rng.integers(60, SIZE, 2)
        cv2.rectangle(image, (int(x), int(y)), (int(x + w), int(y + h)), _ink(rng), -1)
    if rng.random() < 0.7:
        _picture(rng, image)
    for _ in range(rng.integers(1, 4)):
        _words(rng, image, rng.uniform(0.8, 2.6), int(rng.integers(2, 6)))
    for _ in range(rng.integers(0, 4)):
        _words(rng, image, rng.uniform(0.3, 0.5), 1)
    if rng.random() < 0.4:
        _bars(rng, image)
    return np.ascontiguousarray(image[::-1])  # v points up


def _ink(rng: Random) -> tuple[float, float, float]:
    """Strong or white, as print is; 0 to 255."""
    if rng.random() < 0.35:
        level = 255 * rng.choice([rng.uniform(0.85, 1), rng.uniform(0, 0.15)])
        return (level,) * 3
    r, g, b = colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.4, 1), rng.uniform(0.25, 1))
    return 255 * r, 255 * g, 255 * b


def _picture(rng: Random, image: np.ndarray) -> None:
    """Something with light and shade within an ellipse or a rectangle."""
    mask = np.zeros((SIZE, SIZE), np.uint8)
    x, y = (int(n) for n in rng.integers(40, SIZE - 40, 2))
    w, h = (int(n) for n in rng.integers(25, 110, 2))
    if rng.random() < 0.5:
        cv2.ellipse(mask, (x, y), (w, h), float(rng.uniform(0, 180)), 0, 360, 1, -1)
    else:
        cv2.rectangle(mask, (x - w, y - h), (x + w, y + h), 1, -1)
    share = fractal(rng, rng.uniform(0.4, 0.9))[..., None]
    low, high = np.array(colour(rng, 1.0)), np.array(colour(rng, 1.0))
    image[mask > 0] = (255 * (low + share * (high - low)))[mask > 0].astype(np.uint8)


def _words(rng: Random, image: np.ndarray, size: float, thick: int) -> None:
    word = ''.join(rng.choice(_LETTERS, int(rng.integers(3, 10))))
    at = (int(rng.integers(2, 120)), int(rng.integers(30, SIZE - 5)))
    font = _FONTS[int(rng.integers(len(_FONTS)))]
    cv2.putText(image, word, at, font, size, _ink(rng), thick, cv2.LINE_AA)


def _bars(rng: Random, image: np.ndarray) -> None:
    x, y = (int(n) for n in rng.integers(0, SIZE - 80, 2))
    image[y : y + 40, x : x + 70] = 250
    bars = np.repeat(rng.random(35) < 0.5, 2)
    image[y + 4 : y + 36, x : x + 70][:, bars] = 10
