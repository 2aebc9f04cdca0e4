from __future__ import annotations

import numpy as np
import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.scale.smoothing import StillSmoother

SHAPE = (192, 256)


def picture(seed: int = 0) -> np.ndarray:
    """(192, 256, 3) uint8 of soft blobs."""
    rng = np.random.default_rng(seed)
    return np.kron(rng.integers(0, 255, (6, 8, 3)), np.ones((32, 32, 1))).astype(np.uint8)


def shot(image: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """With the noise of a sensor."""
    return np.clip(image + rng.normal(0, 4, image.shape), 0, 255).astype(np.uint8)


def depth(rng: np.random.Generator, metres: float = 2.0) -> np.ndarray:
    """Metres with 5 % of noise."""
    return (metres * (1 + 0.05 * rng.standard_normal(SHAPE))).astype(np.float32)


def test_a_still_view_becomes_calm(rng: np.random.Generator) -> None:
    smooth, image = StillSmoother(frames=8), picture()
    for k in range(30):
        found = smooth(depth(rng), shot(image, rng), k / 30)
    assert found.std() < 0.1 / 3, 'of 0.1'
    assert found.mean() == pytest.approx(2, rel=0.01)


def test_what_changes_is_taken_as_it_is(rng: np.random.Generator) -> None:
    smooth = StillSmoother()
    for k in range(10):
        smooth(depth(rng), picture(0), k / 30)
    new = depth(rng, 4.0)
    assert (smooth(new.copy(), picture(1), 10 / 30) == new).mean() > 0.9


def test_only_the_neighbourhood_of_what_moves_begins_anew(rng: np.random.Generator) -> None:
    smooth, image = StillSmoother(), picture()
    for k in range(10):
        smooth(depth(rng), image, k / 30)
    moved = image.copy()
    moved[80:112, 80:112] = 255 - moved[80:112, 80:112]
    found = smooth(depth(rng, 3.0), moved, 10 / 30)
    assert found[90:100, 90:100].mean() == pytest.approx(3, rel=0.02)
    assert found[:40, 200:].mean() == pytest.approx(2 + 1 / 8, rel=0.02)


def test_slow_motion_is_motion() -> None:
    smooth = StillSmoother(threshold=4.0)
    begun_anew = 0
    for k in range(20):
        image = np.full((*SHAPE, 3), 100 + k, np.uint8)
        fresh = np.full(SHAPE, 2.0 + k, np.float32)
        begun_anew += (smooth(fresh.copy(), image, k / 30) == fresh).all()
    assert begun_anew >= 4


def test_the_lag_is_what_it_says() -> None:
    smooth, image = StillSmoother(frames=6), picture()
    for k in range(200):
        ramp = np.full(SHAPE, 1 + k / 100, np.float32)
        found = smooth(ramp, image, k / 30)
    assert (1 + 199 / 100 - found[0, 0]) * 100 == pytest.approx(5, rel=0.01), 'frames - 1'


def test_holes_come_and_go(rng: np.random.Generator) -> None:
    smooth, image = StillSmoother(), picture()
    smooth(depth(rng), image, 0.0)
    holes = depth(rng)
    holes[:50] = np.nan
    found = smooth(holes, image, 1 / 30)
    assert np.isnan(found[:50]).all()
    assert np.isfinite(found[50:]).all()
    new = depth(rng)
    assert (smooth(new.copy(), image, 2 / 30)[:50] == new[:50]).all()


@pytest.mark.parametrize('stamp', [-5.0, 900.0])
def test_time_that_jumps_begins_anew(rng: np.random.Generator, stamp: float) -> None:
    smooth, image = StillSmoother(), picture()
    for k in range(5):
        smooth(depth(rng), image, k / 30)
    new = depth(rng, 4.0)
    assert (smooth(new.copy(), image, stamp) == new).all()


def test_another_size_begins_anew(rng: np.random.Generator) -> None:
    smooth = StillSmoother()
    smooth(depth(rng), picture(), 0.0)
    new = depth(rng)[:100, :100].copy()
    assert (smooth(new.copy(), picture()[:100, :100], 1 / 30) == new).all()


@pytest.mark.parametrize(
    ('options', 'said'),
    [
        ({'frames': 0}, 'over 0 frames'),
        ({'threshold': 0.0}, 'smoothing is 0'),
        ({'threshold': float('nan')}, 'smoothing is nan'),
    ],
)
def test_a_setting_that_cannot_be_is_named(options: dict, said: str) -> None:
    with pytest.raises(UserError, match=said):
        StillSmoother(**options)
