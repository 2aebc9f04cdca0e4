from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from fastdepth_ros.__main__ import main
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.offline.data.frames import list_frames, read_frame
from fastdepth_ros.offline.evaluation import risk as risk_module
from fastdepth_ros.offline.evaluation.evaluation import Evaluation
from fastdepth_ros.offline.evaluation.protocols import PROTOCOLS, Aligned, align, score
from fastdepth_ros.offline.evaluation.risk import COVERAGES, RiskCurves, on_truth
from fastdepth_ros.offline.evaluation.sources import ModelSource


@pytest.fixture
def noisy(rng: np.random.Generator) -> Aligned:
    """100 x 100 pixels at 2 m whose predictions are up to 60 % too far."""
    target = np.full((100, 100), 2.0, np.float32)
    return align((target * rng.uniform(1, 1.6, (100, 100))).astype(np.float32), target, 'full')


def summary(aligned: Aligned, expected: np.ndarray) -> dict:
    curves = RiskCurves('full')
    curves.add(aligned, expected.astype(np.float32))
    found = curves.summary()
    assert found is not None
    return found


def test_an_expected_error_that_is_the_true_one_is_the_oracle(noisy: Aligned) -> None:
    found = summary(noisy, np.log(noisy.prediction / noisy.target))
    for risk in ('absrel', 'delta1'):
        curve = found['metric'][risk]
        assert curve['ause'] == pytest.approx(0, abs=1e-6)
        assert curve['model'] == curve['oracle']
        assert curve['aurg'] > 0.05
    mean = found['mean_log_error']
    assert mean['expected'] == pytest.approx(mean['found'], rel=1e-4)


def test_curves_by_hand(noisy: Aligned) -> None:
    found = summary(noisy, noisy.prediction)
    error = np.sort((noisy.prediction / noisy.target - 1).ravel())
    assert found['coverage'] == pytest.approx(list(np.arange(1, 0.04, -0.05)))
    for share in (1.0, 0.9, 0.5, 0.05):
        i = found['coverage'].index(share)
        kept = error[: round(share * error.size)]
        assert found['metric']['absrel']['model'][i] == pytest.approx(kept.mean(), rel=1e-4)
        right = (1 + kept < 1.25).mean()
        assert found['metric']['delta1']['model'][i] == pytest.approx(right, abs=1e-3)
    assert found['metric']['absrel']['random'] == pytest.approx(error.mean(), rel=1e-4)
    # uniform errors up to e: the mean of the best share c is c e / 2, the gain its triangle
    assert found['metric']['absrel']['aurg'] == pytest.approx(0.6 / 2 * 0.95**2 / 2, rel=0.02)


def test_an_order_by_chance_gains_nothing(noisy: Aligned, rng: np.random.Generator) -> None:
    curve = summary(noisy, rng.uniform(0, 1, (100, 100)))['metric']['absrel']
    assert curve['aurg'] == pytest.approx(0, abs=0.01)
    assert curve['ause'] == pytest.approx(0.6 / 2 * 0.95**2 / 2, rel=0.1)


