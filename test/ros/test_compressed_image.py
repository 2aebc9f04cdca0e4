from __future__ import annotations

import contextlib
import struct

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sensor_msgs.msg import CompressedImage

from fastdepth_ros.errors import UserError
from fastdepth_ros.ros.compressed_image import compressed_topic, read_compressed


def picture(colour: bool = True) -> np.ndarray:
    y, x = np.mgrid[:48, :80].astype(np.uint8)
    grey = 40 + x + y
    return np.stack([grey, grey // 2, 255 - grey], -1) if colour else grey


def message(pixels: np.ndarray, suffix: str, name: str, *parameters: int) -> CompressedImage:
    _, data = cv2.imencode(suffix, pixels, parameters)
    found = CompressedImage(format=name)
    found.data.frombytes(data.tobytes())
    return found


@pytest.mark.parametrize('name', ['jpeg', 'jpg', 'rgb8; jpeg compressed bgr8', ''])
def test_jpeg(name: str) -> None:
    found, encoding = read_compressed(message(picture(), '.jpg', name))
    assert encoding == 'bgr8'
    assert np.abs(found.astype(int) - picture()).mean() < 3


@pytest.mark.parametrize('parameters', [(), (cv2.IMWRITE_JPEG_PROGRESSIVE, 1)])
def test_kinds_of_jpeg(parameters: tuple[int, ...]) -> None:
    found, _ = read_compressed(message(picture(), '.jpg', 'jpeg', *parameters))
    assert found.shape == (48, 80, 3)


def test_png_and_grey() -> None:
    found, _ = read_compressed(message(picture(), '.png', 'bgr8; png compressed bgr8'))
    np.testing.assert_array_equal(found, picture())
    grey, _ = read_compressed(message(picture(False), '.png', 'mono8; png compressed'))
    np.testing.assert_array_equal(grey, np.repeat(picture(False)[..., None], 3, 2))


@pytest.mark.parametrize('suffix', ['.jpg', '.png'])
def test_a_truncated_image_is_refused(suffix: str) -> None:
    whole = message(picture(), suffix, 'x')
    half = CompressedImage(format='x')
    half.data = whole.data[: len(whole.data) // 2]
    with pytest.raises(UserError, match='cut off|cannot be decoded'):
        read_compressed(half)


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    bomb = message(picture(), '.png', 'png')
    data = bytearray(bomb.data)
    data[16:24] = struct.pack('>II', 60000, 60000)
    bomb.data = type(bomb.data)('B', bytes(data))
    with pytest.raises(UserError, match='60000x60000 pixels: allowed are'):
        read_compressed(bomb)


@pytest.mark.parametrize(
    ('data', 'name', 'expected'),
    [
        (b'', 'jpeg', 'neither JPEG nor PNG: set image_transport: raw'),
        (b'GIF89a', 'gif', 'neither JPEG nor PNG'),
        (b'\0' * 12, '16UC1; compressedDepth png', 'is of depth: give the colour image'),
        (b'\xff\xd8\xff\xd9', 'jpeg', 'has no frame header'),
    ],
)
def test_what_it_is_not(data: bytes, name: str, expected: str) -> None:
    found = CompressedImage(format=name)
    found.data.frombytes(data)
    with pytest.raises(UserError, match=expected):
        read_compressed(found)


@given(st.binary(max_size=300), st.sampled_from([b'', b'\xff\xd8', b'\x89PNG\r\n\x1a\n']))
def test_any_bytes_are_an_image_or_one_error(data: bytes, start: bytes) -> None:
    found = CompressedImage(format='jpeg')
    found.data.frombytes(start + data + b'\xff\xd9')
    with contextlib.suppress(UserError):
        pixels, _ = read_compressed(found)
        assert pixels.ndim == 3


def test_the_topic_is_beside_the_resolved_one() -> None:
    assert compressed_topic('/front/image_raw') == '/front/image_raw/compressed'


@pytest.mark.ros
def test_a_compressed_camera_gets_the_depth_of_a_raw_one(start) -> None:
    _, peer = start('-r', 'image:=cam/image_raw', '-p', 'image_transport:=compressed')
    camera = peer.node.create_publisher(CompressedImage, 'cam/image_raw/compressed', 1)
    grey = np.full((48, 80), 102, np.uint8)
    _, metres = peer.depth_of(camera, message(grey, '.png', 'mono8; png compressed'))
    np.testing.assert_allclose(metres, 0.5 + 4 * 102 / 255, rtol=1e-5)
    broken = CompressedImage(format='jpeg')
    camera.publish(broken)
    peer.depth_of(camera, message(grey, '.jpg', 'jpeg'))
