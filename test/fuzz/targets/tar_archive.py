"""A tar archive into a folder: everything that is written is inside it."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import shutil
import tarfile
from collections.abc import Iterator

from fuzz.taken import folder

from fastdepth_ros.offline.data.unpack import unpack

PLAIN, GZIPPED = range(2)
LIMITS = 1_000_000, 50  # bytes, files


def tar(*members: tuple[str, bytes, bytes], style: int = tarfile.PAX_FORMAT) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode='w', format=style) as archive:
        for name, kind, content in members:
            info = tarfile.TarInfo(name)
            info.type, info.size, info.linkname = kind, len(content), '/etc/passwd'
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def squeezed(data: bytes) -> bytes:
    return gzip.compress(data, mtime=0)  # the same every day


def seeds() -> Iterator[bytes]:
    file, folder_, link, hard = tarfile.REGTYPE, tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE
    whole = tar(('a', folder_, b''), ('a/b.h5', file, b'x' * 600), ('c' * 200, file, b''))
    for data in (whole, tar(('a', file, b'x'), style=tarfile.GNU_FORMAT)):
        yield bytes([PLAIN]) + data
        yield bytes([GZIPPED]) + data
    for pack in (squeezed, bz2.compress, lzma.compress):
        yield bytes([PLAIN]) + pack(whole)
    for name in ('../out', '/out', 'a/../../out', './a', 'a//b', '..', '.', '\0', 'a\\..\\b'):
        yield bytes([PLAIN]) + tar((name, file, b'out'))
    yield bytes([PLAIN]) + tar(('a', link, b''), ('a/b', file, b'out'))
    yield bytes([PLAIN]) + tar(('a', hard, b''))
    yield bytes([PLAIN]) + tar(('a', tarfile.FIFOTYPE, b''))
    yield bytes([PLAIN]) + squeezed(tar(('a', file, bytes(2_000_000))))


def harness(data: bytes) -> None:
    """Right: only plain files and folders, inside, within the limits."""
    body = data[1:] if data[:1] != bytes([GZIPPED]) else gzip.compress(data[1:], 1)
    place = folder() / 'place'
    out = place / 'out'
    try:
        done = unpack(io.BufferedReader(io.BytesIO(body)), 'input', None, out, LIMITS)
        assert done.bytes <= LIMITS[0]
    finally:
        found = [*place.rglob('*')]
        assert all(path == out or out in path.parents for path in found)
        assert not any(path.is_symlink() for path in found)
        assert sum(path.stat().st_size for path in found if path.is_file()) <= LIMITS[0]
        assert sum(path.is_file() for path in found) <= LIMITS[1]
        shutil.rmtree(place, ignore_errors=True)
