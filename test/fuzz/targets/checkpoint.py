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
HEAD = b''.join(pickle.dumps(v, 2) for v in (LEGACY_MAGIC, LEGACY_VERSION, {}))


def seeds() -> Iterator[bytes]:
    import torch

    from fastdepth_ros.network.fastdepth import FastDepth

    torch.manual_seed(0)
    smallest = FastDepth(NetworkConfig(encoder_widths=(1,) * 14, decoder_widths=(1,) * 5)).half()
    state = {k: v for k, v in smallest.state_dict().items() if not k.endswith('tracked')}
    with saved(state) as archive:
        yield bytes([RAW]) + old_format(archive)
    tensors = {'conv0.0.weight': torch.arange(12.0).reshape(1, 3, 2, 2), 'b': torch.ones(3)}
    for value in (tensors, {'epoch': 1, 'model': torch.nn.Linear(2, 2)}):
        with saved(value) as archive:
            assert archive.fp
            archive.fp.seek(0)
            yield bytes([RAW]) + archive.fp.read()
            yield bytes([ZIPPED]) + archive.read('archive/data.pkl')
            yield bytes([LEGACY]) + archive.read('archive/data.pkl')
    yield bytes([RAW]) + b'PK\x03\x04' + bytes(30)


def saved(value: object) -> zipfile.ZipFile:
    """What torch.save makes of it."""
    import torch

    buffer = io.BytesIO()
    torch.save(value, buffer)
    return zipfile.ZipFile(buffer)


def old_format(archive: zipfile.ZipFile) -> bytes:
    """The same of halves as before PyTorch 1.6, whose own keys would be addresses."""
    keys = sorted(n.rpartition('/')[2] for n in archive.namelist() if '/data/' in n)
    storages = [archive.read(f'archive/data/{key}') for key in keys]
    body = b''.join((len(data) // 2).to_bytes(8, 'little') + data for data in storages)
    return HEAD + archive.read('archive/data.pkl') + pickle.dumps(keys, 2) + body


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
    keys = pickle.dumps(['0', '1'], 2)
    body = b''.join(n.to_bytes(8, 'little') + STORAGE[: 4 * n] for n in (12, 3))
    return HEAD + pickled + keys + body
