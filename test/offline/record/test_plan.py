from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip('rosbags')

from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.record.duplicates import changed, thumbnail
from fastdepth_ros.offline.record.plan import Shot, split_by_time

SECOND = 10**9


def shots(count: int, rate: float = 10) -> list[Shot]:
    return [Shot(i, i, round(i * SECOND / rate), 0) for i in range(count)]


def test_the_end_is_for_validation_and_a_gap_before_it_for_nothing() -> None:
    found = split_by_time(shots(100), 0.2, 1.5)
    train, val = ([s.image for s in found if s.split == name] for name in ('train', 'val'))
    assert val == list(range(80, 100))
    assert train == list(range(66))  # 65 is 1.5 s before 80


@pytest.mark.parametrize(('share', 'split'), [(0, 'train'), (1, 'val')])
def test_all_of_it_can_be_one_split(share: float, split: str) -> None:
    assert [s.split for s in split_by_time(shots(10), share, 5)] == [split] * 10


def test_a_share_of_a_few_is_at_least_one() -> None:
    assert [s.split for s in split_by_time(shots(4), 0.1, 0)].count('val') == 1


def test_a_gap_that_leaves_nothing_to_learn_from_is_refused() -> None:
    with pytest.raises(UserError, match=r'all 9 frames before .* gap of 5 s: set --val-gap'):
        split_by_time(shots(10), 0.1, 5)


def picture(shift: int, rng: np.random.Generator) -> np.ndarray:
    x = np.arange(64)[None] + shift
    wave = 128 + 80 * np.sin(x / 9) * np.ones((48, 1))
    return (wave[..., None] + rng.normal(0, 6, (48, 64, 3))).clip(0, 255).astype(np.uint8)


def test_noise_is_no_change_and_motion_adds_up(rng: np.random.Generator) -> None:
    still = [thumbnail(picture(0, rng)) for _ in range(9)]
    assert changed(still, 4.0) == [True] + [False] * 8
    moving = [thumbnail(picture(i, rng)) for i in range(9)]
    found = changed(moving, 12.0)
    assert found[:2] == [True, False]
    assert 2 <= sum(found) <= 5
    assert all(changed(moving, 4.0))
