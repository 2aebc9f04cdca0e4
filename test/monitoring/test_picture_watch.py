from __future__ import annotations

import re

import numpy as np
import pytest

from fastdepth_ros.monitoring.picture_watch import PERIOD, PictureWatch


def picture(mean: float, contrast: float) -> np.ndarray:
    noise = np.random.default_rng(0).normal(mean, contrast, (192, 256))
    return np.repeat(noise.clip(0, 255).astype(np.uint8)[..., None], 3, 2)


def looked(rgb: np.ndarray) -> PictureWatch:
    watch = PictureWatch()
    watch.look(rgb, 0.0)
    return watch


@pytest.mark.parametrize(('mean', 'contrast'), [(110, 50), (50, 20), (200, 40), (128, 8)])
def test_of_a_picture_that_shows_something_nothing_is_said(mean: float, contrast: float) -> None:
    assert looked(picture(mean, contrast)).problem == ''


@pytest.mark.parametrize(
    ('mean', 'contrast', 'said'),
    [
        (4, 3, 'dark .95 % of it below .* is there light'),
        (0, 0, 'dark'),
        (300, 20, '% of the picture is white.*lower the exposure'),
        (255, 0, '100% of the picture is white'),
        (128, 1, 'shows nothing .contrast 1.. of 255.*is the lens covered'),
    ],
)
def test_what_a_lens_cap_a_lamp_or_fog_does_is_said(
    mean: float, contrast: float, said: str
) -> None:
    watch = looked(picture(mean, contrast))
    assert re.search(said, watch.problem)
    assert 'is a guess' in watch.problem


def test_one_picture_a_second_is_looked_at_and_the_last_one_counts() -> None:
    watch = PictureWatch()
    assert (watch.shown, watch.problem, watch.is_due(5.0)) == ('unknown', '', True)
    watch.look(picture(2, 1), 5.0)
    assert not watch.is_due(5.0 + 0.9 * PERIOD)
    assert watch.is_due(5.0 + PERIOD)
    watch.look(picture(110, 50), 5.0 + PERIOD)
    assert watch.problem == ''
    assert re.fullmatch('mean 1[01][0-9], contrast (49|50|51) of 255', watch.shown)
