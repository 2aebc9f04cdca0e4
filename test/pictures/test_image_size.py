"""What an image says of its size is checked before OpenCV decodes it."""

from __future__ import annotations

import struct
import zlib

import cv2
import numpy as np
import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.pictures.decoding import decode
from fastdepth_ros.pictures.image_size import CAMERAS, MOST_SCANS, image_size

PICTURE = np.random.default_rng(0).integers(0, 255, (40, 60, 3), np.uint8)
FILES = {
    suffix: cv2.imencode(suffix, PICTURE)[1].tobytes()
    for suffix in ('.png', '.jpg', '.bmp', '.ppm', '.tiff', '.webp')
}
LOSSY_WEBP = cv2.imencode('.webp', PICTURE, (cv2.IMWRITE_WEBP_QUALITY, 50))[1].tobytes()


def chunk(kind: bytes, content: bytes) -> bytes:
    checked = kind + content
    return struct.pack('>I', len(content)) + checked + struct.pack('>I', zlib.crc32(checked))


def png(width: int, height: int, content: bytes) -> bytes:
    head = chunk(b'IHDR', struct.pack('>IIBBBBB', width, height, 8, 2, 0, 0, 0))
    return b'\x89PNG\r\n\x1a\n' + head + chunk(b'IDAT', content) + chunk(b'IEND', b'')


def tiff(width: int, height: int) -> bytes:
    entries = [(256, width), (257, height)]
    body = b''.join(struct.pack('<HHII', tag, 4, 1, value) for tag, value in entries)
    return b'II*\0' + struct.pack('<IH', 8, len(entries)) + body + bytes(4)


@pytest.mark.parametrize('suffix', FILES)
def test_the_size_is_what_opencv_finds(suffix: str) -> None:
    assert image_size(FILES[suffix]) == (60, 40)
    assert decode(FILES[suffix], cv2.IMREAD_COLOR).shape == (40, 60, 3)
    assert image_size(LOSSY_WEBP) == (60, 40)


def test_a_comment_in_a_ppm_is_no_number() -> None:
    assert image_size(b'P6\n# 9 9\n3 2\n255\n' + bytes(18)) == (3, 2)


@pytest.mark.parametrize(
    ('data', 'expected'),
    [
        (png(30_000, 2, zlib.compress(bytes(100))), '30000x2 pixels: allowed are 1 to 16384'),
        (png(8000, 8000, zlib.compress(bytes(1000))), '64000000 pixels, in .* bytes: damaged'),
        (b'P6\n16000 16000\n255\n', '16000x16000 pixels: allowed are'),
        (b'P6\n-5 16000\n255\n', 'allowed are'),
        (tiff(100_000, 100_000), '100000x100000 pixels'),
        (b'RIFF\0\0\0\0WEBPVP8X' + bytes(8) + b'\xff\x3f\0\xff\x3f\0', '16384x16384 pixels'),
        (b'BM' + bytes(12) + struct.pack('<Iii', 40, 60_000, -60_000), '60000x60000 pixels'),
        (b'GIF89a' + bytes(30), 'none of PNG, JPEG, BMP'),
        (b'', 'none of'),
        (b'II*\0\xff\xff\xff\xff', 'damaged header'),
        (b'BM', 'damaged header'),
        (b'P5', 'damaged header'),
    ],
)
def test_what_is_no_picture_of_a_camera_is_refused(data: bytes, expected: str) -> None:
    with pytest.raises(UserError, match=expected):
        decode(data, cv2.IMREAD_COLOR)


def test_a_jpeg_that_claims_pixels_without_bytes_is_refused() -> None:
    data = bytearray(FILES['.jpg'])
    at = data.find(b'\xff\xc0')
    data[at + 5 : at + 9] = struct.pack('>HH', 8000, 8000)
    with pytest.raises(UserError, match='64000000 pixels, in'):
        image_size(bytes(data))


def test_a_jpeg_of_endless_scans_is_refused() -> None:
    progressive = cv2.imencode('.jpg', PICTURE, (cv2.IMWRITE_JPEG_PROGRESSIVE, 1))[1].tobytes()
    image_size(progressive)
    image_size(progressive + b'\xff\xda' * 500)  # a film that a telephone appends
    last = progressive.rfind(b'\xff\xda')
    scan = progressive[last:-2]
    with pytest.raises(UserError, match=f'over {MOST_SCANS} scans'):
        image_size(progressive[:-2] + scan * 80 + b'\xff\xd9')


@pytest.mark.parametrize('at', [33, 8, -12])
def test_a_chunk_of_a_png_that_claims_a_gigabyte_is_not_followed(at: int) -> None:
    data = bytearray(FILES['.png'])
    data[at : at + 4 if at > 0 else len(data) - 8] = struct.pack('>I', 0x49000052)
    with pytest.raises(UserError, match='cut off'):
        decode(bytes(data), cv2.IMREAD_COLOR)


def test_a_camera_has_two_kinds() -> None:
    with pytest.raises(UserError, match='none of PNG, JPEG'):
        image_size(FILES['.bmp'], CAMERAS)


def test_what_opencv_raises_is_one_error() -> None:
    with pytest.raises(UserError, match='cannot be decoded'):
        decode(png(4, 4, b'no zlib'), cv2.IMREAD_COLOR)
