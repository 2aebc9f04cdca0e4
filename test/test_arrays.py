"""NumPy's files of others take no more memory than they have bytes, and run nothing."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest

from fastdepth_ros.arrays import read_npy, read_npz


def claiming(text: str) -> bytes:
    header = text.encode().ljust(117) + b'\n'
    return b'\x93NUMPY\x01\x00' + len(header).to_bytes(2, 'little') + header


def header(shape: str, kind: str = "'<f4'") -> bytes:
    return claiming(f"{{'descr': {kind}, 'fortran_order': False, 'shape': {shape}, }}")


@pytest.mark.parametrize(
    'array',
    [
        np.arange(6.0).reshape(2, 3),
        np.arange(6, dtype='>f4').reshape(2, 3).T,
        np.array(3),
        np.empty((0, 5), np.uint8),
        np.array('Küche \U0010ffff'),
        np.array(['Küche', 'b'], '>U5'),
    ],
)
def test_arrays_come_as_they_were(tmp_path: Path, array: np.ndarray) -> None:
    np.save(tmp_path / 'a.npy', array)
    np.savez_compressed(tmp_path / 'a.npz', a=array, b=array)
    found = read_npy(tmp_path / 'a.npy')
    np.testing.assert_array_equal(found, array)
    assert found.flags.writeable
    assert found.dtype == array.dtype
    np.testing.assert_array_equal(read_npz(tmp_path / 'a.npz')['b'], array)


@pytest.mark.parametrize(
    'data',
    [
        b'',
        b'PK',
        header('(1000000, 1000000)'),
        header('(2, 3)'),
        header('(-1, 4)'),
        header('(True, 2)'),
        header('(2,)', "'|O'"),
        header('(2,)', "[('a', '|O')]"),
        header('()', "'<U1'") + (0x110000).to_bytes(4, 'little'),  # beyond Unicode
        header('()', "'>U1'") + (0x110000).to_bytes(4, 'big'),
        claiming('{' * 100),
        claiming("'''"),
        b'\x93NUMPY\x09\x00' + bytes(100),
    ],
)
def test_what_lies_about_itself_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / 'a.npy'
    path.write_bytes(data)
    with pytest.raises(ValueError, match='.'):
        read_npy(path)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, 'w') as archive:
        archive.writestr('a.npy', data)
    path.write_bytes(buffer.getvalue())
    with pytest.raises(ValueError, match='.'):
        read_npz(path)


def test_a_bomb_of_zeros_is_not_decompressed(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr('fastdepth_ros.arrays.MOST', 1 << 20)
    np.savez_compressed(tmp_path / 'a.npz', a=np.zeros(1 << 20))
    with pytest.raises(ValueError, match='larger than 1048576 bytes'):
        read_npz(tmp_path / 'a.npz')


@pytest.mark.parametrize('place', ['method', 'encrypted', 'version', 'content'])
def test_a_damaged_archive_is_a_value_error(tmp_path: Path, place: str) -> None:
    path = tmp_path / 'a.npz'
    np.savez_compressed(path, a=np.arange(500))
    data = bytearray(path.read_bytes())
    entry = data.find(b'PK\x01\x02')  # of the central directory
    at, value = {
        'method': (entry + 10, 97),
        'encrypted': (entry + 8, 1),
        'version': (entry + 6, 209),
        'content': (60, data[60] ^ 255),
    }[place]
    data[at] = value
    path.write_bytes(data)
    with pytest.raises(ValueError, match='.'):
        read_npz(path)
