"""A frame as HDF5, by h5py: libhdf5 is C, so that what ends it ends this process."""

from __future__ import annotations

import io
from collections.abc import Iterator

import h5py
import numpy as np
from fuzz.taken import written

from fastdepth_ros.offline.data.fastdepth_layout import Hdf5Ref

NATIVE = True  # its bytes reach a C library


def frame(**options: object) -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, 'w') as file:
        file.create_dataset('rgb', data=np.zeros((3, 6, 8), np.uint8), **options)
        file.create_dataset('depth', data=np.ones((6, 8), np.float32), **options)
        file.attrs['intrinsics'] = [70.0, 70.0, 4.0, 3.0]
        file.attrs['scene'] = 'kitchen'
    return buffer.getvalue()


def seeds() -> Iterator[bytes]:
    yield frame()
    yield frame(compression='gzip', shuffle=True)
    yield frame(compression='lzf', chunks=True, fletcher32=True)
    buffer = io.BytesIO()
    with h5py.File(buffer, 'w', libver='latest') as file:
        file.create_dataset('rgb', (3, 2**20, 2**20), np.uint8, chunks=(1, 64, 64))
        file.create_dataset('depth', (2**20, 2**20), np.float32, chunks=(64, 64))
    yield buffer.getvalue()


def harness(data: bytes) -> None:
    """Right: a frame whose depth has the picture's size."""
    with written(data, 'frame.h5') as path:
        read = Hdf5Ref(path, name='frame').read()
    assert read.rgb.shape == (3, *read.depth.shape)
    assert (np.isfinite(read.depth) & (read.depth >= 0)).all()
