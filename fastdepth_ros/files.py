"""Paths as users write them, and files so written that nobody ever reads half of one."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from fastdepth_ros.errors import UserError

RANDOM_PART = '?' * 8  # what tempfile adds to a name


def write_atomically(path: Path, data: bytes) -> None:
    """Writes `data` beside `path` and renames it there, so that no reader sees half a file."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=path.name, delete=False) as file:
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


def remove_unfinished(folder: Path, pattern: str) -> None:
    """Removes what write_atomically had not finished of the files `pattern` when it was killed."""
    for path in folder.glob(pattern + RANDOM_PART):
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
