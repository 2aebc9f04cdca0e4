"""HDF5 files of others: what is in them is looked at before it is read.

A file of a few hundred bytes may say that it holds terabytes of zeros, or that its pixels are in
another file of this machine.
"""

from __future__ import annotations

import math
import mmap
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import h5py
import numpy as np

from fastdepth_ros.errors import UserError

MOST_PIXELS = 64_000_000  # of a picture
LARGEST_CHUNK = 1 << 30  # bytes that are decompressed at once
MOST_TEXT = 1 << 16  # bytes
HEAP = b'GCOL\1\0\0\0'  # begins a global heap, with its version
LENGTH = struct.Struct('<Q')
REFERENCE = struct.Struct('<IQI')  # how much, heap, object
REFERENCE_BEFORE, REFERENCE_AFTER = 4, 12  # bytes of it before the heap's address, and from there
HEAP_OBJECT = struct.Struct('<H6xQ')  # index, reference count and reserved, length
# TypeError: h5py has no NumPy type for what the file has.
DAMAGE = (OSError, RuntimeError, LookupError, ValueError, TypeError)


@contextmanager
def opened(path: Path, shown: object = None) -> Iterator[h5py.File]:
    """An HDF5 file to read; what h5py says of a damaged one becomes a UserError about `shown`."""
    try:
        with h5py.File(path, 'r') as file:
            yield file
    except DAMAGE as error:
        text = str(error) or type(error).__name__
        raise UserError(f"'{shown or path}' is not a whole HDF5 file: {text}") from error


def dataset(file: h5py.File, path: Path, name: str, needed: str) -> h5py.Dataset:
    """A dataset whose data are in this very file; a UserError says what is `needed`."""
    if name in file and isinstance(file.get(name, getlink=True), h5py.ExternalLink):
        raise UserError(f"'{path}' has its '{name}' in another file: that is not followed")
    item = file.get(name)
    if not isinstance(item, h5py.Dataset):
        raise UserError(f"'{path}' has no dataset '{name}': {needed}")
    if item.is_virtual or item.external:
        raise UserError(f"'{path}' has its '{name}' in another file: that is not followed")
    if item.chunks and math.prod(item.chunks) * item.dtype.itemsize > LARGEST_CHUNK:
        raise UserError(f"'{path}' has chunks of {item.chunks} in '{name}': too large to read")
    return item


def check_picture(path: Path, name: str, shape: tuple[int, ...]) -> None:
    """A UserError for more pixels than a picture has; `shape` ends with its two sides."""
    if not 0 < math.prod(shape[-2:]) <= MOST_PIXELS:
        raise UserError(
            f"'{path}' has '{name}' of {shape}: 1 to {MOST_PIXELS} pixels a picture are allowed"
        )


def text_attribute(file: h5py.File, name: str) -> str | None:
    """A text, None where there is none; ValueError for what is no text."""
    if name not in file.attrs:
        return None
    attribute = file.attrs.get_id(name)
    small = attribute.shape == () and attribute.dtype.itemsize <= MOST_TEXT
    if not small or attribute.dtype.kind not in 'OSU':
        raise ValueError(f"the attribute '{name}' is {attribute.dtype} {attribute.shape}, no text")
    if attribute.dtype.kind == 'O':  # of any length, and so in a heap
        check_heaps(Path(file.filename))
    value = file.attrs[name]
    return value.decode() if isinstance(value, bytes) else str(value)


def check_heaps(path: Path) -> None:
    """A ValueError where the objects of a global heap do not fit in it, or what refers to them.

    libhdf5 (2.0) walks over them without end where a length wraps around, and takes the memory
    that a reference says before it looks into the heap. HDF5 File Format Specification 3.0, III.E
    and IV.B, with lengths of 8 bytes, as everybody writes them.
    """
    with path.open('rb') as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        start = data.find(HEAP)
        while start >= 0:
            _check_heap(data, start)
            start = data.find(HEAP, start + 1)


def _check_heap(data: mmap.mmap, start: int) -> None:
    at = start + len(HEAP) + LENGTH.size
    end = start + LENGTH.unpack_from(data, at - LENGTH.size)[0] if at <= len(data) else at
    if end > len(data):
        raise ValueError('a heap of texts reaches beyond the end')
    lengths: dict[int, int] = {}
    while at + HEAP_OBJECT.size <= end:
        index, length = HEAP_OBJECT.unpack_from(data, at)
        # Object 0 is the free space, whose length counts its own header.
        step = length if index == 0 else HEAP_OBJECT.size + -(-length // 8) * 8
        if not HEAP_OBJECT.size <= step <= end - at:
            raise ValueError(f'object {index} in a heap of texts has {length} bytes')
        if index:
            lengths[index] = min(length, lengths.get(index, length))
        at += step
    _check_references(data, start, lengths)


def _check_references(data: mmap.mmap, heap: int, lengths: dict[int, int]) -> None:
    """How much each says that it refers to, against the objects' lengths by index."""
    address = LENGTH.pack(heap)
    found = data.find(address, REFERENCE_BEFORE)
    while 0 <= found <= len(data) - REFERENCE_AFTER:
        said, _, index = REFERENCE.unpack_from(data, found - REFERENCE_BEFORE)
        if said > lengths.get(index, said):
            raise ValueError(f'a text says that it has {said} bytes, and has {lengths[index]}')
        found = data.find(address, found + 1)


def numbers_attribute(file: h5py.File, name: str, count: int) -> list[float] | str | None:
    """`count` numbers, None where there are none; of anything else what it is, as text."""
    if name not in file.attrs:
        return None
    attribute = file.attrs.get_id(name)
    if attribute.shape != (count,) or attribute.dtype.kind not in 'fiu':
        return f'{attribute.dtype} {attribute.shape}'
    return np.asarray(file.attrs[name], np.float64).tolist()
