"""A PyTorch checkpoint in both formats: raw bytes, and a pickle put into a whole file."""

from __future__ import annotations

import io
import pickle
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from fuzz.taken import written

from fastdepth_ros.network.checkpoint import read_checkpoint
from fastdepth_ros.network.config import NetworkConfig
from fastdepth_ros.network.published import convert
from fastdepth_ros.network.torch_file import LEGACY_MAGIC, LEGACY_VERSION

RAW, ZIPPED, LEGACY = range(3)
STORAGE = bytes(range(64))


def seeds() -> Iterator[bytes]:
    import torch

    from fastdepth_ros.network.fastdepth import FastDepth

    smallest = FastDepth(NetworkConfig(encoder_widths=(1,) * 14, decoder_widths=(1,) * 5))
    buffer = io.BytesIO()
    torch.save(smallest.half().state_dict(), buffer, _use_new_zipfile_serialization=False)
    yield bytes([RAW]) + buffer.getvalue()
    tensors = {'conv0.0.weight': torch.arange(12.0).reshape(1, 3, 2, 2), 'b': torch.ones(3)}
    values: tuple[object, ...] = (tensors, {'epoch': 1, 'model': torch.nn.Linear(2, 2)})
    for value in values:
        for zipped in (True, False):
            buffer = io.BytesIO()
            torch.save(value, buffer, _use_new_zipfile_serialization=zipped)
            yield bytes([RAW]) + buffer.getvalue()
            if zipped:
                with zipfile.ZipFile(buffer) as archive:
                    inner = next(n for n in archive.namelist() if n.endswith('data.pkl'))
                    yield bytes([ZIPPED]) + archive.read(inner)
                    yield bytes([LEGACY]) + archive.read(inner)
    yield bytes([RAW]) + b'PK\x03\x04' + bytes(30)


def harness(data: bytes) -> None:
    """Right: float32 arrays no larger than eight times the file."""
    kind, body = data[0] % 3 if data else 0, data[1:]
    if kind == ZIPPED:
        body = zipped(body)
    elif kind == LEGACY:
        body = legacy(body)
    with written(body, 'file.pth.tar') as path:
        checkpoint = read_checkpoint(path)
    arrays = checkpoint.tensors.values()
    assert all(array.dtype == np.float32 for array in arrays)
    assert sum(array.nbytes for array in arrays) <= 8 * len(body)
    convert(checkpoint, Path('file.pth.tar'))


def zipped(pickled: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, 'w', zipfile.ZIP_STORED) as archive:
        archive.writestr('archive/data.pkl', pickled)
        archive.writestr('archive/byteorder', 'little')
        for key in range(4):
            archive.writestr(f'archive/data/{key}', STORAGE[: (48, 12, 16, 8)[key]])
    return buffer.getvalue()


def legacy(pickled: bytes) -> bytes:
    head = b''.join(pickle.dumps(v, 2) for v in (LEGACY_MAGIC, LEGACY_VERSION, {}))
    keys = pickle.dumps(['0', '1'], 2)
    body = b''.join(n.to_bytes(8, 'little') + STORAGE[: 4 * n] for n in (12, 3))
    return head + pickled + keys + body
