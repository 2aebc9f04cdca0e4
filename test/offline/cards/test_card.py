from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import yaml
from support import write_frame

pytest.importorskip('matplotlib')
pytest.importorskip('jinja2')
pytest.importorskip('safetensors')

from fastdepth_ros.__main__ import main
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.network.model_file import save_model
from fastdepth_ros.offline.cards.facts import caveats, read_model
from fastdepth_ros.offline.evaluation.metrics import METRICS

RECIPE = {'network': 'fastdepth', 'epochs': 3, 'best_by': 'delta1', 'lr': 0.01, 'name': 't'}
VALIDATION = {
    'protocol': 'full',
    'count': 6,
    'split': 'val',
    'epoch': 3,
    'engine': 'torch',
    'precision': 'f32',
    'metric': {'delta1': 0.5, 'absrel': 0.25, 'rmse': 0.75},
    'scaled': {'delta1': 0.625, 'absrel': 0.125, 'rmse': 0.5},
}


@pytest.fixture
def run(tmp_path: Path, metadata: ModelMetadata) -> Path:
    """A run's folder: best.safetensors of the model 't', and log.csv."""
    training = {'data': 'rooms', 'frames': 77, 'median_depth': 2.0, 'recipe': RECIPE}
    told = replace(metadata, licence='CC0', training=training, metrics={'val': VALIDATION})
    save_model(tmp_path / 'run/best.safetensors', told, {'w': np.zeros((2, 2), np.float32)})
    head = ['epoch', 'loss', *(f'{k}_{m}' for k in ('metric', 'scaled') for m in METRICS)]
    rows = [[epoch] + [1 / epoch] * (len(head) - 1) for epoch in (1, 2, 3)]
    lines = [','.join(map(str, row)) for row in [head, *rows]]
    (tmp_path / 'run/log.csv').write_text('\n'.join(lines) + '\n')
    return tmp_path / 'run'


@pytest.fixture
def result(data_root: Path, stub_onnx: Path, tmp_path: Path) -> Path:
    """What evaluate says of the model 't': three images of one scene."""
    path = tmp_path / 'val.json'
    options = ['--model', str(stub_onnx), '--threads', '1', '--json', str(path)]
    assert main(['evaluate', '--data', str(data_root), *options]) == 0
    return path


def card(tmp_path: Path, *options: object) -> str:
    out = tmp_path / 'card' / 'CARD.md'
    assert main(['card', *map(str, options), '--out', str(out)]) == 0
    return out.read_text()


def fails(capsys: pytest.CaptureFixture[str], tmp_path: Path, *options: object) -> str:
    assert main(['card', *map(str, options), '--out', str(tmp_path / 'CARD.md')]) == 2
    assert not (tmp_path / 'CARD.md').exists()
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith('error: ')
    return error


def test_a_card_has_the_facts_of_the_run(run: Path, result: Path, tmp_path: Path) -> None:
    text = card(tmp_path, run, '--results', result)
    for words in (
        '# Model card: t',
        '96 x 64 RGB',
        'f = 80.0 px',
        '| licence | CC0 |',
        '- data: rooms',
        '- frames: 77',
        'validation in training | full | torch f32 | 6 |  | 0.500 | 0.250 | 0.750 | 0.625 |',
        'root, val (`val.json`) | full |',
        'chosen by its delta1 on 6 validation images',
        'Epoch 3 of 3 was the best',
        '`val.json` is one scene as far as the frames say',
    ):
        assert words in text
    config = yaml.safe_load(text.split('```yaml\n')[1].split('```')[0])
    assert config == {k: v for k, v in RECIPE.items() if k != 'name'}
    figures = json.loads(result.read_text())
    assert f'| {figures["metric"]["delta1"]:.3f} | {figures["metric"]["absrel"]:.3f} |' in text
    assert f'| {figures["constant"]["metric"]["delta1"]:.3f} |' in text


def test_its_plots_lie_beside_it(run: Path, result: Path, tmp_path: Path) -> None:
    text = card(tmp_path, run, '--results', result)
    plots = sorted((tmp_path / 'card/CARD_plots').iterdir())
    names = ['distances1.svg', 'images1.svg', 'training.svg']
    assert [plot.name for plot in plots] == names
    for plot in plots:
        assert f'](CARD_plots/{plot.name})' in text
        assert ElementTree.parse(plot).getroot().tag.endswith('svg')


