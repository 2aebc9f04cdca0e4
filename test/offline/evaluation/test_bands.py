from __future__ import annotations

import argparse

import numpy as np
import pytest

from fastdepth_ros.offline.evaluation.bands import Band, parse_bands
from fastdepth_ros.offline.evaluation.protocols import Score, score
from fastdepth_ros.offline.evaluation.results import ImageResult
from fastdepth_ros.offline.evaluation.summary import summarise_images


def test_bands_are_read_from_one_list() -> None:
    assert parse_bands('0-1,1-2.5') == ((0, 1), (1, 2.5))
    assert Band(1, 2.5).name == '1-2.5'


@pytest.mark.parametrize('text', ['', '1', '2-1', '1-1', 'a-b', '0-1-2', '0-nan', '-1-2'])
def test_what_is_no_band_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match=r'write them as 0-1,1-2,2-4,4-10'):
        parse_bands(text)


def test_a_band_judges_its_own_pixels_only() -> None:
    target = np.array([[0.5, 1.0, 1.5, 3.0]], np.float32)
    prediction = np.array([[1.0, 1.0, 1.5, 9.0]], np.float32)
    found = score(prediction, target, 'full', parse_bands('0-1,1-2,5-6'))
    assert found is not None
    near, middle, empty = found.bands
    assert near is not None
    assert middle is not None
    assert (near.pixels, middle.pixels, empty) == (1, 2, None)
    assert near.metric['mae'] == 0.5
    assert middle.metric['mae'] == 0
    # the factor is that of the whole image: median 1.25 of each
    assert near.scaled['mae'] == 0.5


def test_a_few_stray_pixels_are_no_band() -> None:
    target = np.full((20, 20), 3.0, np.float32)
    target[0, :3] = 0.02  # a sensor's flying pixels: AbsRel 149
    found = score(np.full_like(target, 3.0), target, 'full', parse_bands('0-1,2-4'))
    assert found is not None
    assert found.bands[0] is None
    target[0, :4] = 0.02  # 1 %
    found = score(np.full_like(target, 3.0), target, 'full', parse_bands('0-1,2-4'))
    assert found is not None
    assert found.bands[0] is not None


def test_a_band_averages_over_the_images_that_reach_it() -> None:
    bands = parse_bands('0-1,4-10')
    truths = [np.full((1, 4), 0.5, np.float32), np.array([[0.5, 5, 5, 5]], np.float32)]
    scores = [score(truth + 0.1, truth, 'full', bands) for truth in truths]
    images = [
        ImageResult(str(i), f's{i}', s) for i, s in enumerate(scores) if isinstance(s, Score)
    ]
    near, far = summarise_images(images, 'full', bands)['bands']
    assert (near['images'], far['images']) == (2, 1)
    assert (near['pixels'], far['pixels']) == pytest.approx((5 / 8, 3 / 8))
    assert far['metric']['absrel'] == pytest.approx(0.02, rel=1e-4)
    assert near['intervals'] is not None
    assert far['intervals'] is None  # one scene
