from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import pytest

from fastdepth_ros.engines.preprocess import Preprocessor
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.view import plan_view


def prepared(image: np.ndarray, encoding: str = 'rgb8', size: tuple[int, int] = (96, 64)):
    """The whole image stretched to `size`."""
    view = plan_view(None, (image.shape[1], image.shape[0]), size)
    return Preprocessor(*size)(image, encoding, view)


def test_every_encoding_gives_the_same_picture(image: np.ndarray) -> None:
    expected = prepared(image)
    alpha = image[..., :1]
    for encoding, variant in {
        'bgr8': image[..., ::-1],
        'rgba8': np.concatenate([image, alpha], -1),
        'bgra8': np.concatenate([image[..., ::-1], alpha], -1),
    }.items():
        found = prepared(np.ascontiguousarray(variant), encoding)
        np.testing.assert_array_equal(found, expected)


def test_mono_is_grey(image: np.ndarray) -> None:
    found = prepared(image[..., 0].copy(), 'mono8')
    assert found.shape == (64, 96, 3)
    assert (found == found[..., :1]).all()
    np.testing.assert_array_equal(found[..., 0], prepared(image)[..., 0])


def test_padded_rows_are_read_in_place(image: np.ndarray) -> None:
    padded = np.zeros((120, 170, 3), np.uint8)
    padded[:, :160] = image
    np.testing.assert_array_equal(prepared(padded[:, :160]), prepared(image))


def test_an_image_of_the_right_size_is_untouched(image: np.ndarray) -> None:
    np.testing.assert_array_equal(prepared(image, size=(160, 120)), image)


def test_shrinking_averages_and_does_not_alias() -> None:
    stripes = np.zeros((64, 192, 3), np.uint8)
    stripes[:, ::2] = 200
    assert (prepared(stripes) == 100).all()


@pytest.mark.parametrize(
    ('shape', 'size'),
    [
        *(((480, 640), (256, 192)), ((720, 1280), (256, 192)), ((481, 640), (256, 192))),
        *(((480, 640), (320, 256)), ((720, 1280), (320, 256)), ((480, 1280), (320, 256))),
    ],
)
def test_what_is_faster_than_areas_gives_the_same_picture(
    image: np.ndarray, shape: tuple[int, int], size: tuple[int, int]
) -> None:
    large = cv2.resize(image, shape[::-1], interpolation=cv2.INTER_CUBIC)
    expected = cv2.resize(large, size, interpolation=cv2.INTER_AREA)
    found = prepared(large, size=size).astype(float)
    assert np.abs(found - expected).mean() < 0.7
    assert abs(found.mean() - expected.mean()) < 0.3


@pytest.mark.parametrize(
    ('shape', 'steps'),
    [
        ((480, 640), [cv2.INTER_LINEAR]),  # areas take five times as long
        ((960, 1280), [cv2.INTER_AREA, cv2.INTER_LINEAR]),  # the first halves
        ((360, 640), [cv2.INTER_AREA]),
    ],
)
def test_large_images_are_resized_the_fast_way(
    shape: tuple[int, int], steps: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[int] = []
    resize = cv2.resize

    def noted(*args: Any, interpolation: int) -> np.ndarray:
        taken.append(interpolation)
        return resize(*args, interpolation=interpolation)

    monkeypatch.setattr(cv2, 'resize', noted)
    prepared(np.zeros((*shape, 3), np.uint8), size=(320, 256))
    assert taken == steps


def test_buffers_are_kept(image: np.ndarray) -> None:
    preprocess, view = Preprocessor(96, 64), plan_view(None, (160, 120), (96, 64))
    assert preprocess(image, 'rgb8', view) is preprocess(image, 'bgr8', view)


@pytest.mark.parametrize(
    ('array', 'encoding', 'message'),
    [
        (np.zeros((4, 4, 3)), 'rgb8', r'float64 \(4, 4, 3\): \(H, W, 3\) uint8 is needed'),
        (np.zeros((4, 4), np.uint8), 'rgb8', r'uint8 \(4, 4\): \(H, W, 3\)'),
        (np.zeros((0, 4, 3), np.uint8), 'rgb8', r'uint8 \(0, 4, 3\)'),
        (np.zeros((4, 4, 3), np.uint8), 'rgba8', r'\(H, W, 4\) uint8 is needed'),
        (np.zeros((4, 4, 3), np.uint8), 'yuv', "unknown encoding 'yuv': choose one of rgb8"),
    ],
)
def test_other_arrays_are_refused(array: np.ndarray, encoding: str, message: str) -> None:
    with pytest.raises(UserError, match=message):
        Preprocessor(96, 64)(array, encoding, plan_view(None, (4, 4), (96, 64)))
