"""The legend of depth in colours."""

from __future__ import annotations

import cv2
import numpy as np

from fastdepth_ros.pictures.depth_colours import DepthColours

WIDTH = 90  # px at scale 1
INK, PAPER = (30, 30, 30), (255, 255, 255)


def draw_colour_bar(height: int, far: float, header: int = 0) -> np.ndarray:
    """(header + height, about WIDTH, 3) uint8 BGR: metres from 0 at the bottom to `far`."""
    scale = float(np.clip(height / 480, 0.5, 3))
    bar = np.full((header + height, round(WIDTH * scale), 3), PAPER, np.uint8)
    metres = np.linspace(far, 0, height, dtype=np.float32)[:, None]
    left, right = round(4 * scale), round(30 * scale)
    bar[header:, left:right] = DepthColours(far)(np.repeat(metres, right - left, axis=1))
    step = next(s for s in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100) if far / s <= 10 or s == 100)
    for mark in np.arange(0, far + step / 2, step):
        y = header + round((1 - min(1.0, mark / far)) * (height - 1))
        y = int(np.clip(y + 5 * scale, header + 12 * scale, header + height - 4 * scale))
        place = round(36 * scale), y
        font = cv2.FONT_HERSHEY_SIMPLEX
        cv2.putText(bar, f'{mark:g} m', place, font, 0.5 * scale, INK, max(1, round(scale)), 16)
    return bar