@pytest.mark.parametrize('protocol', PROTOCOLS)
def test_all_pixels_have_the_figures_of_the_protocol(
    protocol: str, rng: np.random.Generator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(risk_module, 'SAMPLED', 480 * 640)
    target = rng.uniform(1, 9.5, (480, 640)).astype(np.float32)
    prediction = rng.uniform(0.3, 3, target.shape).astype(np.float32)  # scaled, many beyond 10 m
    prediction[:, 300:310] = np.nan
    image = score(prediction, target, protocol)
    assert image is not None
    curves = RiskCurves(protocol)
    curves.add(align(prediction, target, protocol), np.ones_like(target))
    found = curves.summary()
    assert found is not None
    for kind in ('metric', 'scaled'):
        for name in ('absrel', 'delta1'):
            expected = getattr(image, kind)[name]
            assert found[kind][name]['model'][0] == pytest.approx(expected, rel=1e-9)


def test_a_threshold_is_one_for_all_images_and_each_weighs_the_same(noisy: Aligned) -> None:
    curves = RiskCurves('full')
    curves.add(noisy, np.full((100, 100), 0.1, np.float32))
    small = align(np.full((10, 10), 4.0), np.full((10, 10), 2.0), 'full')
    curves.add(small, np.full((10, 10), 0.26, np.float32))
    found = curves.summary()
    assert found is not None
    rows = {row['max_error']: row for row in found['thresholds']}
    assert (rows[0.05]['coverage'], rows[0.05]['metric']['absrel']) == (0, None)
    assert rows[0.2]['coverage'] == 0.5
    mean = float((noisy.prediction / noisy.target - 1).mean())
    assert rows[0.2]['metric']['absrel'] == pytest.approx(mean, rel=1e-4)
    assert rows[0.3]['coverage'] == 1
    assert rows[0.3]['metric']['absrel'] == pytest.approx((mean + 1) / 2, rel=1e-4)


def test_nothing_valid_is_no_image() -> None:
    curves = RiskCurves('full')
    nothing = align(np.ones((4, 4)), np.zeros((4, 4)), 'full')
    curves.add(nothing, np.ones((4, 4), np.float32))
    assert curves.summary() is None


def test_the_error_is_brought_to_the_truths_size() -> None:
    ramp = np.tile(np.arange(8, dtype=np.float32), (6, 1))
    found = on_truth(ramp, np.zeros((12, 16)))
    assert found.shape == (12, 16)
    assert (np.diff(found[0]) >= 0).all()
    assert on_truth(ramp, np.zeros((6, 8))) is ramp


def test_evaluate_tells_the_risk_of_a_model_that_tells_its_error(
    scene_root: Path,
    doubtful_onnx: Path,
    stub_onnx: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    risks = []
    for model in (doubtful_onnx, stub_onnx):
        out = tmp_path / f'{model.stem}.json'
        options = ['--model', str(model), '--json', str(out), '--threads', '1']
        assert main(['evaluate', '--data', str(scene_root), *options]) == 0
        risks.append((json.loads(out.read_text())['risk'], capsys.readouterr().out))
    (risk, printed), (none, silent) = risks
    assert none is None
    assert 'AUSE' not in silent
    assert len(risk['metric']['absrel']['model']) == len(COVERAGES)
    ause, aurg = (risk['metric']['absrel'][name] for name in ('ause', 'aurg'))
    assert f'{ause:.4f}' in next(line for line in printed.splitlines() if line[:4] == 'AUSE')
    assert ause > 0
    assert aurg == pytest.approx(
        0.05 * (19 * risk['metric']['absrel']['random'] - area(risk['metric']['absrel']['model']))
    )


def area(heights: list[float]) -> float:
    return sum(heights) - (heights[0] + heights[-1]) / 2


def test_max_error_scores_what_it_keeps_and_tells_how_much_that_is(
    scene_root: Path, doubtful_onnx: Path
) -> None:
    estimator = DepthEstimator(str(doubtful_onnx), precision='f32')
    frames = [read_frame(ref) for ref in list_frames(scene_root, 'val')]
    found = []
    for most in (0.0, 0.5):
        evaluation = Evaluation(estimator, 'full', max_error=most)
        for frame in frames:
            evaluation.add(frame)
        found.append(evaluation.summary())
    everything, kept = found
    assert (everything['coverage'], everything['max_error']) == (1, 0)
    assert 0.2 < kept['coverage'] < 0.8
    assert kept['invalid_predictions'] == 0  # left out, not wrong
    assert kept['metric']['absrel'] != everything['metric']['absrel']
    assert kept['constant']['metric']['absrel'] != everything['constant']['metric']['absrel']


def test_both_sides_of_a_flip_expect_their_error(scene_root: Path, doubtful_onnx: Path) -> None:
    frame = read_frame(list_frames(scene_root, 'val')[0])
    frame.rgb[..., :40] = 255  # brighter, and so more doubtful, at the left
    plain, flipped = (
        ModelSource(DepthEstimator(str(doubtful_onnx), precision='f32', flip=flip), 'full')
        for flip in (False, True)
    )
    plain.depth(frame, '')
    assert plain.error is not None
    expected = plain.error.copy()
    flipped.depth(frame, '')
    np.testing.assert_allclose(flipped.error, expected, atol=0.02)


@pytest.mark.parametrize(
    ('model', 'most', 'message'),
    [
        ('doubtful', '0.0001', 'max_error 0.0001 leaves out every pixel: raise it'),
        ('doubtful', '-1', 'max_error is -1.0: 0 (off) or more is needed'),
        ('stub', '0.2', "max_error is 0.2, but the model 't' does not tell its expected error"),
        ('folder', '0.2', '--max-error needs a model: stored predictions have no expected error'),
    ],
)
def test_a_limit_that_does_not_do_is_one_line(
    model: str,
    most: str,
    message: str,
    scene_root: Path,
    doubtful_onnx: Path,
    stub_onnx: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    files = {'doubtful': doubtful_onnx, 'stub': stub_onnx, 'folder': tmp_path}
    option = '--predictions' if model == 'folder' else '--model'
    options = [option, str(files[model]), '--max-error', most, '--threads', '1']
    assert main(['evaluate', '--data', str(scene_root), *options]) == 2
    assert message in capsys.readouterr().err.splitlines()[-1]
