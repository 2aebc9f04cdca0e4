"""Whole frames only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.data.frames import Frame, FrameRef, read_frame


def good_frames(refs: Iterable[FrameRef], bad: BadFrames) -> Iterator[Frame]:
    """Whole frames in order; damaged ones go to `bad`."""
    for ref in refs:
        try:
            frame = read_frame(ref)
        except UserError as error:
            bad.handle(error)
            continue
        yield frame
