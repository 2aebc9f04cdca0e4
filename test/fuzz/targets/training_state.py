"""The state of a run that goes on, with and without a right checksum, and a cached frame."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from fuzz.taken import Taken, folder
from safetensors.torch import save

from fastdepth_ros.offline.data.cache import FrameCache
from fastdepth_ros.offline.data.fastdepth_layout import Hdf5Ref
from fastdepth_ros.offline.data.frame import Frame
from fastdepth_ros.offline.training.state_file import (
    FORMAT,
    SLOTS,
    State,
    StateFiles,
    _crc,
    _parts,
)

STATE, VALUES, CACHE = range(3)
TENSORS = {'a': torch.arange(6.0).reshape(2, 3), 'b': torch.zeros(2, 2).T}


def seeds() -> Iterator[bytes]:
    state = State(TENSORS, {'epoch': 1, 'config': 'epochs: 1'})
    yield bytes([STATE]) + _in_one_order(state)
    text = {'format': FORMAT, 'number': 1, 'strides': {'b': [1, 2]}, 'values': {'epoch': 1}}
    yield bytes([VALUES]) + json.dumps(text).encode()
    yield bytes([VALUES]) + json.dumps({**text, 'strides': {'a': [2**50, 1]}}).encode()
    yield bytes([VALUES]) + json.dumps({**text, 'number': 'x', 'values': 5}).encode()
    yield bytes([VALUES]) + b'[' * 3000
    from fastdepth_ros.offline.data.cache import _encode

    ref = Hdf5Ref(Path('a.h5'))
    frame = Frame(np.zeros((3, 4, 5), np.uint8), np.ones((4, 5), np.float32), None, 's', ref)
    yield bytes([CACHE]) + _encode(np.array([1, 2]), frame)[4:]


def _in_one_order(state: State) -> bytes:
    """safetensors writes the two entries of its metadata in any order."""
    while True:
        data = state.to_bytes(1)
        if data.index(b'"state"') < data.index(b'"crc32"'):
            return data


def harness(data: bytes) -> None:
    """Right: what was kept; a damaged cached frame is read anew."""
    given = Taken(data)
    kind = given.integer(1) % 3
    if kind == CACHE:
        _cache(given.rest())
        return
    body = given.rest()
    if kind == VALUES:
        text = body.decode(errors='replace')
        tensors = {name: tensor.contiguous() for name, tensor in TENSORS.items()}
        crc = _crc(*_parts(save(tensors, {'state': text})))
        body = save(tensors, {'state': text, 'crc32': str(crc)})
    place = folder() / 'state'
    place.mkdir(exist_ok=True)
    (place / SLOTS[0]).write_bytes(body)
    assert State.from_bytes(StateFiles(place).load())


def _cache(body: bytes) -> None:
    place = folder() / 'frames'
    source = folder() / 'a.h5'
    source.write_bytes(b'x')
    cache, ref = FrameCache(place, lambda frame: frame), Hdf5Ref(source)
    cache.file(ref).write_bytes(zlib.crc32(body).to_bytes(4, 'little') + body)
    cache.read(ref)  # not HDF5: a UserError, once the stored one has been looked at
