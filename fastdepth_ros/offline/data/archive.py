"""A tar archive as a stream of its members; what is wrong with it is said in one line."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from collections.abc import Callable
from typing import IO, Any, BinaryIO, cast

from fastdepth_ros.errors import UserError

# By the first bytes of the file.
OPENERS: dict[bytes, Callable[..., Any]] = {
    b'\x1f\x8b': gzip.open,
    b'BZh': bz2.open,
    b'\xfd7zXZ\x00': lzma.open,
}
MAGIC = 6  # bytes
HEADERS = 1 << 24  # bytes that the headers of one member may take: tarfile keeps them in memory
CHUNK = 1 << 20

Use = Callable[[tarfile.TarInfo, 'IO[bytes] | None'], None]


def visit_archive(
    file: io.BufferedReader, name: str, use: Use, tell: Callable[[int], object]
) -> None:
    """Calls use(member, content) for each member in order; content is None for what is no file.

    `tell` hears of every compressed byte that is read. A UserError, with `name` in it, if the
    archive is damaged or no archive.
    """
    stream = _Guarded(_decompressed(io.BufferedReader(_Counted(file, tell), CHUNK)))
    try:
        with tarfile.open(fileobj=cast(BinaryIO, stream), mode='r|') as archive:
            while (member := archive.next()) is not None:
                stream.allow(max(0, member.size))
                use(member, archive.extractfile(member) if member.isfile() else None)
                archive.members = []  # type: ignore[attr-defined] # or it would remember all of them
            stream.check_end(cast(BinaryIO, archive.fileobj))
    # OverflowError: tarfile, of a pax header that says it is longer than memory
    except (tarfile.TarError, OverflowError, _Damaged) as error:
        raise UserError(
            f"'{name}' is cut off, damaged or no tar archive ({error}): what is unpacked is "
            'whole; get the archive again and run the same command'
        ) from error


class _Damaged(Exception):
    """The stream cannot be read on."""


class _Counted(io.RawIOBase):
    """A file that tells how much of it has been read."""

    def __init__(self, file: io.BufferedReader, tell: Callable[[int], object]) -> None:
        self._file, self._tell = file, tell

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        data = self._file.read1(len(buffer))  # what is there, without waiting for more
        buffer[: len(data)] = data
        self._tell(len(data))
        return len(data)


class _Guarded:
    """A stream that gives only what is allowed, since a header may be a bomb, too."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._stream, self._left, self._last = stream, HEADERS, b''

    def allow(self, size: int) -> None:
        """`size` bytes of content from here on, and the headers after them."""
        self._left = size + HEADERS

    def read(self, size: int) -> bytes:
        try:
            data = self._stream.read(size)
        except (OSError, EOFError, zlib.error, lzma.LZMAError) as error:
            raise _Damaged(str(error)) from error
        self._left -= len(data)
        if self._left < 0:
            raise _Damaged('a header in it is over 16 MB')
        self._last = data[-tarfile.BLOCKSIZE :] or self._last
        return data

    def check_end(self, rest: IO[bytes]) -> None:
        """Reads the rest, check sum and all: zeros, or the archive is cut or a header broken."""
        self.allow(0)
        while data := rest.read(CHUNK):
            if data.strip(b'\0'):
                raise _Damaged('what follows is no header')
        if any(self._last):
            raise _Damaged('its end is missing')


def _decompressed(file: io.BufferedReader) -> IO[bytes]:
    start = file.peek(MAGIC)[:MAGIC]
    for magic, opener in OPENERS.items():
        if start.startswith(magic):
            return cast('IO[bytes]', opener(file))
    return file
