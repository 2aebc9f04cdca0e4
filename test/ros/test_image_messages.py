from __future__ import annotations

import array
import sys

import numpy as np
import pytest
from ros_harness import make_image
from sensor_msgs.msg import Image
from std_msgs.msg import Header

from fastdepth_ros.errors import UserError
from fastdepth_ros.ros.convert_encoding import load_cv_bridge
from fastdepth_ros.ros.image_messages import IN_PLACE, ImageWriter, read_image


@pytest.mark.parametrize('padding', [0, 7])
@pytest.mark.parametrize('encoding', IN_PLACE)
def test_images_are_views_of_the_message(encoding: str, padding: int, rng) -> None:
    channels = IN_PLACE[encoding]
    pixels = rng.integers(0, 256, (5, 6) if channels == 1 else (5, 6, channels), np.uint8)
    message = make_image(pixels, encoding, padding)
    found, found_encoding = read_image(message)
    assert found_encoding == encoding
    np.testing.assert_array_equal(found, pixels)
    assert np.shares_memory(found, np.frombuffer(message.data, np.uint8))


def damaged(**changes: object) -> Image:
    """A good 6 x 5 rgb8 message but for these fields; `data` is a number of bytes."""
    message = make_image(np.zeros((5, 6, 3), np.uint8))
    for name, value in changes.items():
        setattr(message, name, array.array('B', bytes(value)) if name == 'data' else value)
    return message


@pytest.mark.parametrize(
    ('message', 'reason'),
    [
        (damaged(width=0), 'size is 0x5 pixels: allowed are 1 to'),
        (damaged(height=0, data=0), 'size is 6x0 pixels'),
        (damaged(width=2**32 - 1), 'size is 4294967295x5 pixels'),
        (damaged(height=2**31, step=0), 'size is 6x2147483648 pixels'),
        (damaged(data=89), '89 bytes of data where step x height = 18 x 5 = 90 bytes'),
        (damaged(data=91), '91 bytes of data where'),
        (damaged(data=0), '0 bytes of data where'),
        (damaged(step=19), 'step x height = 19 x 5 = 95 bytes'),
        (damaged(step=17, data=85), 'step of 17 bytes is too short for a row of 6 rgb8 pixels'),
        (damaged(step=0, data=0), 'step of 0 bytes is too short'),
        (damaged(encoding='rgba8'), 'which takes 24 bytes'),
    ],
)
def test_a_malformed_image_says_what_is_wrong(message: Image, reason: str) -> None:
    with pytest.raises(UserError, match=reason):
        read_image(message)


@pytest.mark.parametrize(
    ('encoding', 'pixel_bytes', 'reason'),
    [
        ('nonsense', 3, "encoding 'nonsense' is unknown: publish rgb8"),
        ('', 3, "encoding '' is unknown"),
        ('32FC1', 4, "cannot make rgb8 of its encoding '32FC1'"),
        ('mono16', 1, 'step of 6 bytes is too short for a row of 6 mono16 pixels'),
    ],
)
def test_what_cv_bridge_cannot_do_is_named(encoding: str, pixel_bytes: int, reason: str) -> None:
    pytest.importorskip('cv_bridge')
    message = make_image(np.zeros((5, 6 * pixel_bytes), np.uint8), encoding)
    message.width = 6
    with pytest.raises(UserError, match=reason):
        read_image(message)


@pytest.mark.parametrize('padding', [0, 3])
def test_bayer_is_converted_by_cv_bridge(padding: int) -> None:
    pytest.importorskip('cv_bridge')
    mosaic = np.tile(np.array([[200, 100], [100, 50]], np.uint8), (4, 5))  # RG / GB
    found, encoding = read_image(make_image(mosaic, 'bayer_rggb8', padding))
    assert encoding == 'rgb8'
    np.testing.assert_array_equal(found[2:-2, 2:-2], np.broadcast_to([200, 100, 50], (4, 6, 3)))


def test_a_missing_cv_bridge_is_named_with_its_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    load_cv_bridge.cache_clear()
    monkeypatch.setitem(sys.modules, 'cv_bridge', None)
    try:
        with pytest.raises(UserError, match=r"'bayer_rggb8' needs cv_bridge.*apt install"):
            read_image(make_image(np.zeros((4, 4), np.uint8), 'bayer_rggb8'))
        read_image(make_image(np.zeros((4, 4), np.uint8), 'mono8'))
    finally:
        load_cv_bridge.cache_clear()


def test_depth_is_written_into_a_kept_message(rng) -> None:
    writer = ImageWriter('32FC1')
    for shape in ((4, 6), (4, 6), (2, 3)):
        depth = rng.uniform(0, 9, shape).astype(np.float32)
        depth[0, 0] = np.nan
        header = Header(frame_id='optical')
        message = writer.write(depth, header)
        assert (message.height, message.width) == shape
        assert (message.encoding, message.step) == ('32FC1', 4 * shape[1])
        assert message.header is header
        assert isinstance(message.data, array.array)
        np.testing.assert_array_equal(np.frombuffer(message.data, np.float32), depth.ravel())
    assert writer.write(depth, header).data is message.data
