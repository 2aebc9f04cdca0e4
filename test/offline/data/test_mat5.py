"""Arrays of a MAT-file are those that SciPy wrote; damaged ones are one error."""

from __future__ import annotations

import io
import random

import numpy as np
import pytest

from fastdepth_ros.offline.data.mat5 import read_numbers

scipy_io = pytest.importorskip('scipy.io')


def saved(compressed: bool = False, **arrays: object) -> bytes:
    buffer = io.BytesIO()
    scipy_io.savemat(buffer, arrays, do_compression=compressed)
    return buffer.getvalue()


@pytest.mark.parametrize('compressed', [False, True])
@pytest.mark.parametrize('kind', ['u1', 'i2', 'u2', 'i4', 'u4', 'i8', 'u8', 'f4', 'f8'])
def test_numbers_come_back(kind: str, compressed: bool) -> None:
    for count in (1, 2, 3, 795):
        values = np.arange(1, count + 1).astype(kind)
        data = saved(compressed, other=np.eye(3), a=values.reshape(-1, 1), text='abc')
        found = read_numbers(data, 'a')
        assert found is not None
        np.testing.assert_array_equal(found, values)


def test_a_name_that_is_not_there_is_none() -> None:
    assert read_numbers(saved(a=np.eye(2)), 'b') is None


@pytest.mark.parametrize('value', ['text', {'a': 1}, np.array([[1], [2]], object), 1j])
def test_what_is_no_number_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match='no array of numbers'):
        read_numbers(saved(a=value), 'a')


def test_a_bomb_is_not_inflated() -> None:
    data = saved(True, a=np.zeros((1, 3 << 20)))
    assert len(data) < 100_000
    with pytest.raises(ValueError, match='more than 16777216 bytes'):
        read_numbers(data, 'a')


@pytest.mark.parametrize('compressed', [False, True])
def test_any_damage_is_one_error_or_other_numbers(compressed: bool) -> None:
    whole, rng = saved(compressed, a=np.arange(20.0), b=np.eye(2)), random.Random(0)
    for _ in range(500):
        data = bytearray(whole)
        for _ in range(rng.randrange(1, 5)):
            data[rng.randrange(len(data))] = rng.randrange(256)
        try:
            read_numbers(bytes(data), 'b')
        except ValueError:
            continue
    for end in range(0, len(whole), 3):
        try:
            read_numbers(whole[:end], 'b')
        except ValueError:
            continue
