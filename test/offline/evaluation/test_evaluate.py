from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from support import write_frame

from fastdepth_ros.__main__ import main
from fastdepth_ros.offline.data.frames import frame_name, list_frames, read_frame
from fastdepth_ros.offline.evaluation.metrics import METRICS

KEYS = {'protocol', 'count', 'metric', 'scaled', 'constant', 'split', 'model', 'engine'}
KEYS |= {'depth', 'precision', 'invalid_predictions', 'without_depth', 'skipped'}


def evaluate(*options: object) -> int:
    return main(['evaluate', *map(str, options), '--threads', '1'])


def fails(capsys: pytest.CaptureFixture[str], *options: object) -> str:
    """Runs a command that must exit with 2 and one line of error; returns the line."""
    assert evaluate(*options) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith('error: ')
    return error


def read(path: Path) -> Any:
    return json.loads(path.read_text())


def store_predictions(root: Path, folder: Path, factor: float) -> Path:
    """The truth times a factor, as another system's depth maps; its holes are no prediction."""
    (folder / 'official').mkdir(parents=True)
    for reference in list_frames(root, 'val'):
        name = frame_name(reference)
        np.save(folder / f'{name}.npy', read_frame(reference).depth * factor)
    return folder


def test_figures_intervals_bands_and_images(
    scene_root: Path, stub_onnx: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = ['--json', tmp_path / 'r.json', '--csv', tmp_path / 'r.csv']
    assert evaluate('--data', scene_root, '--model', stub_onnx, *files) == 0
    result = read(tmp_path / 'r.json')
    assert set(result) >= KEYS
    assert (result['count'], result['scenes'], result['model_name']) == (6, 3, 't')
    with (tmp_path / 'r.csv').open() as file:
        rows = list(csv.DictReader(file))
    assert [row['name'] for row in rows] == [f'official/0000{i}' for i in range(6)]
    assert [image['scene'] for image in result['images']] == ['room0'] * 2 + ['room1'] * 2 + [
        'room2'
    ] * 2
    for kind in ('metric', 'scaled'):
        assert set(result[kind]) == set(METRICS)
        for metric in METRICS:
            low, high = result['intervals'][kind][metric]
            assert low <= result[kind][metric] <= high
            mean = np.mean([float(row[f'{kind}_{metric}']) for row in rows])
            assert result[kind][metric] == pytest.approx(mean, rel=1e-4)
    assert [(band['from'], band['images']) for band in result['bands']][1:3] == [(1, 6), (2, 6)]
    assert sum(band['pixels'] for band in result['bands']) == pytest.approx(1)
    printed = capsys.readouterr().out
    assert '6 images of 3 scenes, protocol full, split val' in printed
    assert 'bootstrap over 3 scenes (not over images' in printed


def test_frames_of_one_scene_get_no_interval_and_are_told_why(
    data_root: Path, stub_onnx: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    json_file = tmp_path / 'r.json'
    assert evaluate('--data', data_root, '--model', stub_onnx, '--json', json_file) == 0
    assert read(json_file)['intervals'] is None
    assert '95 %: none, for all images are of one scene' in capsys.readouterr().out


def test_stored_predictions_of_another_system(
    scene_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = store_predictions(scene_root, tmp_path / 'theirs', 1.2)
    json_file = tmp_path / 'r.json'
    assert evaluate('--data', scene_root, '--predictions', folder, '--json', json_file) == 0
    result = read(json_file)
    assert result['metric']['absrel'] == pytest.approx(0.2, rel=1e-5)
    assert result['scaled']['absrel'] == pytest.approx(0, abs=1e-6)
    assert (result['engine'], result['constant']) == (None, None)
    assert f"predictions '{folder}'" in capsys.readouterr().out
    (folder / 'official/00003.npy').unlink()
    error = fails(capsys, '--data', scene_root, '--predictions', folder)
    assert '1 of 6 predictions are missing in' in error
    assert "first 'official/00003'" in error


def test_predictions_without_depth_are_wrong_and_counted(
    scene_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = store_predictions(scene_root, tmp_path / 'theirs', 1.0)
    values = np.load(folder / 'official/00002.npy')
    values[30:] = np.nan
    np.save(folder / 'official/00002.npy', values)
    json_file = tmp_path / 'r.json'
    assert evaluate('--data', scene_root, '--predictions', folder, '--json', json_file) == 0
    result = read(json_file)
    assert result['invalid_predictions'] == 30 * 80
    assert [image['invalid'] for image in result['images']] == [0, 0, 2400, 0, 0, 0]
    assert result['images'][2]['metric']['delta1'] == pytest.approx(1 - 2400 / (4800 - 36))
    assert '2400 pixels without a prediction' in capsys.readouterr().out


def test_two_results_or_two_anythings_are_compared(
    scene_root: Path, tmp_path: Path, stub_onnx: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    far = store_predictions(scene_root, tmp_path / 'far', 1.2)
    near = store_predictions(scene_root, tmp_path / 'near', 1.1)
    for folder in (far, near):
        options = ['--csv', f'{folder}.csv', '--json', f'{folder}.json']
        assert evaluate('--data', scene_root, '--predictions', folder, *options) == 0
    capsys.readouterr()
    for pair in ([f'{far}.csv', f'{near}.json'], [far, near], [f'{far}.json', near]):
        files = ['--json', tmp_path / 'c.json', '--csv', tmp_path / 'c.csv']
        assert evaluate('--compare', *pair, '--data', scene_root, *files) == 0
        found = read(tmp_path / 'c.json')
        assert found['metric']['absrel']['difference'] == pytest.approx(-0.1, abs=1e-4)
        assert found['metric']['absrel']['b_better'] == 1
        assert len((tmp_path / 'c.csv').read_text().splitlines()) == 7
        assert 'absrel      0.200    0.100   -0.1000' in capsys.readouterr().out
    again = ['--compare', f'{far}.csv', far, '--data', scene_root, '--json', tmp_path / 'c.json']
    assert evaluate(*again) == 0
    same = read(tmp_path / 'c.json')['metric']['rmse']
    assert (same['difference'], same['b_better']) == (0, 0)
    assert evaluate('--compare', far, stub_onnx, '--data', scene_root) == 0
    error = fails(capsys, '--compare', f'{far}.csv', 'default')
    assert error == "error: --data ROOT is needed to evaluate 'default'"


@pytest.mark.parametrize(
    ('option', 'value', 'key', 'said'),
    [
        ('--degrade', 'soft:2', 'degraded', 'pictures degraded by soft:2'),
        ('--aspect', '16:9', 'aspect', 'the middle 16:9 of each'),
    ],
)
def test_what_was_done_to_frames_is_said_and_only_done_for_a_model(
    option: str,
    value: str,
    key: str,
    said: str,
    scene_root: Path,
    stub_onnx: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = ['--data', scene_root]
    command = [*data, '--model', stub_onnx, '--json', tmp_path / 'r.json']
    assert evaluate(*command, option, value) == 0
    assert read(tmp_path / 'r.json')[key] == value
    assert said in capsys.readouterr().out
    assert evaluate(*command) == 0
    assert read(tmp_path / 'r.json')[key] is None
    error = fails(capsys, *data, '--predictions', tmp_path, option, value)
    assert f'{option} needs a model' in error


def test_mistakes_are_one_line(
    scene_root: Path, stub_onnx: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ['--data', scene_root]
    assert 'no train frames in' in fails(capsys, *data, '--split', 'train')
    assert '--data ROOT is needed' in fails(capsys)
    error = fails(capsys, *data, '--model', stub_onnx, '--protocol', 'eigen')
    assert 'protocol eigen is for frames of 640 x 480' in error
    folder = store_predictions(scene_root, tmp_path / 'p', 1.0)
    assert '--flip needs a model' in fails(capsys, *data, '--predictions', folder, '--flip')
    np.save(folder / 'official/00000.npy', np.ones((80, 60)))
    assert "the frame's 80 x 60 is needed" in fails(capsys, *data, '--predictions', folder)
    assert '--seed is -1: at least 0' in fails(capsys, *data, '--seed', '-1')
    with pytest.raises(SystemExit) as stop:
        evaluate(*data, '--bands', '2-1')
    assert stop.value.code == 2
    assert "'2-1' is no list of bands" in capsys.readouterr().err


def test_frames_without_depth_are_left_out_and_none_at_all_is_an_error(
    scene_root: Path, stub_onnx: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty: dict[str, Any] = {'depth': np.zeros((60, 80), np.float32)}
    write_frame(scene_root / 'val/official/00009.h5', 0, **empty)
    write_frame(tmp_path / 'empty/val/official/00000.h5', 0, **empty)
    assert evaluate('--data', scene_root, '--model', stub_onnx) == 0
    captured = capsys.readouterr()
    assert '1 images without depth' in captured.out
    assert "left out: 1 frames without valid depth, first 'official/00009'" in captured.err
    error = fails(capsys, '--data', tmp_path / 'empty', '--model', stub_onnx)
    assert 'none has any valid depth' in error


def test_protocol_eigen_on_frames_of_nyus_size(tmp_path: Path, stub_onnx: Path) -> None:
    depth = np.full((480, 640), 2.5, np.float32)
    depth[45:471, 41:601] = 1.5
    light = np.full((3, 480, 640), round(255 / 4), np.uint8)  # the stub says 0.5 + 1 m
    write_frame(tmp_path / 'root/val/official/00001.h5', 0, rgb=light, depth=depth)
    options = ['--protocol', 'eigen', '--precision', 'f32', '--json', tmp_path / 'r.json']
    assert evaluate('--data', tmp_path / 'root', '--model', stub_onnx, *options) == 0
    result = read(tmp_path / 'r.json')
    assert result['images'][0]['pixels'] == 426 * 560
    assert result['metric']['delta1'] == 1
    assert result['metric']['absrel'] < 0.01


@pytest.mark.parametrize('what', ['model', 'predictions'])
def test_it_runs_without_torch(
    what: str, scene_root: Path, stub_onnx: Path, tmp_path: Path
) -> None:
    value = stub_onnx
    if what == 'predictions':
        value = store_predictions(scene_root, tmp_path / 'p', 1.0)
    arguments = ['evaluate', '--data', str(scene_root), f'--{what}', str(value)]
    code = f"""
import sys
sys.modules['torch'] = sys.modules['torchvision'] = None
sys.modules['matplotlib'] = sys.modules['jinja2'] = None
from fastdepth_ros.__main__ import main
sys.exit(main({arguments!r}))
"""
    subprocess.run([sys.executable, '-c', code], check=True, timeout=60)
