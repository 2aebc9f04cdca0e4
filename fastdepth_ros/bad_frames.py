"""What happens to damaged input: refused, or named and skipped, as the user asked."""

from __future__ import annotations

import sys

from tqdm import tqdm

from fastdepth_ros.errors import UserError


class BadFrames:
    """Refuses damaged frames, or names each of them once on stderr and counts them."""

    def __init__(self, skip: bool) -> None:
        self._skip = skip
        self.seen: set[str] = set()

    def handle(self, error: UserError) -> None:
        """Raises it unless it is of a frame, and bad frames are to be skipped."""
        if not error.skippable:
            raise error
        message = str(error)
        if not self._skip:
            raise UserError(f'{message} (--skip-bad leaves such frames out)')
        if message not in self.seen:
            self.seen.add(message)
            tqdm.write(f'skipped: {message}', file=sys.stderr)
