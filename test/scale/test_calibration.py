from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import examples

from fastdepth_ros.errors import UserError
from fastdepth_ros.scale.calibration import KIND, ScaleCalibration

Pairs = list[tuple[np.ndarray, np.ndarray]]


def frames(count: int = 40, factor: float = 1.4, power: float = 1.0, noise: float = 0.05) -> Pairs:
    """(predicted, true) of which true = factor * predicted ** power, with noise and outliers."""
    rng = np.random.default_rng(0)
    pairs = []
    for _ in range(count):
        predicted = rng.uniform(0.5, 6, 150)
        true = factor * predicted**power * np.exp(noise * rng.standard_normal(150))
        true[::20] = rng.uniform(0.3, 10, 8)
        pairs.append((predicted, true))
    return pairs


def applied(calibration: ScaleCalibration, *depth: float) -> np.ndarray:
    image = np.array([depth], np.float32)
    return calibration.apply(image, np.empty_like(image))[0]


@settings(deadline=None, max_examples=examples(15))
@given(st.floats(0.3, 3))
def test_any_factor_is_recovered(factor: float) -> None:
    calibration = ScaleCalibration.fit(frames(8, factor))
    assert calibration.factor == pytest.approx(factor, rel=0.02)
    assert applied(calibration, 2.0)[0] == pytest.approx(2 * factor, rel=0.02)


def test_where_a_factor_does_there_is_no_curve() -> None:
    calibration = ScaleCalibration.fit(frames(), 'front', 'default')
    assert calibration.curve == ()
    assert (calibration.camera, calibration.model) == ('front', 'default')
    assert calibration.frames == 40
    assert 0.03 < calibration.residual < 0.15


def test_a_bent_relation_gets_a_curve_and_few_frames_do_not() -> None:
    calibration = ScaleCalibration.fit(frames(power=0.7))
    assert calibration.curve
    found = applied(calibration, 0.8, 1.5, 3.0, 5.0)
    assert found == pytest.approx(1.4 * np.array([0.8, 1.5, 3.0, 5.0]) ** 0.7, rel=0.03)
    assert ScaleCalibration.fit(frames(10, power=0.7)).curve == ()


def test_a_curve_never_folds_depth() -> None:
    rng = np.random.default_rng(1)
    pairs = [(rng.uniform(0.5, 6, 150), rng.uniform(0.5, 6, 150)) for _ in range(40)]
    pairs = [(p, np.where(p < 2, 4 - p, p)) for p, _ in pairs]  # a relation that does fold
    calibration = ScaleCalibration.fit(pairs)
    found = applied(calibration, *np.linspace(0.3, 9, 200))
    assert (np.diff(found) > 0).all()


def test_it_is_applied_in_place_nan_stays_and_beyond_its_ends_the_factor_stays() -> None:
    calibration = ScaleCalibration(1.0, ((1.0, 2.0), (4.0, 4.0)))
    depth = np.array([[0.1, 0.5, 1.0, 2.0, 4.0, 8.0, np.nan]], np.float32)
    assert calibration.apply(depth, depth) is depth
    assert depth[0, :-1] == pytest.approx([0.2, 1.0, 2.0, 8**0.5, 4.0, 8.0], rel=0.005)
    assert np.isnan(depth[0, -1])


def test_a_saved_one_is_the_same(tmp_path: Path) -> None:
    path = tmp_path / 'scale.yaml'
    calibration = ScaleCalibration(1.25, ((1.0, 1.5), (4.0, 4.5)), 'front', 'default', 40, 0.08)
    calibration.save(path)
    assert ScaleCalibration.load(path) == calibration


@pytest.mark.parametrize(
    ('text', 'said'),
    [
        ('a: [', 'is no YAML'),
        ('[1, 2]', f'has no .kind: {KIND}'),
        ('factor: 1', f'has no .kind: {KIND}'),
        (f'kind: {KIND}\n', 'factor is a number'),
        (f'kind: {KIND}\nfactor: big', 'factor is a number'),
        (f'kind: {KIND}\nfactor: 0', 'factor is 0'),
        (f'kind: {KIND}\nfactor: -2', 'factor is -2'),
        (f'kind: {KIND}\nfactor: .nan', 'factor is nan'),
        (f'kind: {KIND}\nfactor: 1\ncurve: 7', 'factor is a number'),
        (f'kind: {KIND}\nfactor: 1\ncurve: [[1, 2]]', 'that rise'),
        (f'kind: {KIND}\nfactor: 1\ncurve: [[1, 2], [2, 1]]', 'that rise'),
        (f'kind: {KIND}\nfactor: 1\ncurve: [[-1, 2], [2, 3]]', 'that rise'),
        (f'kind: {KIND}\nfactor: 1\ncurve: [[1, 2], [2, .inf]]', 'that rise'),
    ],
)
def test_a_bad_file_gets_one_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / 'scale.yaml'
    path.write_text(text)
    with pytest.raises(UserError, match=said) as caught:
        ScaleCalibration.load(path)
    assert str(path) in str(caught.value)
    assert '\n' not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='no.yaml'):
        ScaleCalibration.load(tmp_path / 'no.yaml')


@pytest.mark.parametrize(
    'pairs',
    [
        [],
        [(np.ones(3), np.ones(3))],
        [(np.full(99, np.nan), np.ones(99))],
        [(np.ones(99), np.zeros(99))],
    ],
)
def test_nothing_to_calibrate_from_is_said(pairs: Pairs) -> None:
    with pytest.raises(UserError, match='nothing to calibrate from'):
        ScaleCalibration.fit(pairs)
