"""What happens to damaged frames: refused, or named and skipped, as the user asked."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.data.cache import CacheError
from fastdepth_ros.offline.data.frames import Frame, FrameRef, read_frame


class BadFrames:
    """Refuses damaged frames, or names each of them once on stderr and counts them."""

    def __init__(self, skip: bool) -> None:
        self._skip = skip
        self.seen: set[str] = set()

    def handle(self, error: UserError) -> None:
        """Raises it unless bad frames are to be skipped; a full cache is no bad frame."""
        if isinstance(error, CacheError):
            raise error
        message = str(error)
        if not self._skip:
            raise UserError(f'{message} (--skip-bad leaves such frames out)')
        if message not in self.seen:
            self.seen.add(message)
            print(f'skipped: {message}', file=sys.stderr)


def good_frames(refs: Iterable[FrameRef], bad: BadFrames) -> Iterator[Frame]:
    """Whole frames in order; damaged ones go to `bad`."""
    for ref in refs:
        try:
            frame = read_frame(ref)
        except UserError as error:
            bad.handle(error)
            continue
        yield frame
