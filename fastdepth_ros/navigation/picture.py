"""Costmaps side by side."""

from __future__ import annotations

import cv2
import numpy as np

from fastdepth_ros.navigation.costmap import FREE, LETHAL

PIXELS = 4  # a cell
HEADER, GAP = 28, 8
COLOURS = {int(FREE): (255, 255, 255), int(LETHAL): (40, 40, 40)}  # BGR
UNKNOWN_COLOUR = (190, 190, 190)


def draw_costmaps(maps: dict[str, np.ndarray]) -> bytes:
    """A PNG file: obstacles dark, free space white, unknown grey; y up."""
    panels = []
    for name, cells in maps.items():
        picture = np.full((*cells.shape, 3), UNKNOWN_COLOUR, np.uint8)
        for value, colour in COLOURS.items():
            picture[cells == value] = colour
        large = np.repeat(np.repeat(picture[::-1], PIXELS, 0), PIXELS, 1)
        header = np.full((HEADER, large.shape[1], 3), 255, np.uint8)
        cv2.putText(header, name, (4, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (30, 30, 30), 1, 16)
        panels += [
            np.vstack([header, large]),
            np.full((HEADER + len(large), GAP, 3), 255, np.uint8),
        ]
    _, data = cv2.imencode('.png', np.hstack(panels[:-1]))
    return data.tobytes()
