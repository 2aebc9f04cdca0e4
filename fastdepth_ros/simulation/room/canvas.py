"""What procedural textures are painted with: coordinates in metres and smooth random noise."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from fastdepth_ros.simulation.room.boxes import RGB

Rectangle = tuple[float, float, float, float]  # x0, y0, x1, y1 in metres


@dataclass(frozen=True)
class Canvas:
    """A surface of width x height metres, `shape` = (rows, columns) texels, row 0 at the top."""

    width: float
    height: float
    shape: tuple[int, int]
    rng: np.random.Generator

    @property
    def x(self) -> np.ndarray:
        """(1, columns): metres from the left edge."""
        columns = self.shape[1]
        return ((np.arange(columns, dtype=np.float32) + 0.5) * (self.width / columns))[None]

    @property
    def y(self) -> np.ndarray:
        """(rows, 1): metres from the upper edge."""
        rows = self.shape[0]
        return ((np.arange(rows, dtype=np.float32) + 0.5) * (self.height / rows))[:, None]

    def noise(self, cell_x: float, cell_y: float, octaves: int = 1) -> np.ndarray:
        """(rows, columns): smooth noise, deviation about 1, with features of cell metres."""
        total = np.zeros(self.shape, np.float32)
        for octave in range(octaves):
            columns = int(np.ceil(self.width / cell_x * 2**octave)) + 2
            rows = int(np.ceil(self.height / cell_y * 2**octave)) + 2
            grid = (min(rows, self.shape[0] + 2), min(columns, self.shape[1] + 2))
            values = self.rng.standard_normal(grid, np.float32)
            flip = (self.shape[1], self.shape[0])
            total += 0.6**octave * cv2.resize(values, flip, interpolation=cv2.INTER_CUBIC)
        return total

    def plain(self, colour: RGB) -> np.ndarray:
        """(rows, columns, 3) of one colour."""
        return np.full((*self.shape, 3), colour, np.float32)

    def tinted(self, colour: RGB, brightness: np.ndarray) -> np.ndarray:
        """(rows, columns, 3): the colour times a brightness about 1 for each texel."""
        brightness = np.broadcast_to(brightness, self.shape)[..., None]
        return np.asarray(colour, np.float32) * brightness.astype(np.float32)

    def patch(self, x0: float, y0: float, x1: float, y1: float) -> tuple[slice, slice]:
        """Texels of a rectangle given in metres from the upper left corner."""
        rows, columns = self.shape
        r0, r1 = round(y0 / self.height * rows), round(y1 / self.height * rows)
        c0, c1 = round(x0 / self.width * columns), round(x1 / self.width * columns)
        return slice(max(r0, 0), max(r1, 0)), slice(max(c0, 0), max(c1, 0))

    def fill(self, image: np.ndarray, box: Rectangle, colour: RGB | np.ndarray) -> None:
        """Paints a rectangle (x0, y0, x1, y1), in metres, in place."""
        image[self.patch(*box)] = colour
