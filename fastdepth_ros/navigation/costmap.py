"""A 2D costmap that marks and clears as nav2_costmap_2d's ObstacleLayer does.

After its obstacle_layer.cpp and observation_buffer.cpp: of a cloud only the points between
min_obstacle_height and max_obstacle_height count. The rays from the sensor to all of them clear
what lies between, up to raytrace_max_range; then those within obstacle_max_range mark their cells.
Left out: inflation, several observations at once, observation persistence, the robot's footprint.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

UNKNOWN, FREE, LETHAL = np.uint8(255), np.uint8(0), np.uint8(254)  # nav2_costmap_2d's values


@dataclass(frozen=True)
class CostmapOptions:
    """Named as Nav2's parameters; metres."""

    resolution: float = 0.05
    min_obstacle_height: float = 0.10  # lower is floor
    max_obstacle_height: float = 2.0
    obstacle_max_range: float = 2.5
    raytrace_max_range: float = 3.0


class Costmap:
    """Cells from (0, 0) to `size` metres, row by row along x: cells[y, x]."""

    def __init__(self, size: tuple[float, float], options: CostmapOptions) -> None:
        self.options = options
        columns, rows = (int(np.ceil(side / options.resolution)) for side in size)
        self.cells = np.full((rows, columns), UNKNOWN, np.uint8)

    def update(self, points: np.ndarray, sensor: np.ndarray) -> None:
        """Takes one cloud: (..., 3) metres in the map's frame (NaN = none) seen from `sensor`."""
        o = self.options
        points = points.reshape(-1, 3)
        with np.errstate(invalid='ignore'):
            height = points[:, 2]
            points = points[(height >= o.min_obstacle_height) & (height <= o.max_obstacle_height)]
        self._clear(points, sensor)
        near = np.linalg.norm(points - sensor, axis=1) <= o.obstacle_max_range
        self._set(points[near, :2], LETHAL)

    def _clear(self, points: np.ndarray, sensor: np.ndarray) -> None:
        """The cells between the sensor and the cell of each point, without that one."""
        step = self.options.resolution / 2
        ends = np.unique(np.floor(points[:, :2] / self.options.resolution), axis=0)
        ray = (ends + 0.5) * self.options.resolution - sensor[:2]
        length = np.linalg.norm(ray, axis=1)
        seen = length > 0
        ray, ends, length = ray[seen], ends[seen], length[seen, None]
        along = np.arange(0, self.options.raytrace_max_range, step)
        samples = sensor[:2] + ray[:, None] / length[:, None] * along[:, None]
        cell = np.floor(samples / self.options.resolution)
        between = (along < length) & (cell != ends[:, None]).any(axis=2)
        self._set(samples[between], FREE)

    def _set(self, xy: np.ndarray, value: np.uint8) -> None:
        column, row = np.floor(xy / self.options.resolution).astype(np.intp).T
        rows, columns = self.cells.shape
        inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        self.cells[row[inside], column[inside]] = value
