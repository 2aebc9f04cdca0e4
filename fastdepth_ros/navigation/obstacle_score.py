"""How well one costmap shows the obstacles of another one."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import cv2
import numpy as np

from fastdepth_ros.navigation.costmap import FREE, LETHAL

TOLERANCE = 2  # cells (10 cm at 5 cm a cell) that an obstacle may be off


@dataclass(frozen=True)
class ObstacleScore:
    """Cells; the reference's obstacles are found + missed."""

    found: int  # obstacles of the reference with an obstacle within TOLERANCE
    missed: int  # without one
    invented: int  # obstacles without one of the reference within TOLERANCE
    blocked: int  # of these, in space that the reference knows to be free
    free: int  # cells that the reference knows to be free

    @property
    def recall(self) -> float:
        """Share of the obstacles that was found."""
        return self.found / max(self.found + self.missed, 1)

    @property
    def blocked_share(self) -> float:
        """Share of the free space that an invented obstacle blocks."""
        return self.blocked / max(self.free, 1)

    def __add__(self, other: ObstacleScore) -> ObstacleScore:
        mine, yours = asdict(self), asdict(other)
        return ObstacleScore(**{name: mine[name] + yours[name] for name in mine})

    def to_json(self) -> dict[str, float]:
        """Counts and shares."""
        return {**asdict(self), 'recall': self.recall, 'blocked_share': self.blocked_share}


def score_obstacles(cells: np.ndarray, reference: np.ndarray) -> ObstacleScore:
    """Both are (rows, columns) uint8 of the same place, as in Costmap.cells."""
    marked, true = cells == LETHAL, reference == LETHAL
    found = true & _grown(marked)
    invented = marked & ~_grown(true)
    free = reference == FREE
    return ObstacleScore(
        found=int(found.sum()),
        missed=int((true & ~found).sum()),
        invented=int(invented.sum()),
        blocked=int((invented & free).sum()),
        free=int(free.sum()),
    )


def _grown(mask: np.ndarray) -> np.ndarray:
    size = 2 * TOLERANCE + 1
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return cv2.dilate(mask.astype(np.uint8), kernel) > 0
