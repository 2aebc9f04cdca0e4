"""NumPy's .npy and .npz files of others: no pickles, and no more memory than they account for.

np.load allocates what a header of 100 bytes says before it looks for the data.
"""

from __future__ import annotations

import math
import sys
import zipfile
import zlib
from pathlib import Path
from tokenize import TokenError
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy

ZIP = b'PK\x03\x04'
MOST = 1 << 30  # bytes of the arrays of an .npz, decompressed
READERS: dict[Any, Any] = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
# What zipfile and zlib raise for a damaged archive. RuntimeError: encryption, unknown methods.
# What NumPy's and Python's parsers raise for a header's text.
HEADER_DAMAGE = (TypeError, SyntaxError, TokenError, RecursionError, MemoryError, EOFError)
DAMAGE = (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError, LookupError, OverflowError)


def read_npy(path: Path) -> np.ndarray:
    """The array of an .npy file. OSError; ValueError says what is wrong with it."""
    with path.open('rb') as file:
        if file.read(len(ZIP)) == ZIP:
            raise ValueError('it holds several arrays: an .npy of one is needed')
        file.seek(0)
        return read_array(file, path.stat().st_size)


def read_npz(path: Path) -> dict[str, np.ndarray]:
    """The arrays of an .npz file by name. OSError; ValueError says what is wrong with it."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if sum(member.file_size for member in members) > MOST:
                raise ValueError(f'its arrays are larger than {MOST} bytes')
            arrays = {}
            for member in members:
                with archive.open(member) as file:
                    arrays[member.filename.removesuffix('.npy')] = read_array(
                        file, member.file_size
                    )
            return arrays
    except DAMAGE as error:
        raise ValueError(str(error) or type(error).__name__) from error


def read_array(file: IO[bytes], size: int) -> np.ndarray:
    """The next array of a stream, in .npy's format, of at most `size` bytes. ValueError."""
    try:
        version = npy.read_magic(file)  # type: ignore[no-untyped-call]
        if version not in READERS:
            raise ValueError(f'its format is {version}')
        shape, by_columns, dtype = READERS[version](file)
    except HEADER_DAMAGE as error:
        raise ValueError('its header is damaged') from error
    count = math.prod(shape)
    if dtype.hasobject or not dtype.itemsize:
        raise ValueError(f'it holds {dtype}, which only a pickle could')
    if not all(type(n) is int and n >= 0 for n in shape) or count * dtype.itemsize > size:
        raise ValueError(f'it says that it is {shape} {dtype}, which its {size} bytes are not')
    array = np.empty(count, dtype)
    if file.readinto(array.view(np.uint8)) < array.nbytes:  # type: ignore[attr-defined]
        raise ValueError(f'it ends before its {count} values')
    if dtype.kind == 'U' and (array.view(f'{dtype.byteorder}u4') > sys.maxunicode).any():
        raise ValueError('its text is none')
    return array.reshape(shape[::-1]).T if by_columns else array.reshape(shape)