def test_intervals_stand_beside_their_figures(
    run: Path, result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = json.loads(result.read_text())
    interval = {m: [0.1, 0.9] for m in METRICS}
    figures |= {'scenes': 40, 'count': 60, 'intervals': {'metric': interval, 'scaled': interval}}
    result.write_text(json.dumps(figures))
    text = card(tmp_path, run, '--results', result)
    assert f'{figures["metric"]["delta1"]:.3f} (0.100 to 0.900)' in text
    assert 'are few' not in text
    assert 'warning' not in capsys.readouterr().err


def test_an_onnx_file_without_results_makes_a_card_that_says_so(
    stub_onnx: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    notes = tmp_path / 'notes.md'
    notes.write_text('**Good for**: tests.\n')
    text = card(tmp_path, stub_onnx, '--notes', notes)
    assert '**Good for**: tests.' in text
    assert 'none named' in text
    assert 'The model file does not say how it was trained.' in text
    assert 'None was measured.' in text
    warnings = capsys.readouterr().err
    assert 'names no licence' in warnings
    assert 'no --results' in warnings


def model_result(**changes: Any) -> dict[str, Any]:
    """A flattering result, but for what is changed."""
    figures = {'delta1': 0.9, 'delta2': 0.9, 'delta3': 0.9, 'absrel': 0.1, 'rmse': 0.2}
    worse = {'delta1': 0.3, 'delta2': 0.3, 'delta3': 0.3, 'absrel': 0.5, 'rmse': 0.9}
    band = {'from': 0, 'to': 1, 'images': 5, 'metric': figures}
    return {
        'file': 'x.json',
        'split': 'val',
        'scenes': 50,
        'count': 500,
        'precision': 'f32',
        'invalid_predictions': 0,
        'bands': [band],
        'metric': figures,
        'constant': {'depth': 2.0, 'metric': worse},
        **changes,
    }


def test_nothing_is_said_against_a_result_without_fault(run: Path) -> None:
    model = read_model(run / 'best.safetensors', None)
    assert not [line for line in caveats(model, [model_result()]) if 'x.json' in line]


def test_frames_that_training_left_out_are_not_said_to_be_learned_from(run: Path) -> None:
    model = read_model(run / 'best.safetensors', None)
    lines = caveats(model, [model_result(split='holdout')])
    assert not [line for line in lines if 'learned from it' in line]


@pytest.mark.parametrize(
    ('changes', 'words'),
    [
        ({'split': 'train'}, 'split train: the network learned from it'),
        ({'split': 'all'}, 'split all: the network learned from it'),
        ({'scenes': 1}, 'one scene as far as'),
        ({'scenes': 4, 'count': 7}, '7 images of 4 scenes, which are few'),
        ({'invalid_predictions': 12}, '12 pixels got no depth'),
        ({'precision': 'bf16'}, 'measured in bf16; the validation in training in f32'),
        (
            {'bands': [{'from': 4, 'to': 10, 'images': 3, 'metric': {'delta1': 0.404}}]},
            'from 4 to 10 m only 40 % of the pixels',
        ),
        (
            {'metric': {**model_result()['metric'], 'delta1': 0.2, 'rmse': 0.9}},
            'no better than 2.0 m everywhere by delta1, rmse',
        ),
    ],
)
def test_what_weakens_a_result_is_said(run: Path, changes: dict[str, Any], words: str) -> None:
    model = read_model(run / 'best.safetensors', None)
    assert words in ' '.join(caveats(model, [model_result(**changes)]))


def test_mistakes_are_one_line(
    run: Path, result: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert 'has no best.safetensors' in fails(capsys, tmp_path, tmp_path)
    assert 'does not exist' in fails(capsys, tmp_path, tmp_path / 'gone.safetensors')
    assert 'cannot read the notes' in fails(capsys, tmp_path, run, '--notes', tmp_path / 'n.md')
    other = json.loads(result.read_text()) | {'model_name': 'theirs'}
    result.write_text(json.dumps(other))
    error = fails(capsys, tmp_path, run, '--results', result)
    assert "is of the model 'theirs', the card of 't'" in error
    result.write_text('{}')
    assert 'is not a result of evaluate' in fails(capsys, tmp_path, run, '--results', result)
    log = (run / 'log.csv').read_text()
    (run / 'log.csv').write_text(log.replace('0.5', 'much'))
    assert 'is not the log of a run' in fails(capsys, tmp_path, run)


def test_a_log_that_stops_in_the_middle_is_drawn_so_far(run: Path, tmp_path: Path) -> None:
    lines = (run / 'log.csv').read_text().splitlines()
    (run / 'log.csv').write_text('\n'.join([*lines[:3], '3,0.1']) + '\n')
    assert 'CARD_plots/training.svg' in card(tmp_path, run)
    assert [row['epoch'] for row in read_model(run / 'best.safetensors', run / 'log.csv').log] == [
        1,
        2,
    ]


def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(['card', '--help'])
    assert stop.value.code == 0
    assert 'examples:\n  python -m fastdepth_ros' in capsys.readouterr().out


def test_a_result_of_stored_predictions_is_no_result_of_a_model(
    run: Path, data_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for i in range(3):
        np.save(tmp_path / f'0000{i}.npy', np.ones((60, 80)))
    write_frame(data_root / 'val/official/00000.h5')
    options = ['--predictions', str(tmp_path), '--json', str(tmp_path / 'r.json')]
    assert main(['evaluate', '--data', str(data_root), *options]) == 0
    error = fails(capsys, tmp_path, run, '--results', tmp_path / 'r.json')
    assert 'is not of a model' in error
