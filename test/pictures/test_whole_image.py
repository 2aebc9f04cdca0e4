"""A picture that is cut off anywhere is noticed; what cameras append is not held against it."""

import cv2
import numpy as np
import pytest

from fastdepth_ros.pictures.whole_image import is_cut_off

PICTURE = np.random.default_rng(0).integers(0, 255, (40, 60, 3), np.uint8)
FILES = {s: cv2.imencode(s, PICTURE)[1].tobytes() for s in ('.jpg', '.png', '.bmp')}


@pytest.mark.parametrize('suffix', ['.jpg', '.png'])
def test_the_end_is_missed_wherever_it_was_cut(suffix):
    data = FILES[suffix]
    assert not is_cut_off(data)
    assert not is_cut_off(data + bytes(5000))
    assert all(is_cut_off(data[:end]) for end in range(len(data) // 20, len(data) - 12, 97))


def test_the_end_of_a_thumbnail_is_not_the_picture_s():
    thumbnail = FILES['.jpg']
    length = (len(thumbnail) + 2).to_bytes(2, 'big')
    data = FILES['.jpg'][:2] + b'\xff\xe1' + length + thumbnail + FILES['.jpg'][2:]
    assert not is_cut_off(data)
    assert is_cut_off(data[: len(data) - 40])


def test_of_other_formats_nothing_is_known():
    assert not is_cut_off(FILES['.bmp'][:100])
    assert not is_cut_off(b'')
