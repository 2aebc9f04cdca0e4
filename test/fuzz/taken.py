"""Bytes taken apart into numbers and texts, so that an input can say what a message holds."""

from __future__ import annotations

import struct
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

T = TypeVar('T')
RAM = Path('/dev/shm')


def numbered(texts: Sequence[str]) -> Iterator[bytes]:
    """Each behind a byte that says which it is, for a harness with a reader for each."""
    for number, text in enumerate(texts):
        yield bytes([number]) + text.encode()


class Taken:
    """What is left of an input; past its end everything is 0 or empty."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def take(self, count: int) -> bytes:
        start, self._at = self._at, self._at + count
        return self._data[start : self._at]

    def rest(self) -> bytes:
        return self.take(len(self._data))

    def integer(self, size: int) -> int:
        """Unsigned, little-endian, of `size` bytes."""
        return int.from_bytes(self.take(size), 'little')

    def double(self) -> float:
        return float(struct.unpack('<d', self.take(8).ljust(8, b'\0'))[0])

    def single(self) -> float:
        return float(struct.unpack('<f', self.take(4).ljust(4, b'\0'))[0])

    def choice(self, items: Sequence[T]) -> T:
        return items[self.integer(1) % len(items)]

    def text(self) -> str:
        return self.take(self.integer(1)).decode(errors='replace')


@cache
def folder() -> Path:
    """One of this process, in memory where that can be: a file for each input."""
    kept = tempfile.TemporaryDirectory(prefix='fuzz-', dir=RAM if RAM.is_dir() else None)
    _kept.append(kept)
    return Path(kept.name)


_kept: list[tempfile.TemporaryDirectory[str]] = []


@contextmanager
def written(data: bytes, name: str) -> Iterator[Path]:
    """A file of that name that holds `data`, for a parser that wants a path."""
    path = folder() / name
    path.write_bytes(data)
    try:
        yield path
    finally:
        path.unlink()
