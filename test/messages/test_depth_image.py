from __future__ import annotations

import contextlib
import struct

import cv2
import numpy as np
import pytest

pytest.importorskip('rosbags')

from bag_writer import compressed, compressed_depth, encode_rvl, image
from hypothesis import given
from hypothesis import strategies as st

from fastdepth_ros.errors import UserError
from fastdepth_ros.messages.depth_image import is_depth, read_depth

MM = np.array([[0, 1, 500], [1234, 20000, 65535]], np.uint16)
METRES = MM / np.float32(1000)


@pytest.mark.parametrize('order', ['<', '>'])
@pytest.mark.parametrize('encoding', ['16UC1', 'mono16'])
def test_16_bits_are_millimetres(encoding: str, order: str) -> None:
    found = read_depth(image(MM.astype(f'{order}u2'), encoding, 0))
    np.testing.assert_array_equal(found, METRES)
    assert found.dtype == np.float32


@pytest.mark.parametrize('order', ['<', '>'])
def test_32_bits_are_metres_and_what_is_no_depth_becomes_0(order: str) -> None:
    depth = np.array([[np.nan, np.inf, -np.inf], [-1, 0, 2.5]], np.float32)
    found = read_depth(image(depth.astype(f'{order}f4'), '32FC1', 0))
    np.testing.assert_array_equal(found, [[0, 0, 0], [0, 0, 2.5]])


def test_padded_rows() -> None:
    message = image(np.pad(MM, ((0, 0), (0, 3)), constant_values=9), '16UC1', 0)
    message.width = 3
    np.testing.assert_array_equal(read_depth(message), METRES)


@pytest.mark.parametrize('rvl', [False, True])
def test_compressed_depth_of_16_bits_comes_back(rvl: bool) -> None:
    body = struct.pack('<II', 3, 2) + encode_rvl(MM.ravel().tolist()) if rvl else b''
    message = compressed_depth(MM, '16UC1', 0, 0, 0, body)
    assert is_depth(message)
    np.testing.assert_array_equal(read_depth(message), METRES)


def test_png_without_the_header_and_names_of_older_publishers() -> None:
    png = cv2.imencode('.png', MM)[1].tobytes()
    np.testing.assert_array_equal(read_depth(compressed(png, '16UC1; png compressed ', 0)), METRES)
    old = compressed(bytes(12) + png, '16UC1; compressedDepth', 0)
    np.testing.assert_array_equal(read_depth(old), METRES)


@pytest.mark.parametrize('rvl', [False, True])
def test_compressed_depth_of_32_bits_is_quantised_inverse_depth(rvl: bool) -> None:
    # as codec.cpp has it, with its defaults depth_max 10 and depth_quantization 100
    depth = np.array([[np.nan, 0.5, 1], [3, 9.9, 12]], np.float32)
    a = np.float32(100 * 101)
    b = np.float32(1 - a / 10)
    near = depth < 10
    stored = np.where(near, a / np.where(near, depth, 1) + b, 0).astype(np.uint16)
    body = struct.pack('<II', 3, 2) + encode_rvl(stored.ravel().tolist()) if rvl else b''
    found = read_depth(compressed_depth(stored, '32FC1', float(a), float(b), 0, body))
    np.testing.assert_array_equal(found > 0, near)
    expected = a / (stored[near].astype(np.float32) - b)  # exactly as the subscriber decodes
    np.testing.assert_array_equal(found[near], expected)
    np.testing.assert_allclose(found[near], depth[near], rtol=0.01)  # one step of 1 / depth


@pytest.mark.parametrize(
    ('message', 'reason'),
    [
        (image(np.zeros((2, 3, 3), np.uint8), 'rgb8', 0), "encoding 'rgb8' is no depth: allowed"),
        (image(np.zeros((2, 3), np.uint8), '16UC1', 0), 'step of 3 bytes is too short'),
        (compressed(b'123', '16UC1; compressedDepth png', 0), '3 bytes of .* are cut off'),
        (compressed(bytes(90), '16UC1; compressedDepth png', 0), 'neither JPEG nor PNG'),
        (compressed(bytes(14), '16UC1; compressedDepth rvl', 0), '2 bytes of RVL are cut off'),
        (compressed(bytes(20), '16UC1; compressedDepth rvl', 0), 'it says that it is 0x0 pixels'),
        (compressed_depth(MM, '32FC1', 0, 0, 0), 'has the quantisation 0, 0: A > 0 is needed'),
        (compressed_depth(MM.astype(np.uint8), '16UC1', 0, 0, 0), 'is uint8 .*, not 16-bit'),
        (compressed_depth(MM, '8UC1', 0, 0, 0), "encoding '8UC1' is no depth"),
    ],
)
def test_what_is_no_depth_says_why(message: object, reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        read_depth(message)


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    body = struct.pack('<II', 60000, 60000) + bytes(8)
    with pytest.raises(UserError, match='60000x60000 pixels: allowed'):
        read_depth(compressed_depth(MM, '16UC1', 0, 0, 0, body))


@given(st.binary(max_size=200), st.sampled_from(['png', 'rvl']))
def test_any_bytes_are_depth_or_one_error(data: bytes, codec: str) -> None:
    with contextlib.suppress(UserError):
        read_depth(compressed(data, f'32FC1; compressedDepth {codec}', 0))
