"""An image and its depth as one picture."""

from __future__ import annotations

import cv2
import numpy as np

from fastdepth_ros.errors import check_choice
from fastdepth_ros.pictures.colour_bar import draw_colour_bar
from fastdepth_ros.pictures.depth_colours import DepthColours

LAYOUTS = ('side', 'blend', 'depth')
MOST_ROWS = 1080  # px, of a picture whose height nobody asked for
OPACITY = 0.6  # of the depth in `blend`


class DepthPicture:
    """Draws pictures whose colours mean the same metres in all of them."""

    def __init__(self, layout: str, far: float, height: int | None = None) -> None:
        """`layout`: 'side' the image beside its depth, 'blend' the depth over the image, 'depth'.

        `far` in metres is yellow, and so is everything beyond. `height` in px; None: that of the
        image, MOST_ROWS at most.
        """
        self._layout = check_choice('layout', layout, LAYOUTS)
        self._far, self._height = far, height
        self._colours = DepthColours(far)
        self._bar = np.empty((0, 0, 3), np.uint8)

    def draw(self, rgb: np.ndarray, depth: np.ndarray) -> np.ndarray:
        """(H, W, 3) uint8 RGB and (h, w) float32 metres, NaN = none -> uint8 BGR with a legend."""
        rows, columns = rgb.shape[:2]
        height = self._height or min(rows, MOST_ROWS)
        size = max(1, round(columns * height / rows)), height
        panels = []
        if self._layout != 'depth':
            panels.append(cv2.cvtColor(resized(rgb, size), cv2.COLOR_RGB2BGR))
        panels.append(resized(self._colours(depth), size))
        if self._layout == 'blend':
            panels = [cv2.addWeighted(panels[0], 1 - OPACITY, panels[1], OPACITY, 0)]
        if len(self._bar) != height:
            self._bar = draw_colour_bar(height, self._far)
        return np.hstack([*panels, self._bar])


def resized(image: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """To (width, height): by area where that shrinks, else cubic."""
    if image.shape[1::-1] == size:
        return image
    shrinks = image.shape[1] >= size[0] and image.shape[0] >= size[1]
    return cv2.resize(image, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
