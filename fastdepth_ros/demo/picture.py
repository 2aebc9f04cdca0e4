"""A picture of what the camera saw and the depth of it, side by side."""

from __future__ import annotations

import cv2
import numpy as np

from fastdepth_ros.demo.figures import Sample
from fastdepth_ros.pictures.colour_bar import INK, PAPER, draw_colour_bar
from fastdepth_ros.pictures.depth_colours import DepthColours

FAR = 6.0  # m: yellow, and everything beyond; the same in every picture, so that they compare
HEIGHT = 480  # px of a panel
HEADER = 40  # px above the panels


def draw_sample(sample: Sample) -> bytes:
    """A PNG file: image, depth and, where known, true depth (viridis: near blue, far yellow)."""
    colours = DepthColours(FAR)
    panels = [_titled(_fit(sample.image[..., ::-1]), 'camera')]
    panels.append(_titled(_fit(colours(sample.depth).copy(), sample.image), 'depth'))
    if sample.truth is not None:
        panels.append(_titled(_fit(colours(sample.truth).copy()), 'true depth'))
    gap = np.full((HEIGHT + HEADER, 6, 3), PAPER, np.uint8)
    row = [part for panel in panels for part in (panel, gap)]
    _, data = cv2.imencode('.png', np.hstack([*row, draw_colour_bar(HEIGHT, FAR, HEADER)]))
    return data.tobytes()


def _fit(image: np.ndarray, like: np.ndarray | None = None) -> np.ndarray:
    """Resized to HEIGHT, with the proportions of `like` (or its own)."""
    rows, columns = (image if like is None else like).shape[:2]
    size = (max(1, round(columns * HEIGHT / rows)), HEIGHT)
    return cv2.resize(np.ascontiguousarray(image), size, interpolation=cv2.INTER_LINEAR)


def _titled(panel: np.ndarray, title: str) -> np.ndarray:
    header = np.full((HEADER, panel.shape[1], 3), PAPER, np.uint8)
    _text(header, title, (6, HEADER - 12), 0.8)
    return np.vstack([header, panel])


def _text(image: np.ndarray, text: str, where: tuple[int, int], scale: float) -> None:
    cv2.putText(image, text, where, cv2.FONT_HERSHEY_SIMPLEX, scale, INK, 1, cv2.LINE_AA)
