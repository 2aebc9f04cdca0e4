"""What every source of pictures offers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.geometry.camera_info import CameraModel

TIME_BASE = Fraction(1, 90000)  # s, of MP4 where the source has none: MPEG's


@dataclass(frozen=True)
class Sample:
    """One picture."""

    name: str  # of its files, without suffix; may hold folders
    time: Fraction  # s since the source's first picture
    rgb: np.ndarray  # (H, W, 3) uint8
    camera: CameraModel | None = None  # where the source knows it; distortion: to be undone


class Source(ABC):
    """Pictures in order, from the first to the last.

    Made with what the user named; a UserError says at once if nothing can be read there.
    """

    label: str  # as the user gave it
    name: str  # of its video, and of the folders of its files
    folder: str  # of its files below each kind's folder; '' for none
    moving: bool  # a video is what is wanted of it by default
    rate: Fraction  # pictures a second, where that is steady
    time_base: Fraction = TIME_BASE  # s, of which times are multiples
    count: int | None = None  # pictures, where that is known before
    names: list[str] | None = None  # of all pictures, where they are known before
    paths: Sequence[Path] = ()  # the files that it reads, which nothing may be written over

    @abstractmethod
    def samples(self, bad: BadFrames) -> Generator[Sample, None, None]:
        """Every picture; what cannot be read goes to `bad`."""
