"""The labelled NYU set: the .mat by h5py, and splits.mat by our own reader."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from data_support import write_mat, write_splits
from fuzz.taken import folder

from fastdepth_ros.offline.data.labelled_mat import NAME, SPLITS_NAME, LabelledRoot

NATIVE = True
LABELLED, SPLITS = range(2)


def seeds() -> Iterator[bytes]:
    with tempfile.TemporaryDirectory() as place:
        path = Path(place, NAME)
        write_mat(path, 2, (8, 6))
        yield bytes([LABELLED]) + path.read_bytes()
        write_mat(path, 2, (8, 6), scenes=None, images=np.zeros((2, 3, 9, 6), np.uint8))
        yield bytes([LABELLED]) + path.read_bytes()
        splits = Path(place, SPLITS_NAME)
        write_splits(splits, [1], [2])
        yield bytes([SPLITS]) + splits.read_bytes()
        from scipy.io import savemat

        for value in (np.array([[1], [2]], object), 'text', {'a': 1}, np.eye(2)):
            for squeezed in (True, False):
                savemat(splits, {'trainNdxs': value}, do_compression=squeezed)
                yield bytes([SPLITS]) + splits.read_bytes()


def harness(data: bytes) -> None:
    """Right: frames of the sizes that the file says."""
    path = folder() / NAME
    splits = folder() / SPLITS_NAME
    splits.unlink(missing_ok=True)
    if data[:1] == bytes([SPLITS]):
        if not path.exists():
            write_mat(path, 2, (8, 6))
        splits.write_bytes(data[1:])
        LabelledRoot(path, 'raw').frames('train')
        return
    broken = path.with_name('broken.mat')
    broken.write_bytes(data[1:])
    for ref in LabelledRoot(broken, 'raw').frames('all')[:2]:
        read = ref.read()
        assert read.rgb.shape == (3, *read.depth.shape)
