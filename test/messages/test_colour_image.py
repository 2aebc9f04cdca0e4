from __future__ import annotations

import cv2
import numpy as np
import pytest

pytest.importorskip('rosbags')

from bag_writer import compressed, image

from fastdepth_ros.errors import UserError
from fastdepth_ros.messages.colour_image import read_colour

ORANGE = np.full((8, 12, 3), [200, 120, 40], np.uint8)


@pytest.mark.parametrize(
    ('encoding', 'channels'),
    [('rgb8', [0, 1, 2]), ('bgr8', [2, 1, 0]), ('rgba8', [0, 1, 2, 0]), ('bgra8', [2, 1, 0, 0])],
)
def test_colours_come_out_as_rgb(encoding: str, channels: list[int]) -> None:
    np.testing.assert_array_equal(read_colour(image(ORANGE[..., channels], encoding, 0)), ORANGE)


@pytest.mark.parametrize(
    ('encoding', 'first', 'second'),
    [
        ('bayer_rggb8', [200, 120], [120, 40]),
        ('bayer_bggr8', [40, 120], [120, 200]),
        ('bayer_gbrg8', [120, 40], [200, 120]),
        ('bayer_grbg8', [120, 200], [40, 120]),
    ],
)
def test_bayer_mosaics(encoding: str, first: list[int], second: list[int]) -> None:
    mosaic = np.tile(np.array([first, second], np.uint8), (4, 6))
    found = read_colour(image(mosaic, encoding, 0))
    np.testing.assert_array_equal(found[2:-2, 2:-2], ORANGE[2:-2, 2:-2])


@pytest.mark.parametrize(('encoding', 'luma_first'), [('yuv422', 0), ('yuv422_yuy2', 1)])
def test_yuv(encoding: str, luma_first: int) -> None:
    y, cr, cb = cv2.cvtColor(ORANGE, cv2.COLOR_RGB2YCrCb)[0, 0].astype(float)
    y = 16 + y * 219 / 255  # video range
    u, v = (128 + (c - 128) * 224 / 255 for c in (cb, cr))
    pair = [y, u, y, v] if luma_first else [u, y, v, y]
    pixels = np.tile(np.array(pair).round().astype(np.uint8), (8, 6)).reshape(8, 12, 2)
    found = read_colour(image(pixels, encoding, 0))
    np.testing.assert_allclose(found.astype(int), ORANGE.astype(int), atol=12)


def test_mono_and_compressed() -> None:
    grey = np.full((8, 12), 77, np.uint8)
    np.testing.assert_array_equal(
        read_colour(image(grey, 'mono8', 0)), np.repeat(grey[..., None], 3, 2)
    )
    png = cv2.imencode('.png', ORANGE[..., ::-1])[1].tobytes()
    np.testing.assert_array_equal(read_colour(compressed(png, 'rgb8; png compressed', 0)), ORANGE)


@pytest.mark.parametrize(
    ('message', 'reason'),
    [
        (image(ORANGE, 'hsv8', 0), "encoding 'hsv8' is not known: allowed are rgb8, bgr8"),
        (image(ORANGE[:7, :, 0], 'bayer_rggb8', 0), 'size 12x7 is odd'),
        (image(ORANGE[..., :2], 'rgb8', 0), 'step of 24 bytes is too short'),
        (compressed(b'GIF89a', 'gif', 0), 'neither JPEG nor PNG'),
    ],
)
def test_what_cannot_be_read_says_why(message: object, reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        read_colour(message)
