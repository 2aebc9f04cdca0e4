from __future__ import annotations

import csv
import io

import numpy as np
import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.evaluation.comparison import (
    compare,
    comparison_table,
    differences_csv,
    verdict,
)
from fastdepth_ros.offline.evaluation.metrics import METRICS
from fastdepth_ros.offline.evaluation.protocols import Score
from fastdepth_ros.offline.evaluation.results import ImageResult, Results


def results(
    label: str, values: np.ndarray, protocol: str = 'full', start: int = 0, pixels: int = 9
) -> Results:
    """Images whose every figure is their value; two images a scene."""
    images = []
    for i, value in enumerate(map(float, values), start):
        figures = dict.fromkeys(METRICS, value)
        images.append(ImageResult(f'{i:03}', f's{i // 2}', Score(figures, figures, pixels, 0)))
    return Results(label, protocol, images)


def test_small_differences_show_when_paired(rng: np.random.Generator) -> None:
    hardness = rng.uniform(0.1, 0.9, 40)
    change = rng.normal(0.01, 0.005, 40)
    found = compare(results('a', hardness), results('b', hardness + change)).result
    delta1, rmse = found['metric']['delta1'], found['metric']['rmse']
    assert delta1['difference'] == pytest.approx(change.mean(), abs=1e-6)
    low, high = delta1['interval']
    assert 0 < low < change.mean() < high < 0.02  # the means' own intervals are 0.15 wide
    assert (verdict('delta1', delta1), verdict('rmse', rmse)) == ('better', 'worse')
    assert delta1['b_better'] == pytest.approx(np.mean(change > 0))
    assert rmse['b_better'] == pytest.approx(np.mean(change < 0))


def test_no_difference_is_called_none(rng: np.random.Generator) -> None:
    values = rng.uniform(0.1, 0.9, 30)
    noise = rng.normal(0, 0.1, 30)
    found = compare(results('a', values), results('b', values + noise - noise.mean())).result
    assert verdict('absrel', found['metric']['absrel']) == ''
    same = compare(results('a', values), results('b', values)).result['scaled']['rmse']
    assert (same['difference'], same['interval'], same['b_better']) == (0, [0, 0], 0)


def test_only_common_frames_are_compared_and_the_others_counted() -> None:
    first, second = results('a', np.ones(6)), results('b', np.full(4, 2.0), start=3)
    found = compare(first, second)
    assert [frame.name for frame in found.frames] == ['003', '004', '005']
    result = found.result
    assert (result['count'], result['only_in_a'], result['only_in_b']) == (3, 3, 1)
    assert '3 images are only in A, 1 only in B' in comparison_table(result)


def test_what_does_not_compare_is_refused() -> None:
    ones = np.ones(3)
    with pytest.raises(UserError, match=r"'a' is of protocol full, 'b' of eigen"):
        compare(results('a', ones), results('b', ones, 'eigen'))
    with pytest.raises(UserError, match=r"'a' and 'b' have no frame in common"):
        compare(results('a', ones), results('b', ones, start=7))
    with pytest.raises(UserError, match="'000' has 9 pixels in 'a' and 8 in 'b': they do not"):
        compare(results('a', ones), results('b', ones, pixels=8))


def test_one_scene_gets_no_interval_and_no_verdict() -> None:
    found = compare(results('a', np.ones(2)), results('b', np.full(2, 2.0))).result
    assert found['metric']['rmse']['interval'] is None
    assert verdict('rmse', found['metric']['rmse']) == ''
    assert 'no intervals' in comparison_table(found)


def test_the_csv_has_the_differences() -> None:
    found = compare(results('a', np.array([1.0, 2])), results('b', np.array([1.5, 1])))
    rows = list(csv.DictReader(io.StringIO(differences_csv(found).decode())))
    assert [(row['name'], float(row['metric_rmse'])) for row in rows] == [
        ('000', 0.5),
        ('001', -1),
    ]
