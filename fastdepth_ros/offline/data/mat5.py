"""Arrays of numbers in a MAT-file of version 5, as MATLAB and scipy.io.savemat write them.

SciPy's own reader, in C, ends the process on some damaged files. MAT-File Format, MathWorks, 2023:
a header of 128 bytes and then elements, each of a tag (its type and size) and data; an array is
an element of elements, and may be deflated as a whole.
"""

from __future__ import annotations

import math
import zlib
from collections.abc import Iterator

import numpy as np

HEADER = 128  # bytes
ORDERS = {b'IM': '<', b'MI': '>'}
MATRIX, COMPRESSED = 14, 15  # types of elements
NUMBERS = {
    1: 'i1',
    2: 'u1',
    3: 'i2',
    4: 'u2',
    5: 'i4',
    6: 'u4',
    7: 'f4',
    9: 'f8',
    12: 'i8',
    13: 'u8',
}
NUMERIC = range(6, 16)  # classes of arrays: double, single, int8 .. uint64
COMPLEX = 1 << 11  # in an array's flags
MOST = 16 << 20  # bytes of an array that was deflated


def read_numbers(data: bytes, name: str) -> np.ndarray | None:
    """(n,) the real numbers of the array of that name in column order, None where there is none.

    ValueError for what is damaged, or no MAT-file of version 5.
    """
    order = ORDERS.get(data[126:HEADER])
    if order is None:
        raise ValueError('it is no MAT-file of version 5')
    for kind, content in _elements(data[HEADER:], order):
        if kind == COMPRESSED:
            kind, content = next(_elements(_inflated(content), order), (0, b''))
        found = _numbers(content, order, name) if kind == MATRIX else None
        if found is not None:
            return found
    return None


def _elements(data: bytes, order: str) -> Iterator[tuple[int, bytes]]:
    """(type, data) of one element after another."""
    at = 0
    while at + 8 <= len(data):
        kind, size = np.frombuffer(data, f'{order}u4', 2, at).tolist()
        at += 8
        if kind >> 16:  # a small element: its size in the upper half, four bytes of data
            kind, size, at = kind & 0xFFFF, kind >> 16, at - 4
            if size > 4:
                raise ValueError('a small element has more than 4 bytes')
        if size > len(data) - at:
            raise ValueError('an element does not end in the file')
        yield kind, data[at : at + size]
        at += size if kind == COMPRESSED else size + -(at + size) % 8


def _inflated(data: bytes) -> bytes:
    inflater = zlib.decompressobj()
    try:
        content = inflater.decompress(data, MOST)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if inflater.unconsumed_tail:
        raise ValueError(f'an array has more than {MOST} bytes')
    return content


def _numbers(matrix: bytes, order: str, name: str) -> np.ndarray | None:
    """Those of an array if it has that name; ValueError if they are none."""
    parts = list(_elements(matrix, order))
    if len(parts) < 3 or parts[2][1] != name.encode():
        return None
    flags = int.from_bytes(parts[0][1][:4], 'little' if order == '<' else 'big')
    if flags & 0xFF not in NUMERIC or flags & COMPLEX or len(parts) < 4:
        raise ValueError(f'{name} is no array of numbers')
    kind, content = parts[3]
    if kind not in NUMBERS or len(content) % int(NUMBERS[kind][1]):
        raise ValueError(f'{name} is no array of numbers')
    values = np.frombuffer(content, order + NUMBERS[kind])
    sides = parts[1][1]
    if len(sides) % 4 or math.prod(np.frombuffer(sides, f'{order}i4').tolist()) != len(values):
        raise ValueError(f'{name} has {len(values)} numbers, and says that it has others')
    return values
