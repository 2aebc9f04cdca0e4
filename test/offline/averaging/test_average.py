"""The mean of models: weighted, of the same kind only, and with metadata that say so."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('safetensors')

from fastdepth_ros.__main__ import main
from fastdepth_ros.errors import UserError
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.network.model_file import load_model, save_model
from fastdepth_ros.offline.averaging.mean import average


def weights(value: float) -> dict[str, np.ndarray]:
    return {'a': np.full((2, 3), value, np.float32), 'b': np.full(4, 10 * value, np.float32)}


@pytest.fixture
def files(tmp_path: Path, metadata: ModelMetadata) -> list[str]:
    paths = []
    for number, (value, farthest) in enumerate([(1.0, 10.0), (3.0, 12.0)]):
        path = tmp_path / f'{number}.safetensors'
        own = replace(
            metadata, max_depth=farthest, metrics={'delta1': 0.5}, training={'epochs': 2}
        )
        save_model(path, own, weights(value))
        paths.append(str(path))
    return paths


def test_the_mean_is_written_with_its_origin(files, tmp_path, capsys):
    out = tmp_path / 'mean.safetensors'
    assert main(['average', *files, '--weights', '3', '1', '--out', str(out), '--json']) == 0
    metadata, tensors = load_model(out)
    assert tensors['a'] == pytest.approx(np.full((2, 3), 1.5))
    assert tensors['b'] == pytest.approx(np.full(4, 15.0))
    assert metadata.max_depth == 12.0
    assert metadata.metrics == {}  # those of the first are not its own
    parts = [{'model': files[0], 'share': 0.75}, {'model': files[1], 'share': 0.25}]
    assert metadata.training == {'epochs': 2, 'mean_of': parts}
    assert json.loads(capsys.readouterr().out) == {'out': str(out), 'mean_of': parts}


def test_without_weights_all_count_the_same(files, tmp_path):
    out = tmp_path / 'mean.safetensors'
    assert main(['average', *files, '--out', str(out), '--name', 'both']) == 0
    metadata, tensors = load_model(out)
    assert metadata.name == 'both'
    assert tensors['a'] == pytest.approx(np.full((2, 3), 2.0))


def test_the_input_may_have_another_size_and_is_the_first_ones(metadata):
    larger = metadata.resized(2 * metadata.input_width, 2 * metadata.input_height)
    made, _ = average([(larger, weights(1)), (metadata, weights(2))], [1, 1])
    assert (made.input_width, made.input_height) == (larger.input_width, larger.input_height)


def test_another_focal_length_or_other_weights_are_refused(metadata):
    other = replace(metadata, fx=2 * metadata.fx)
    with pytest.raises(UserError, match='fx of model 2'):
        average([(metadata, weights(1)), (other, weights(1))], [1, 1])
    with pytest.raises(UserError, match='model 2 has other weights'):
        average([(metadata, weights(1)), (metadata, {'a': np.zeros((2, 3))})], [1, 1])


@pytest.mark.parametrize(
    ('shares', 'match'),
    [
        ([1], '1 weights for 2 models'),
        ([0, 0], 'not all 0'),
        ([2, -1], 'not all 0'),
        ([1, float('nan')], 'not all 0'),
    ],
)
def test_weights_that_do_not_fit_are_refused(metadata, shares, match):
    with pytest.raises(UserError, match=match):
        average([(metadata, weights(1))] * 2, shares)


@pytest.mark.parametrize('arguments', [['one'], ['both', '--out', 'x.onnx'], ['onnx']])
def test_users_mistakes_are_one_line(files, tmp_path, capsys, arguments):
    chosen = {'one': files[:1], 'both': files, 'onnx': [files[0], 'other.onnx']}[arguments[0]]
    out = [] if '--out' in arguments else ['--out', str(tmp_path / 'x.safetensors')]
    assert main(['average', *chosen, *arguments[1:], *out]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert not (tmp_path / 'x.safetensors').exists()


def test_the_figures_of_the_validation_split_are_kept(rgbd_folder, tmp_path, capsys):
    pytest.importorskip('torch')
    for n in range(4, 12):  # enough for a val split
        for name in ('rgb', 'depth'):
            shutil.copy(rgbd_folder / name / '0.png', rgbd_folder / name / f'{n}.png')
    out = tmp_path / 'mean.safetensors'
    arguments = ['average', 'default', 'small', '--data', str(rgbd_folder), '--out', str(out)]
    assert main([*arguments, '--json']) == 0
    told = json.loads(capsys.readouterr().out)['val']
    kept = load_model(out)[0].metrics['val']
    assert kept == told
    assert kept['split'] == 'val'
    assert kept['count'] == 2
    found = tmp_path / 'evaluate.json'
    run = ['--engine', 'torch', '--precision', 'f32', '--json', str(found)]
    assert main(['evaluate', '--model', str(out), '--data', str(rgbd_folder), *run]) == 0
    again = json.loads(found.read_text())
    assert again['metric']['delta1'] == pytest.approx(kept['metric']['delta1'], abs=1e-6)


def test_a_missing_data_root_is_told_before_anything_is_written(files, tmp_path, capsys):
    out = tmp_path / 'mean.safetensors'
    assert main(['average', *files, '--data', str(tmp_path / 'no'), '--out', str(out)]) == 2
    assert str(tmp_path / 'no') in capsys.readouterr().err
    assert not out.exists()
