from __future__ import annotations

import json
from typing import Any

import cv2
import numpy as np
import pytest

from fastdepth_ros.demo.figures import (
    Accuracy,
    FrameCount,
    Sample,
    SpreadSamples,
    measure_accuracy,
)
from fastdepth_ros.demo.picture import draw_sample
from fastdepth_ros.demo.report import Model, Run, to_json, to_table

IMAGE = np.full((48, 64, 3), 90, np.uint8)


def sample(factor: float = 1.0, truth: bool = True) -> Sample:
    """Depth that is `factor` times the truth, a ramp from 1 to 3 m with a hole."""
    ramp = np.repeat(np.linspace(1, 3, 64, dtype=np.float32)[None], 48, axis=0)
    hole = ramp.copy()
    hole[:5] = np.nan
    return Sample(IMAGE, factor * ramp, hole if truth else None)


def figures(samples: list[Sample], constant: float | None) -> Accuracy:
    accuracy = measure_accuracy(samples, constant)
    assert accuracy is not None
    return accuracy


def metric(summary: Any) -> dict[str, float]:
    return summary['metric']


def test_frames_without_depth_are_lost_once_a_later_one_has_it() -> None:
    count = FrameCount()
    count.published(1)  # before the first depth: the node was not there yet
    count.answered(2)
    for stamp in (1, 2, 3, 3, 4, 5):
        count.published(stamp)
    assert count.lost == 0
    count.answered(5)
    assert count.lost == 2
    count.answered(4)  # late, but there
    count.published(5)
    assert (count.lost, count.answers) == (1, 3)


def test_samples_are_spread_over_an_endless_run() -> None:
    samples = SpreadSamples(limit=8)
    numbered = [Sample(IMAGE, np.full((1, 1), n, np.float32), None) for n in range(1000)]
    for one in numbered:
        samples.add(one)
    kept = [int(one.depth[0, 0]) for one in samples.kept]
    assert 4 < len(kept) <= 8
    assert len(set(np.diff(kept))) == 1
    assert kept[0] == 0
    assert kept[-1] > 750


def test_perfect_depth_scores_perfectly_beside_a_constant() -> None:
    accuracy = figures([sample(), sample()], constant=2.0)
    assert accuracy.network['count'] == 2
    assert metric(accuracy.network)['delta1'] == 1
    assert metric(accuracy.network)['absrel'] == pytest.approx(0, abs=1e-6)
    assert 0.3 < metric(accuracy.constant)['delta1'] < 0.7
    assert metric(accuracy.constant)['absrel'] > 0.2


def test_depth_of_a_wrong_scale_is_right_when_scaled() -> None:
    network: Any = figures([sample(1.5)], constant=None).network
    assert network['metric']['absrel'] == pytest.approx(0.5, rel=1e-4)
    assert network['scaled']['absrel'] == pytest.approx(0, abs=1e-4)


def test_the_typical_sample_is_the_median_one() -> None:
    samples = [sample(factor) for factor in (3.0, 1.1, 1.0)]
    assert figures(samples, None).typical is samples[1]


def test_no_truth_no_accuracy() -> None:
    assert measure_accuracy([sample(truth=False)], 2.0) is None
    blind = Sample(IMAGE, np.ones((4, 4), np.float32), np.full((4, 4), np.nan, np.float32))
    assert measure_accuracy([blind], 2.0) is None


@pytest.mark.parametrize('truth', [True, False])
def test_the_picture_has_a_panel_for_each(truth: bool) -> None:
    data = np.frombuffer(draw_sample(sample(truth=truth)), np.uint8)
    picture = cv2.imdecode(data, cv2.IMREAD_COLOR)
    assert picture is not None
    panel, gap, bar = 640, 6, 90
    assert picture.shape[1] == (3 if truth else 2) * (panel + gap) + bar
    assert picture[300, 100].tolist() == [90, 90, 90]
    left, right = picture[300, panel + gap + 20], picture[300, 2 * panel + gap - 20]
    assert left[1] < right[1]  # farther to the right, so greener


RUN = Run(20.0, 14.9, 12.3, 34.5, 0.21, 298, 2)
MODEL = Model('default', 'openvino', 'bf16', 1, 2.0)


def test_the_report_says_everything() -> None:
    accuracy = figures([sample(1.5)], constant=2.0)
    values = json.loads(json.dumps(to_json('room', MODEL, RUN, accuracy), allow_nan=False))
    assert values['latency_p95_ms'] == 34.5
    assert values['accuracy']['network']['metric']['absrel'] == pytest.approx(0.5, rel=1e-4)
    table = to_table('room', MODEL, RUN, accuracy)
    for words in ('14.9 Hz', '2 frames lost', 'p95 34.5', '21 %', 'openvino bf16', '1 thread\n'):
        assert words in table
    network, constant = table.splitlines()[-2:]
    assert network.split()[2:] == ['0.500', '1.000', '0.000']
    assert constant.startswith('constant 2.00 m')
    assert max(map(len, table.splitlines())) <= 80


def test_the_report_does_without_truth_and_without_baseline() -> None:
    assert to_json('video.mp4', MODEL, RUN, None)['accuracy'] is None
    assert 'not measured' in to_table('video.mp4', MODEL, RUN, None)
    assert 'constant' not in to_table('room', MODEL, RUN, figures([sample()], None))
