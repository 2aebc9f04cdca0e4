"""A run in the middle as files: safetensors for its tensors, JSON for the rest, no pickle.

Two files take turns, so that one is whole whenever the process, the machine or the disk gives up.
"""

from __future__ import annotations

import json
import sys
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from fastdepth_ros.documents import parse_json
from fastdepth_ros.errors import UserError
from fastdepth_ros.files import write_atomically

SLOTS = ('a.safetensors', 'b.safetensors')
FORMAT = 2


@dataclass(frozen=True)
class State:
    """Tensors on the CPU by name, and values that JSON keeps exactly (a float's every digit)."""

    tensors: dict[str, Tensor]
    values: dict[str, Any]

    def to_bytes(self, number: int) -> bytes:
        """A safetensors file; its metadata hold the values and a CRC-32 of everything."""
        from safetensors.torch import save

        tensors = {name: tensor.contiguous() for name, tensor in self.tensors.items()}
        # The order in memory is part of the state: sums in another order differ in the last bit.
        strides = {n: t.stride() for n, t in self.tensors.items() if not t.is_contiguous()}
        text = json.dumps(
            {'format': FORMAT, 'number': number, 'strides': strides, 'values': self.values}
        )
        crc = _crc(*_parts(save(tensors, {'state': text})))
        return save(tensors, {'state': text, 'crc32': str(crc)})

    @classmethod
    def from_bytes(cls, data: bytes) -> tuple[int, State]:
        """(number, state) of to_bytes; a ValueError, KeyError or SafetensorError if damaged."""
        from safetensors.torch import load

        header, body = _parts(data)
        entries = parse_json(header['__metadata__']['state'])
        if entries['format'] != FORMAT:
            raise ValueError(f'its format is {entries["format"]}, not {FORMAT}')
        if _crc(header, body) != int(header['__metadata__']['crc32']):
            raise ValueError('its checksum is wrong')
        tensors = load(data)
        for name, stride in dict(entries['strides']).items():
            tensors[name] = _in_order(tensors[name], stride)
        number, values = entries['number'], entries['values']
        if type(number) is not int or number < 1 or not isinstance(values, dict):
            raise ValueError('its entries are of another kind')
        return number, cls(tensors, values)


def _in_order(tensor: Tensor, stride: list[int]) -> Tensor:
    """The tensor in another order in memory; a ValueError if `stride` is no order of it."""
    shape = tuple(tensor.shape)
    known = len(stride) == len(shape) and all(type(s) is int and s >= 0 for s in stride)
    size = 1
    for step, n in sorted(zip(stride, shape, strict=True)) if known else ():
        known &= n == 1 or step == size  # each element once, and nothing between them
        size *= n
    if not known:
        raise ValueError(f'a tensor of shape {shape} has the strides {stride}')
    return torch.empty_strided(shape, stride, dtype=tensor.dtype).copy_(tensor)


def _crc(header: dict[str, Any], body: memoryview) -> int:
    """Of everything but itself: names and shapes of tensors, too, which a flipped bit changes."""
    metadata = {k: v for k, v in header['__metadata__'].items() if k != 'crc32'}
    text = json.dumps({**header, '__metadata__': metadata}, sort_keys=True)
    return zlib.crc32(body, zlib.crc32(text.encode()))


def _parts(data: bytes) -> tuple[dict[str, Any], memoryview]:
    """(header, tensors' bytes): 8 bytes of length, JSON, and the rest (safetensors' format)."""
    view = memoryview(data)
    end = 8 + int.from_bytes(view[:8], 'little')
    return parse_json(bytes(view[8:end])), view[end:]


class StateFiles:
    """The last two states in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._number, self._next = 0, 0

    @property
    def exist(self) -> bool:
        """Whether any state was kept here."""
        return any((self._folder / slot).exists() for slot in SLOTS)

    def save(self, state: State) -> None:
        """Over the older of the two; a UserError if it cannot be written, and both stay."""
        data = state.to_bytes(self._number + 1)
        write_atomically(self._folder / SLOTS[self._next], data)
        self._number, self._next = self._number + 1, 1 - self._next

    def load(self) -> bytes:
        """The newest whole one, b'' where there is none; says on stderr what is damaged.

        A UserError if there are some and all are damaged.
        """
        found: list[tuple[int, int]] = []
        damaged: list[str] = []
        for slot, name in enumerate(SLOTS):
            path = self._folder / name
            if path.exists():
                number = _whole_number(path, damaged)
                found += [(number, slot)] if number else []
        if damaged and not found:
            raise UserError(f'{"; ".join(damaged)}: nothing to resume from, choose another --out')
        if not found:
            return b''
        self._number, slot = max(found)
        self._next = 1 - slot
        for text in damaged:
            print(f"{text}: going on from the other one, '{SLOTS[slot]}'", file=sys.stderr)
        return (self._folder / SLOTS[slot]).read_bytes()

    def remove(self) -> None:
        """When the run is over."""
        for path in self._folder.glob('*.safetensors*'):
            path.unlink()
        if self._folder.exists():
            self._folder.rmdir()


def _whole_number(path: Path, damaged: list[str]) -> int:
    """The number of the state in a file; 0 and a line in `damaged` if it is not whole."""
    from safetensors import SafetensorError

    try:
        number, _ = State.from_bytes(path.read_bytes())
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
        damaged.append(f"state '{path}' is damaged ({error})")
        return 0
    return number
