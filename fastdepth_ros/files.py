"""Paths as users write them, and files so written that nobody ever reads half of one."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path

from fastdepth_ros.errors import UserError

UNFINISHED = '.{}.part-'  # and 8 characters of tempfile's: a name that nobody gives a file
RANDOM_PART = '?' * 8


def write_atomically(path: Path, data: bytes) -> None:
    """Writes `data` beside `path` and renames it there, so that no reader sees half a file.

    A link stays one; what is no file, such as /dev/stdout or a pipe, is written to as it is.
    """
    try:
        if is_device(path):
            with path.open('ab') as device:
                device.write(data)
            return
        path = path.resolve()
        path.parent.mkdir(parents=True, exist_ok=True)
        prefix = UNFINISHED.format(path.name)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=prefix, delete=False) as file:
            try:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
                Path(file.name).chmod(0o644)
                Path(file.name).replace(path)
            except BaseException:
                Path(file.name).unlink()
                raise
    except OSError as error:
        raise UserError(f"cannot write '{path}': {error.strerror or error}") from error


def is_device(path: Path) -> bool:
    """Whether it is there and no file: one of /dev, even if a shell sends that to a file."""
    return path.exists() and (path.parts[:2] == ('/', 'dev') or not path.is_file())


def remove_unfinished(folder: Path, pattern: str) -> None:
    """Removes what write_atomically had not finished of the files `pattern` when it was killed."""
    for path in folder.glob(UNFINISHED.format(pattern) + RANDOM_PART):
        path.unlink(missing_ok=True)


def user_path(path: str | Path) -> Path:
    """The path with ~ and ~NAME as homes; UserError for a user that is none, or a 0 in it."""
    try:
        whole = Path(path).expanduser()
    except RuntimeError as error:
        raise UserError(f"'{path}' begins with no user's home: write ./~... for a name") from error
    if '\0' in str(whole):
        raise UserError(f"'{path}' is no name of a file")
    return whole


def natural_order(name: str) -> list[tuple[bool, int, str]]:
    """A key to sort names by as people number them: frame 9 before frame 10."""
    parts = re.split(r'(\d+)', name)
    return [(p.isdecimal(), int(p) if p.isdecimal() else 0, p) for p in parts]
