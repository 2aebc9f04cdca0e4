from __future__ import annotations

import numpy as np
import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.evaluation.metrics import METRICS, depth_metrics, mean_metrics
from fastdepth_ros.offline.evaluation.protocols import score, summarise


def test_metrics_by_hand() -> None:
    prediction, target = np.array([1.0, 2.0, 6.0, 9.0]), np.array([1.0, 4.0, 4.0, 1.0])
    found = depth_metrics(prediction, target, np.array([True, True, True, False]))
    assert found == pytest.approx(
        {
            'rmse': np.sqrt(8 / 3),
            'mae': 4 / 3,
            'absrel': (0.5 + 0.5) / 3,
            'sqrel': (4 / 4 + 4 / 4) / 3,
            'log10': (np.log10(2) + np.log10(1.5)) / 3,
            'irmse': np.sqrt((1 / 4**2 + 1 / 12**2) / 3),  # 1/2 - 1/4, 1/6 - 1/4
            'silog': np.std([0, np.log(0.5), np.log(1.5)]),
            'delta1': 1 / 3,
            'delta2': 2 / 3,  # 1.5 < 1.5625
            'delta3': 2 / 3,
        }
    )
    assert set(found) == set(METRICS)


def test_images_are_averaged_and_not_pooled() -> None:
    small = depth_metrics(np.full(1, 2.0), np.full(1, 1.0), np.ones(1, bool))
    large = depth_metrics(np.full(99, 1.0), np.full(99, 1.0), np.ones(99, bool))
    assert mean_metrics([small, large])['mae'] == 0.5


def test_full_masks_resizes_and_clamps() -> None:
    target = np.full((4, 8), 8.0, np.float32)
    target[0] = [0, 1e-3, 10, 11, np.nan, np.inf, -1, 8]  # only the last one is valid
    found = score(np.full((2, 4), 50.0, np.float32), target, 'full')
    assert found is not None
    assert found.metric['mae'] == pytest.approx(2.0)  # 50 m is clamped to 10
    assert found.scaled['mae'] == pytest.approx(0.0)
    assert found.invalid == 0


def test_the_resize_is_bilinear() -> None:
    prediction = np.array([[1.0, 3.0]], np.float32)
    target = np.array([[1.0, 1.5, 2.5, 3.0]], np.float32)  # half-pixel centres
    found = score(prediction, target, 'full')
    assert found is not None
    assert found.metric['mae'] == pytest.approx(0, abs=1e-6)


@pytest.mark.parametrize('protocol', ['full', 'fastdepth'])
def test_predictions_that_are_no_depth_count_as_wrong(protocol: str) -> None:
    target = np.full((1, 8), 2.0, np.float32)
    prediction = np.array([[2, 2, 2, 2, np.nan, np.inf, 0, -3]], np.float32)
    found = score(prediction, target, protocol)
    assert found is not None
    assert found.invalid == 4
    assert found.metric['delta3'] == found.scaled['delta3'] == 0.5
    assert found.metric['absrel'] == pytest.approx(0.5, abs=1e-3)
    assert all(np.isfinite(list(found.metric.values())))


def test_a_prediction_of_nothing_is_all_wrong() -> None:
    found = score(np.full((2, 2), np.nan, np.float32), np.ones((2, 2), np.float32), 'full')
    assert found is not None
    assert (found.metric['delta3'], found.scaled['delta3'], found.invalid) == (0, 0, 4)


def test_fastdepth_counts_all_measured_depth_and_does_not_clamp() -> None:
    target = np.array([[0.0, 20.0, 30.0]], np.float32)
    found = score(np.array([[5.0, 20.0, 60.0]], np.float32), target, 'fastdepth')
    assert found is not None
    assert found.metric['mae'] == 15


def test_scaled_asks_only_for_structure(rng: np.random.Generator) -> None:
    target = rng.uniform(1, 3, (20, 20)).astype(np.float32)
    found = score(target * 1.7, target, 'full')
    assert found is not None
    assert found.metric['delta1'] == 0
    assert found.scaled['rmse'] == pytest.approx(0, abs=1e-6)


def test_no_truth_is_no_score_and_an_unknown_protocol_is_refused() -> None:
    zeros = np.zeros((3, 3), np.float32)
    assert score(zeros + 1, zeros, 'full') is None
    with pytest.raises(
        UserError, match="unknown protocol 'eigen2': choose one of fastdepth, full, eigen"
    ):
        score(zeros, zeros, 'eigen2')


def test_the_summary_has_the_promised_keys() -> None:
    found = score(np.ones((2, 2), np.float32), np.ones((2, 2), np.float32), 'full')
    assert found is not None
    summary = summarise([found, found], 'full')
    assert (summary['protocol'], summary['count']) == ('full', 2)
    assert set(summary['metric']) == set(summary['scaled']) == set(METRICS)
