"""The middle of a frame as a camera of another shape would have seen it: `--aspect 16:9`."""

from __future__ import annotations

import argparse
import re
from dataclasses import dataclass, replace

import numpy as np

from fastdepth_ros.geometry.view import fit_rects
from fastdepth_ros.offline.data.frame import Frame

LONGEST = 4  # sides to one another; panoramas are no pinhole pictures


@dataclass(frozen=True)
class Aspect:
    """Width to height, as it was written."""

    width: int
    height: int

    def __str__(self) -> str:
        return f'{self.width}:{self.height}'

    def __call__(self, frame: Frame) -> Frame:
        """The largest middle part of this shape, not resized: image, depth, intrinsics."""
        height, width = frame.depth.shape
        part, _ = fit_rects((width, height), (self.width, self.height), 'crop')
        rows, columns = part.slices
        return replace(
            frame,
            rgb=np.ascontiguousarray(frame.rgb[:, rows, columns]),
            depth=np.ascontiguousarray(frame.depth[rows, columns]),
            intrinsics=frame.intrinsics
            and frame.intrinsics.cropped(part.left, part.top, *part.size),
        )


def parse_aspect(text: str) -> Aspect:
    """W:H, as argparse's type."""
    found = re.fullmatch(r'([1-9]\d{0,3}):([1-9]\d{0,3})', text)
    sides = [int(side) for side in found.groups()] if found else [1, LONGEST + 1]
    if max(sides) > LONGEST * min(sides):
        raise argparse.ArgumentTypeError(
            f"'{text}' is no shape: WIDTH:HEIGHT is needed, such as 16:9, one at most {LONGEST} "
            'times the other'
        )
    return Aspect(*sides)
