"""A safetensors model file, without torch."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator

import numpy as np
from fuzz.taken import written
from fuzz.targets.model_metadata import example
from safetensors.numpy import save

from fastdepth_ros.network.metadata import KEY
from fastdepth_ros.network.model_file import load_model

WRAPPED = 1  # the bytes are a header and the data, joined as they should be


def seeds() -> Iterator[bytes]:
    metadata = {KEY: example().to_json()}
    tensors = {'a': np.ones((2, 3), np.float16), 'b': np.arange(4, dtype=np.float32)}
    whole = save(tensors, metadata)
    yield b'\0' + whole
    for kind in ('BF16', 'F8_E4M3', 'I64', 'BOOL', 'U64', 'F64'):
        size = {'BF16': 2, 'F8_E4M3': 1, 'BOOL': 1}.get(kind, 8)
        entry = {'dtype': kind, 'shape': [2], 'data_offsets': [0, 2 * size]}
        header = json.dumps({'__metadata__': metadata, 'a': entry}).encode()
        yield bytes([WRAPPED]) + header + b'\0' + bytes(2 * size)
    huge = {'dtype': 'F32', 'shape': [2**40, 0], 'data_offsets': [0, 0]}
    yield bytes([WRAPPED]) + json.dumps({'__metadata__': metadata, 'a': huge}).encode() + b'\0'


def harness(data: bytes) -> None:
    """Right: float32 arrays no larger than twice to four times the file's bytes."""
    body = data[1:]
    if data[:1] == bytes([WRAPPED]):
        header, _, rest = body.partition(b'\0')
        body = struct.pack('<Q', len(header)) + header + rest
    with written(body, 'model.safetensors') as path:
        _, tensors = load_model(path)
    assert all(tensor.dtype == np.float32 for tensor in tensors.values())
    assert sum(tensor.nbytes for tensor in tensors.values()) <= 4 * len(body)
