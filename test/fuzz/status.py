"""What a worker tells its parent, in a file that both map: it outlives the worker's death."""

from __future__ import annotations

import mmap
import struct
from pathlib import Path

FIELDS = ('inputs', 'right', 'refused', 'findings', 'worst_us', 'worst_kb', 'busy', 'length')
SIZE = 8
MOST = 1 << 20  # bytes of an input


class Status:
    """Numbers by name, and the input at hand."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            path.write_bytes(bytes(SIZE * len(FIELDS) + MOST))
        with path.open('r+b') as file:
            self._map = mmap.mmap(file.fileno(), 0)

    def __getitem__(self, name: str) -> int:
        return int(struct.unpack_from('<Q', self._map, SIZE * FIELDS.index(name))[0])

    def __setitem__(self, name: str, value: int) -> None:
        struct.pack_into('<Q', self._map, SIZE * FIELDS.index(name), value)

    @property
    def data(self) -> bytes:
        start = SIZE * len(FIELDS)
        return self._map[start : start + self['length']]

    @data.setter
    def data(self, data: bytes) -> None:
        data = data[:MOST]
        start = SIZE * len(FIELDS)
        self['length'] = len(data)
        self._map[start : start + len(data)] = data
