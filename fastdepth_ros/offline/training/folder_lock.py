"""One process at a time works in a folder, until it ends, however it does."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fastdepth_ros.errors import UserError

_held: set[int] = set()  # descriptors of the folders that this process has locked


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Makes the folder and has it alone; a UserError if it cannot be used, or another has it."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise UserError(f"cannot use '{folder}': {error.strerror}") from error
    _held.add(descriptor)
    try:
        if not _lock(descriptor):
            raise UserError(
                f"another process is training into '{folder}': wait for it or end it, or choose "
                'another --out'
            )
        yield
    finally:
        _held.discard(descriptor)
        os.close(descriptor)


def in_use(folder: Path) -> bool:
    """Whether some process has the folder now."""
    if not folder.is_dir():
        return False
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        return not _lock(descriptor)
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    import fcntl

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _let_go() -> None:
    """In a forked process: workers that outlive a killed parent would keep its lock."""
    for descriptor in _held:
        os.close(descriptor)
    _held.clear()


if hasattr(os, 'register_at_fork'):  # not on Windows
    os.register_at_fork(after_in_child=_let_go)
