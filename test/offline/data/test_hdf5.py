"""HDF5 and .mat files that claim more than they have, or what is not theirs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from data_support import write_mat
from support import write_frame

h5py = pytest.importorskip('h5py')

from fastdepth_ros.errors import UserError  # noqa: E402
from fastdepth_ros.offline.data import hdf5  # noqa: E402
from fastdepth_ros.offline.data.fastdepth_layout import Hdf5Ref  # noqa: E402
from fastdepth_ros.offline.data.labelled_mat import NAME, SPLITS_NAME, LabelledRoot  # noqa: E402


def read(path: Path) -> None:
    Hdf5Ref(path, name='a').read()


def test_a_small_file_that_says_it_has_terabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / 'a.h5'
    with h5py.File(path, 'w') as file:
        file.create_dataset('rgb', (3, 2**20, 2**20), np.uint8, chunks=(1, 64, 64))
        file.create_dataset('depth', (2**20, 2**20), np.float32, chunks=(64, 64))
    assert path.stat().st_size < 10_000
    with pytest.raises(UserError, match='1 to 64000000 pixels a picture are allowed'):
        read(path)


def test_so_is_one_chunk_of_gigabytes(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr(hdf5, 'LARGEST_CHUNK', 10_000)
    path = tmp_path / 'a.h5'
    with h5py.File(path, 'w') as file:
        file.create_dataset('rgb', (3, 60, 80), np.uint8, chunks=(3, 60, 80), compression='gzip')
        file['depth'] = np.ones((60, 80), np.float32)
    with pytest.raises(UserError, match='chunks of'):
        read(path)


@pytest.mark.parametrize('how', ['link', 'raw', 'virtual'])
def test_pixels_of_another_file_are_not_read(tmp_path: Path, how: str) -> None:
    other, path = tmp_path / 'secret.h5', tmp_path / 'a.h5'
    write_frame(other)
    with h5py.File(path, 'w') as file:
        file['depth'] = np.ones((60, 80), np.float32)
        if how == 'link':
            file['rgb'] = h5py.ExternalLink(str(other), '/rgb')
        elif how == 'raw':
            size = 3 * 60 * 80
            file.create_dataset('rgb', (3, 60, 80), np.uint8, external=[(str(other), 0, size)])
        else:
            layout = h5py.VirtualLayout((3, 60, 80), np.uint8)
            layout[:] = h5py.VirtualSource(str(other), 'rgb', (3, 60, 80))
            file.create_virtual_dataset('rgb', layout)
    with pytest.raises(UserError, match='in another file: that is not followed'):
        read(path)


@pytest.mark.parametrize(
    ('attribute', 'value', 'expected'),
    [
        ('intrinsics', np.ones((10, 10)), r'intrinsics are float64 \(10, 10\)'),
        ('intrinsics', [70.0, 70.0, np.nan, 3.0], 'intrinsics are'),
        ('scene', np.ones(3), "attribute 'scene' is float64"),
    ],
)
def test_attributes_of_another_kind_are_refused(tmp_path, attribute, value, expected) -> None:
    path = write_frame(tmp_path / 'a.h5')
    with h5py.File(path, 'a') as file:
        file.attrs[attribute] = value
    with pytest.raises(UserError, match=expected):
        read(path)


def test_a_type_that_numpy_lacks_is_one_error(tmp_path: Path) -> None:
    path = write_frame(tmp_path / 'a.h5', depth=None)
    with h5py.File(path, 'a') as file:
        space = h5py.h5s.create_simple((60, 80))
        h5py.h5d.create(file.id, b'depth', h5py.h5t.UNIX_D32LE, space)
    with pytest.raises(UserError, match='not a whole HDF5 file'):
        read(path)


def test_a_mat_of_a_million_frames_is_refused(tmp_path: Path) -> None:
    path = tmp_path / NAME
    with h5py.File(path, 'w') as file:
        file.create_dataset('images', (10**6, 3, 80, 60), np.uint8, chunks=(1, 3, 80, 60))
        file.create_dataset('rawDepths', (10**6, 80, 60), np.float32, chunks=(1, 80, 60))
    with pytest.raises(UserError, match='it has 1000000 frames: 100000 are allowed'):
        LabelledRoot(path, 'raw')


def test_scenes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    path = tmp_path / NAME
    write_mat(path)
    with h5py.File(path, 'a') as file:
        del file['#refs#/0']
        file['scenes'][0, 0] = file['#refs#'].ref
    with pytest.raises(UserError, match='no text'):
        LabelledRoot(path, 'raw')


@pytest.mark.parametrize('kind', ['cells', 'huge', 'large file', 'infinite'])
def test_a_splits_mat_that_is_no_list_of_numbers_is_refused(tmp_path: Path, kind: str) -> None:
    io = pytest.importorskip('scipy.io')
    path, splits = tmp_path / NAME, tmp_path / SPLITS_NAME
    write_mat(path)
    nested = np.array([[1], [2]], object)
    for _ in range(20):
        nested = np.array([[nested], [1]], object)
    value = {'cells': nested, 'infinite': np.array([[np.inf]])}.get(kind, np.ones((2, 2)))
    io.savemat(splits, {'trainNdxs': value})
    data = bytearray(splits.read_bytes())
    if kind == 'huge':  # 2 x 2 becomes 2^31 - 1 squared, without a byte more
        at = data.find((2).to_bytes(4, 'little') * 2)
        data[at : at + 8] = b'\xff\xff\xff\x7f' * 2
    splits.write_bytes(data + bytes(1 << 20 if kind == 'large file' else 0))
    with pytest.raises(UserError, match=r'has no trainNdxs|cannot be read as a \.mat'):
        LabelledRoot(path, 'raw').frames('train')


@pytest.mark.parametrize(
    ('place', 'value', 'message'),
    [
        (24, 2**64 - 1, 'object 1 in a heap of texts has 18446744073709551615 bytes'),
        (24, 2**64 - 9, 'object 1 in a heap'),  # wraps around to 0 with its header
        (24, 5000, 'object 1 in a heap of texts has 5000 bytes'),
        (48, 0, 'object 0 in a heap of texts has 0 bytes'),  # the free space
        (48, 2**63, 'object 0 in a heap of texts has 9223372036854775808 bytes'),
        (8, 2**40, 'a heap of texts reaches beyond the end'),
    ],
)
def test_a_heap_that_libhdf5_would_walk_without_end_is_refused(
    tmp_path: Path, place: int, value: int, message: str
) -> None:
    """One heap of 4096 bytes: a header of 16, 'kitchen' of 16 + 8, and the free space."""
    path = write_frame(tmp_path / 'a.h5')
    with h5py.File(path, 'a') as file:
        file.attrs['scene'] = 'kitchen'
    assert Hdf5Ref(path).read_scene() == 'kitchen'
    data = bytearray(path.read_bytes())
    start = data.index(hdf5.HEAP)
    data[start + place : start + place + 8] = value.to_bytes(8, 'little')
    path.write_bytes(data)
    with pytest.raises(UserError, match=f'not a whole HDF5 file: {message}'):
        Hdf5Ref(path).read_scene()
    path.write_bytes(data[: start + 12])
    with pytest.raises(UserError, match='not a whole HDF5 file'):
        Hdf5Ref(path).read_scene()


def test_a_text_that_says_it_has_gigabytes_is_refused(tmp_path: Path) -> None:
    path = write_frame(tmp_path / 'a.h5')
    with h5py.File(path, 'a') as file:
        file.attrs['scene'] = 'kitchen'
    data = bytearray(path.read_bytes())
    count = data.index(hdf5.REFERENCE.pack(len('kitchen'), data.index(hdf5.HEAP), 1))
    assert data[count] == len('kitchen')
    data[count : count + 4] = (2**31).to_bytes(4, 'little')
    path.write_bytes(data)
    with pytest.raises(UserError, match='a text says that it has 2147483648 bytes, and has 7'):
        Hdf5Ref(path).read_scene()


def test_heaps_of_many_texts_are_whole(tmp_path: Path) -> None:
    """Several heaps, with gaps where texts were deleted."""
    path = write_frame(tmp_path / 'a.h5')
    with h5py.File(path, 'a') as file:
        for i in range(3000):
            file.attrs[f'a{i % 50}'] = 'x' * (i % 700)
        for i in range(0, 50, 3):
            del file.attrs[f'a{i}']
        file['texts'] = ['text' * k for k in range(500)]
    hdf5.check_heaps(path)
