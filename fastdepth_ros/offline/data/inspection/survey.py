"""Figures of the frames of a split: sizes, scenes, cameras, and how their depth is spread."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.offline.data.frame import Frame, FrameRef

EDGES = (0, 0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, math.inf)  # m
BIN = 0.01  # m, of the fine histogram that the median is read from
FARTHEST = 655.35  # m, of that histogram
METRES_AT_MOST = 100.0  # a median beyond it is no room: the unit is wrong


class Survey:
    """Reads frames one after another and counts; keeps none of them."""

    def __init__(self) -> None:
        self._sizes: Counter[str] = Counter()
        self._scenes: Counter[str] = Counter()
        self._cameras: Counter[Intrinsics | None] = Counter()
        self._valid: list[float] = []
        self._levels = np.zeros(round(FARTHEST / BIN) + 1, np.int64)
        self._counts = np.zeros(len(EDGES) - 1, np.int64)
        self._nearest, self._farthest = math.inf, 0.0
        self.bad: dict[str, str] = {}

    def read(self, refs: Iterable[FrameRef]) -> None:
        """Adds every frame; what is wrong with a bad one is kept under its name."""
        for ref in refs:
            try:
                self.add(ref.read())
            except UserError as error:
                self.bad[ref.name] = str(error)

    def add(self, frame: Frame) -> None:
        """Counts one frame."""
        height, width = frame.depth.shape
        self._sizes[f'{width} x {height}'] += 1
        self._scenes[frame.scene] += 1
        self._cameras[frame.intrinsics] += 1
        depth = frame.depth[frame.depth > 0]
        self._valid.append(depth.size / frame.depth.size)
        if not depth.size:
            return
        self._nearest = min(self._nearest, float(depth.min()))
        self._farthest = max(self._farthest, float(depth.max()))
        self._counts += np.histogram(depth, EDGES)[0]
        levels = (np.minimum(depth, FARTHEST) / BIN).astype(np.int64)
        self._levels += np.bincount(levels, minlength=len(self._levels))

    def figures(self) -> dict[str, Any]:
        """JSON-ready; depth is None where no frame has any."""
        return {
            'read': len(self._valid),
            'sizes': dict(self._sizes.most_common()),
            'scenes': dict(sorted(self._scenes.items())),
            'depth': self._depth() if self._counts.any() else None,
            'invalid_share': 1 - float(np.mean(self._valid)) if self._valid else None,
            'most_invalid': 1 - min(self._valid) if self._valid else None,
            'without_depth': self._valid.count(0),
            'intrinsics': self._intrinsics(),
            'bad': self.bad,
        }

    def quantile(self, share: float) -> float:
        """Metres below which this share of the pixels with depth lies, to BIN."""
        below = np.cumsum(self._levels)
        return float(np.searchsorted(below, share * below[-1]) + 0.5) * BIN

    def _depth(self) -> dict[str, Any]:
        return {
            'nearest': self._nearest,
            'farthest': self._farthest,
            'median': round(self.quantile(0.5), 3),
            'edges': [*EDGES[:-1], None],
            'pixels': self._counts.tolist(),
        }

    def _intrinsics(self) -> dict[str, Any]:
        known = [(k, n) for k, n in self._cameras.most_common() if k]
        fields_of_view = [2 * math.degrees(math.atan(k.width / 2 / k.fx)) for k, _ in known]
        return {
            'frames_without': self._cameras[None],
            'cameras': [{**asdict(k), 'frames': n} for k, n in known],
            'hfov': [min(fields_of_view), max(fields_of_view)] if known else None,
        }


def warnings(figures: dict[str, Any]) -> list[str]:
    """What looks wrong though every file could be read."""
    found = []
    depth = figures['depth']
    if depth and depth['median'] > METRES_AT_MOST:
        found.append(f'the median depth is {depth["median"]:.0f} m: is it in millimetres?')
    if figures['without_depth']:
        found.append(f'{figures["without_depth"]} frames have no depth at all')
    if len(figures['sizes']) > 1:
        found.append('sizes are mixed: training and evaluation resize each frame')
    return found
