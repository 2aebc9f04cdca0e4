"""One measured picture, and a small reference to it that opens no file before it is read."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fastdepth_ros.geometry.intrinsics import Intrinsics

STORED = 'as stored'  # nothing is known of who filled which holes


@dataclass(frozen=True, kw_only=True)
class FrameRef(ABC):
    """Where a frame is: hashable, picklable, and str() names it for the user."""

    name: str = ''  # '<path under the split>' without the suffix
    scene: str | None = None  # None: only the file says it
    weight: float = 1.0  # how often it is drawn in training, against 1
    depth_kind: str = STORED

    @property
    @abstractmethod
    def files(self) -> tuple[Path, ...]:
        """The files whose size and time date the frame."""

    @property
    @abstractmethod
    def key(self) -> str:
        """What decides its pixels: two frames with one key are the same."""

    @abstractmethod
    def read(self) -> Frame:
        """The frame; a UserError that names it if it is damaged or of another kind."""

    def read_scene(self) -> str:
        """The scene where the reference does not know it: asks the file."""
        return self.read().scene


@dataclass(frozen=True)
class Frame:
    """One measured picture: rgb uint8 (3, H, W), depth float32 (H, W) in metres, 0 = no depth."""

    rgb: np.ndarray
    depth: np.ndarray
    intrinsics: Intrinsics | None
    scene: str
    ref: FrameRef


def with_holes(depth: np.ndarray) -> np.ndarray:
    """float32 depth, where NaN, infinite and negative values are holes: 0."""
    usable = np.isfinite(depth) & (depth > 0)
    return np.where(usable, depth, 0).astype(np.float32)
