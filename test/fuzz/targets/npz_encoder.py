"""An .npz of ImageNet weights, and the .npy of another system's depth."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

import numpy as np
from fuzz.taken import written

from fastdepth_ros.network.initial_weights import load_encoder
from fastdepth_ros.offline.evaluation.sources import read_depth

NPZ, MEMBER, NPY = range(3)


def npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def claiming(text: str) -> bytes:
    """An .npy of no data whose header says `text`."""
    header = text.encode().ljust(117) + b'\n'
    return b'\x93NUMPY\x01\x00' + len(header).to_bytes(2, 'little') + header


def seeds() -> Iterator[bytes]:
    widest = np.ones((1024, 1, 1, 1), np.int8)  # channels of MobileNet's last layer
    arrays = dict.fromkeys(names(), widest)
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, 'w', method) as archive:
            for name, array in arrays.items():
                entry = zipfile.ZipInfo(f'{name}.npy')  # of 1980, the same every day
                archive.writestr(entry, npy(array), method)
        yield bytes([NPZ]) + buffer.getvalue()
    yield bytes([MEMBER]) + npy(np.ones((1024, 2), np.int8))
    yield bytes([MEMBER]) + npy(np.float32(1))
    yield bytes([NPY]) + npy(np.ones((6, 8), np.float32))
    yield bytes([NPY]) + npy(np.ones((6, 8), '>f8').T)
    for shape in ('(1000000, 1000000)', '(2, 3)', '(-1, 4)', '(True, 2)'):
        text = f"{{'descr': '<f4', 'fortran_order': False, 'shape': {shape}, }}"
        yield bytes([NPY]) + claiming(text)
        yield bytes([MEMBER]) + claiming(text)
    yield bytes([NPY]) + claiming("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }")


def names() -> tuple[str, str]:
    return 'conv0.0.weight', 'conv13.3.weight'


def harness(data: bytes) -> None:
    """Right: float32."""
    kind, body = data[0] % 3 if data else 0, data[1:]
    if kind == NPY:
        with written(body, 'depth.npy') as path:
            depth = read_depth(path)
        assert depth.dtype == np.float32
        assert depth.ndim == 2
        return
    if kind == MEMBER:
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, 'w') as archive:
            for name in names():
                archive.writestr(f'{name}.npy', body)
        body = buffer.getvalue()
    with written(body, 'encoder.npz') as path:
        tensors = load_encoder(path)
    assert all(tensor.dtype == np.float32 for tensor in tensors.values())
