from __future__ import annotations

import numpy as np
import pytest

from fastdepth_ros.offline.evaluation.bootstrap import RESAMPLES, mean_intervals


def width(values: np.ndarray, groups: list[str]) -> float:
    found = mean_intervals(values[:, None], groups)
    assert found is not None
    return found[0][1] - found[0][0]


def test_it_is_scipys_bootstrap_over_scenes(rng: np.random.Generator) -> None:
    stats = pytest.importorskip('scipy.stats')
    index = np.repeat(np.arange(20), rng.integers(1, 9, 20))
    values = rng.normal(index / 10, 0.2)
    sums, sizes = np.bincount(index, values), np.bincount(index)

    def mean(scenes: np.ndarray, axis: int) -> np.ndarray:
        return sums[scenes].sum(axis) / sizes[scenes].sum(axis)

    theirs = stats.bootstrap(
        (np.arange(20),), mean, n_resamples=RESAMPLES, method='percentile', random_state=1
    ).confidence_interval
    ours = mean_intervals(values[:, None], [f's{i}' for i in index])
    assert ours is not None
    assert ours[0] == pytest.approx(
        (theirs.low, theirs.high), abs=0.05 * (theirs.high - theirs.low)
    )


def test_more_frames_of_the_same_scenes_make_it_no_narrower(rng: np.random.Generator) -> None:
    scenes = rng.normal(0, 1, 12)
    few = width(scenes, [str(i) for i in range(12)])
    video = width(np.repeat(scenes, 50), [str(i // 50) for i in range(600)])
    as_if_independent = width(np.repeat(scenes, 50), [str(i) for i in range(600)])
    assert video == pytest.approx(few)
    assert as_if_independent < 0.3 * video


def test_the_seed_decides() -> None:
    values, groups = np.arange(10.0)[:, None], list('abcdefghij')
    assert mean_intervals(values, groups) == mean_intervals(values, groups, seed=0)
    assert mean_intervals(values, groups) != mean_intervals(values, groups, seed=1)


def test_one_scene_says_nothing() -> None:
    assert mean_intervals(np.arange(9.0)[:, None], ['official'] * 9) is None
