"""What came of a bag, in numbers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fastdepth_ros.bags.topics import Streams
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.offline.record.plan import Plan
from fastdepth_ros.offline.record.synchronise import MS


@dataclass
class Tally:
    """Counts of frames, and what the depth of those written is like."""

    written: Counter[str] = field(default_factory=Counter)  # by split
    left_out: Counter[str] = field(default_factory=Counter)  # by reason
    there_already: int = 0
    shares: list[float] = field(default_factory=list)  # of pixels with depth
    medians: list[float] = field(default_factory=list)  # m

    def add(self, split: str, depth: np.ndarray) -> None:
        """A frame that was written, with its (h, w) metres, 0 = none."""
        valid = depth > 0
        self.written[split] += 1
        self.shares.append(float(valid.mean()))
        self.medians.append(float(np.median(depth[valid])))

    def result(self, streams: Streams, plan: Plan, how: str, camera: Intrinsics) -> dict[str, Any]:
        """All of it, for JSON."""
        offsets = np.abs([shot.offset for shot in plan.shots]) / MS
        left_out = {**plan.left_out}
        for reason, count in self.left_out.items():
            left_out[reason] = left_out.get(reason, 0) + count
        return {
            'image': streams.image,
            'intrinsics': [camera.fx, camera.fy, camera.cx, camera.cy],
            'size': [camera.width, camera.height],
            'depth': streams.depth,
            'how': how,
            'offset_ms': {'median': float(np.median(offsets)), 'max': float(offsets.max())},
            'left_out': {reason: count for reason, count in left_out.items() if count},
            'train': self.written['train'],
            'val': self.written['val'],
            'there_already': self.there_already,
            'depth_share': float(np.mean(self.shares)) if self.shares else None,
            'median_depth': float(np.median(self.medians)) if self.medians else None,
        }


def text(scene: str, result: dict[str, Any]) -> str:
    """A bag's result for people."""
    fx, fy, cx, cy = result['intrinsics']
    offset = result['offset_ms']
    lines = [
        f'{scene}: {result["image"]} (fx {fx:g}, fy {fy:g}, cx {cx:g}, cy {cy:g} px) with '
        f'{result["depth"]} ({result["how"]})',
        f'  stamps {offset["median"]:.1f} ms apart in the median, {offset["max"]:.1f} at most',
    ]
    if result['left_out']:
        reasons = ', '.join(f'{count} {reason}' for reason, count in result['left_out'].items())
        lines.append(f'  left out: {reasons}')
    written = f'  written: {result["train"]} train, {result["val"]} val'
    if result['there_already']:
        written += f'; {result["there_already"]} were there already'
    if result['depth_share'] is not None:
        written += (
            f'; {result["depth_share"]:.1%} of the pixels have depth, in the median '
            f'{result["median_depth"]:.2f} m'
        )
    return '\n'.join([*lines, written])
