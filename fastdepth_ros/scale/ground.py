"""Scale from the camera's height: the floor in the predicted depth must lie that far below."""

from __future__ import annotations

import math

import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.scale.floor import FloorFinder
from fastdepth_ros.scale.measurement import GROUND, Rejection, ScaleMeasurement


class GroundScale:
    """A camera at a known height above a floor that it sees."""

    def __init__(self, height: float) -> None:
        """`height`: m; a UserError unless it is more than 0."""
        self.height = height
        self._finder = FloorFinder()

    @property
    def height(self) -> float:
        """Of the camera above the floor, m; a UserError where it is set to 0 or less."""
        return self._height

    @height.setter
    def height(self, height: float) -> None:
        self._height = check_height(height)

    def measure(
        self, depth: np.ndarray, intrinsics: Intrinsics, up: np.ndarray
    ) -> ScaleMeasurement | Rejection:
        """The scale of (H, W) float32 metres, NaN = none, as the model gives them.

        `intrinsics` are the depth's; `up` is a unit vector (3,) in the optical frame (x right, y
        down, z forward): (0, -1, 0) for a level camera.
        """
        floor = self._finder.find(depth, intrinsics, up)
        if isinstance(floor, Rejection):
            return floor
        return ScaleMeasurement(self.height / floor.below, 0.0, floor.confidence, GROUND)


def check_height(height: float) -> float:
    """Returns it, or raises a UserError unless it is finite and more than 0."""
    if not 0 < height < math.inf:
        raise UserError(
            f'the camera height is {height:g} m: more than 0 above the floor is needed'
        )
    return height
