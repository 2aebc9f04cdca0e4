"""Limits for what rosbags decompresses: of itself it has none (0.11), and a kilobyte of zstd may
hold gigabytes.

A chunk of an .mcap and a message are held in memory; a whole compressed file goes to the temporary
folder.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from typing import IO, Any, Literal, Protocol, cast

from rosbags.rosbag2 import ReaderError, reader, storage_mcap

zstd = reader.zstd
lz4: Any = import_module('lz4.frame')  # is there because rosbags needs it
LARGEST = 1 << 30  # bytes of a chunk or a message; one uncompressed 4K image has 25 MB
SHARE_OF_DISK = 0.5  # of what is free, that the file of one bag may take
CHUNK = 1 << 20


class Decompressor(Protocol):
    """zstd's and lz4's."""

    eof: bool
    unused_data: bytes | None

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """At most `max_length` bytes."""


@cache
def limit_decompression() -> None:
    """From now on rosbags decompresses within these limits; once a process."""
    storage_mcap.DECOMPRESSORS['zstd'] = lambda data, size: inflate(zstd_frame, data, size)
    storage_mcap.DECOMPRESSORS['lz4'] = lambda data, size: inflate(lz4_frame, data, size)
    cast(Any, reader).zstd = LimitedZstd


class LimitedZstd:
    """What rosbags' reader takes of the module zstd."""

    ZstdError = zstd.ZstdError

    @staticmethod
    def decompress(data: bytes) -> bytes:
        """One message."""
        return inflate(zstd_frame, data, LARGEST)

    @staticmethod
    @contextmanager
    def open(file: IO[bytes], mode: Literal['rb']) -> Iterator[LimitedStream]:
        """One storage file, which rosbags copies into the temporary folder."""
        with zstd.open(file, mode) as stream:
            free = shutil.disk_usage(tempfile.gettempdir()).free
            yield LimitedStream(cast('IO[bytes]', stream), round(SHARE_OF_DISK * free))


class LimitedStream:
    """A stream that ends in a ReaderError after so many bytes."""

    def __init__(self, stream: IO[bytes], left: int) -> None:
        self._stream, self._left = stream, left

    def read(self, size: int = CHUNK) -> bytes:
        """At most `size` bytes."""
        data = self._stream.read(size)
        self._left -= len(data)
        if self._left < 0:
            raise ReaderError(
                f'it decompresses to more than {SHARE_OF_DISK:.0%} of what is free in '
                f'{tempfile.gettempdir()}: decompress it yourself, or set TMPDIR'
            )
        return data


def zstd_frame() -> Decompressor:
    """For one frame."""
    return cast(Decompressor, zstd.ZstdDecompressor())


def lz4_frame() -> Decompressor:
    """For one frame."""
    return cast(Decompressor, lz4.LZ4FrameDecompressor())


def inflate(new: Any, data: bytes, most: int) -> bytes:
    """The content of all frames; a ReaderError if it is cut off or over `most` bytes."""
    if most > LARGEST:
        raise ReaderError(f'a chunk says that it has {most} bytes: {LARGEST} are allowed')
    parts, left = [], most
    while data:
        frame = new()
        part = frame.decompress(data, max_length=left + 1)
        left -= len(part)
        if left < 0:
            raise ReaderError(f'it decompresses to more than {most} bytes')
        if not frame.eof:
            raise ReaderError('compressed data are cut off')
        parts.append(part)
        data = frame.unused_data or b''
    return b''.join(parts)
