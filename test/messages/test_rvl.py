from __future__ import annotations

import contextlib

import numpy as np
import pytest

pytest.importorskip('rosbags')

from bag_writer import encode_rvl
from hypothesis import given
from hypothesis import strategies as st

from fastdepth_ros.errors import UserError
from fastdepth_ros.messages.rvl import decode_rvl


@given(st.lists(st.sampled_from([0, 0, 0, 1, 7, 500, 501, 65535]) | st.integers(0, 65535)))
def test_what_was_encoded_comes_back(pixels: list[int]) -> None:
    np.testing.assert_array_equal(decode_rvl(encode_rvl(pixels), len(pixels)), pixels)


def test_a_known_stream() -> None:
    # 2 zeros, 2 others: +4 -> 8 (nibbles 8 = 0|more, 1), -1 -> 1
    assert decode_rvl(bytes.fromhex('00108122'), 4).tolist() == [0, 0, 4, 3]


def test_a_stream_that_is_cut_off_or_of_another_size_is_refused() -> None:
    data = encode_rvl([0, 5, 6, 7, 0, 0, 900, 901] * 20)
    for end in range(0, len(data) - 4, 4):
        with pytest.raises(UserError, match='RVL is (cut off|damaged)'):
            decode_rvl(data[:end], 160)
    with pytest.raises(UserError, match='RVL is cut off'):
        decode_rvl(data, 170)
    with pytest.raises(UserError, match='RVL is damaged'):
        decode_rvl(data, 151)
    with pytest.raises(UserError, match='more than 32 bits'):
        decode_rvl(b'\xff' * 8 + bytes(4), 5)


@given(st.binary(max_size=200), st.integers(0, 300))
def test_any_bytes_are_pixels_or_one_error(data: bytes, count: int) -> None:
    with contextlib.suppress(UserError):
        assert decode_rvl(data, count).shape == (count,)
