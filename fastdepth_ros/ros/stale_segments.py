"""Fast DDS's shared memory of processes that were killed: removed, as `fastdds shm clean` does.

Each process has a segment in /dev/shm, and beside it a file on which it holds a lock (flock). One
that is killed leaves both, 17 MB with config/fastdds_shm.xml, and nobody else removes them.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path('/dev/shm')
LOCK = re.compile(r'(fast(?:dds|rtps)_[0-9a-f]{16})_el')
YOUNG = 5.0  # s: a process makes the file of its lock just before it takes the lock


def remove_stale_segments(folder: Path = FOLDER) -> int:
    """Removes the segments of processes that have ended; how many.

    Leaves alone what others have in use, or may not be removed by this user.
    """
    count = 0
    for lock in locks_of_segments(folder):
        with contextlib.suppress(OSError):  # BlockingIOError: its process is alive
            count += remove_if_stale(lock)
    return count


def locks_of_segments(folder: Path = FOLDER) -> Iterator[Path]:
    """The files of the locks."""
    if folder.is_dir():
        yield from (path for path in folder.iterdir() if LOCK.fullmatch(path.name))


def remove_if_stale(lock: Path) -> bool:
    """Whether it was; OSError where it is in use, or not ours."""
    file = os.open(lock, os.O_RDONLY)
    try:
        if time.time() - os.fstat(file).st_mtime < YOUNG:
            return False
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        lock.with_name(lock.name.removesuffix('_el')).unlink(missing_ok=True)
        lock.unlink(missing_ok=True)
    finally:
        os.close(file)
    return True
