"""Frames with what the network predicts for them, in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.navigation.drive import CAMERA, views
from fastdepth_ros.offline.evaluation.split_frames import SplitFrames
from fastdepth_ros.simulation.room.scene import build_room

CAMERA_HEIGHT = 0.4  # m, on the simulated robot


@dataclass(frozen=True)
class Observation:
    """One frame of a scene."""

    scene: str
    depth: np.ndarray  # (h, w) float32 m, predicted; NaN = none
    intrinsics: Intrinsics  # of depth
    truth: np.ndarray  # (H, W) float32 m, 0 = none
    truth_intrinsics: Intrinsics

    @property
    def truth_on_depth(self) -> np.ndarray:
        """The nearest true depth at each pixel of `depth`."""
        (h, w), (rows, columns) = self.depth.shape, self.truth.shape
        v = ((np.arange(h) + 0.5) * rows / h).astype(int)
        u = ((np.arange(w) + 0.5) * columns / w).astype(int)
        return self.truth[v[:, None], u]


def observe(
    root: Path, split: str, scene: str, estimator: DepthEstimator
) -> Iterator[Observation]:
    """The split's frames whose scene starts with `scene`; a UserError if none has intrinsics."""
    seen = 0
    for _, frame in SplitFrames(root, split):
        if frame.intrinsics is None or not frame.scene.startswith(scene):
            continue
        seen += 1
        image = np.ascontiguousarray(frame.rgb.transpose(1, 2, 0))
        depth = estimator.estimate(image, frame.intrinsics).copy()
        intrinsics = frame.intrinsics.resized(depth.shape[1], depth.shape[0])
        yield Observation(frame.scene, depth, intrinsics, frame.depth, frame.intrinsics)
    if not seen:
        raise UserError(
            f"no {split} frame in '{root}' has intrinsics and a scene that starts with '{scene}'"
        )


def observe_drive(seed: int, frames: int, estimator: DepthEstimator) -> Iterator[Observation]:
    """One round of the robot through the simulated room of `seed`, in so many frames."""
    for _, image, truth in views(build_room(seed), seed, frames, CAMERA_HEIGHT):
        depth = estimator.estimate(image, CAMERA).copy()
        intrinsics = CAMERA.resized(depth.shape[1], depth.shape[0])
        yield Observation(f'simulated_room_s{seed}', depth, intrinsics, truth, CAMERA)
