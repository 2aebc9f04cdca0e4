"""The frames of one split, by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tqdm import tqdm

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.data.frames import (
    RAW,
    Frame,
    depth_kind,
    frame_name,
    list_frames,
    read_frame,
)
from fastdepth_ros.offline.data.good_frames import good_frames
from fastdepth_ros.offline.evaluation.aspect import Aspect
from fastdepth_ros.offline.evaluation.degradations import Degradation


class SplitFrames:
    """Reads frames one at a time; damaged ones are refused, or skipped and counted."""

    def __init__(
        self,
        root: Path,
        split: str,
        depth: str = RAW,
        skip_bad: bool = False,
        degradation: Degradation | None = None,
        aspect: Aspect | None = None,
    ) -> None:
        """A UserError if the split is empty, or two of its frames have one name.

        With `degradation` pictures are as a worse camera's, depth stays; with `aspect` frames are
        the middle parts of that shape.
        """
        references = list_frames(root, split, depth)
        self._references = {frame_name(r): r for r in references}
        if len(self._references) < len(references):
            raise UserError(f"frames of '{root}' share a name: rename or leave them out")
        self.depth_kind = depth_kind(references)
        self._bad = BadFrames(skip_bad)
        self._degradation, self._aspect = degradation, aspect

    @property
    def names(self) -> list[str]:
        """Of all frames, in order."""
        return list(self._references)

    @property
    def skipped(self) -> int:
        """How many were damaged so far."""
        return len(self._bad.seen)

    def read(self, name: str) -> Frame:
        """One frame."""
        return self._seen(name, read_frame(self._references[name]))

    def _seen(self, name: str, frame: Frame) -> Frame:
        frame = self._aspect(frame) if self._aspect else frame
        if self._degradation is None:
            return frame
        return replace(frame, rgb=self._degradation(frame.rgb, name))

    def __iter__(self) -> Iterator[tuple[str, Frame]]:
        """(name, frame) of every whole one, under a progress bar."""
        for name, reference in tqdm(self._references.items(), unit='image', leave=False):
            for frame in good_frames([reference], self._bad):
                yield name, self._seen(name, frame)
