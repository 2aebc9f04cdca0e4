from __future__ import annotations

import csv
import json
import math
import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('torchvision')

from support import write_frame  # noqa: E402

from fastdepth_ros.__main__ import main  # noqa: E402
from fastdepth_ros.errors import UserError  # noqa: E402
from fastdepth_ros.network.config import NAMED_CONFIGS  # noqa: E402
from fastdepth_ros.network.model_file import load_model  # noqa: E402
from fastdepth_ros.offline.evaluation.metrics import METRICS  # noqa: E402
from fastdepth_ros.offline.training.logs import write_log  # noqa: E402
from fastdepth_ros.offline.training.optimization import rate_factor  # noqa: E402
from fastdepth_ros.offline.training.run_config import RunConfig  # noqa: E402

SMALL = ['--input-width', '64', '--input-height', '64', '--workers', '0', '--batch-size', '3']
OWN_SIZE = ['--input-width', '0', '--input-height', '0']  # that of the model of --init
SMALL += ['--threads', '1']  # two that wait for each other are slow on a busy machine


def train(data: Path, out: Path, *options: str) -> int:
    return main(['train', '--data', str(data), '--out', str(out), *SMALL, *options])


def test_a_run_from_data_to_evaluation(
    data_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = tmp_path / 'run'
    assert train(data_root, run, '--epochs', '2', '--json', '--name', 'mine') == 0
    printed = json.loads(capsys.readouterr().out)
    files = ['best.safetensors', 'config.yaml', 'last.safetensors', 'log.csv', 'result.json']
    assert sorted(p.name for p in run.iterdir()) == files
    with (run / 'log.csv').open() as file:
        rows = list(csv.DictReader(file))
    assert [row['epoch'] for row in rows] == ['1', '2']
    best = min(rows, key=lambda row: float(row['metric_rmse']))
    assert printed['epoch'] == int(best['epoch'])
    metadata, _ = load_model(run / 'best.safetensors')
    assert (metadata.name, metadata.input_width, metadata.mean) == ('mine', 64, (0, 0, 0))
    assert metadata.metrics['val']['epoch'] == printed['epoch']
    assert 1 < metadata.training['median_depth'] < 4
    result = tmp_path / 'result.json'
    model = str(run / 'best.safetensors')
    options = ['--model', model, '--protocol', 'fastdepth', '--precision', 'f32']
    assert main(['evaluate', '--data', str(data_root), *options, '--json', str(result)]) == 0
    found = json.loads(result.read_text())
    for kind in ('metric', 'scaled'):
        assert set(found[kind]) == set(METRICS)
        # the file's weights are float16; the run validated the float32 ones
        assert found[kind]['rmse'] == pytest.approx(printed[kind]['rmse'], rel=0.02)
    assert (found['protocol'], found['count'], found['split']) == ('fastdepth', 3, 'val')
    assert found['constant']['depth'] == metadata.training['median_depth']
    assert 0 < found['constant']['metric']['delta1'] < 1


def test_training_learns_the_depth_of_the_training_camera(data_root: Path, tmp_path: Path) -> None:
    options = ['--network', 'fastdepth_log', '--optimizer', 'adamw', '--lr', '0.002']
    options += ['--epochs', '12', '--protocol', 'full', '--transform', 'full', '--ema', '0.5']
    assert train(data_root, tmp_path / 'run', *options) == 0
    with (tmp_path / 'run' / 'log.csv').open() as file:
        losses = [float(row['loss']) for row in csv.DictReader(file)]
    assert min(losses[-3:]) < 0.7 * losses[0]


@pytest.mark.parametrize('loss', ['l2', 'silog=1,gradient=0.1'])
def test_the_config_of_a_run_repeats_it(loss: str, data_root: Path, tmp_path: Path) -> None:
    options = ['--loss', loss, '--epochs', '1', '--seed', '7']
    assert train(data_root, tmp_path / 'first', *options) == 0
    again = ['--config', str(tmp_path / 'first' / 'config.yaml')]
    data = ['--data', str(data_root), '--out', str(tmp_path / 'second')]
    assert main(['train', *data, *again]) == 0
    first = load_model(tmp_path / 'first' / 'last.safetensors')
    second = load_model(tmp_path / 'second' / 'last.safetensors')
    assert first[0] == second[0]
    for name, tensor in first[1].items():
        np.testing.assert_allclose(tensor, second[1][name], rtol=1e-3, atol=1e-4)


def test_fine_tuning_keeps_architecture_input_and_camera(
    data_root: Path, tmp_path: Path, untrained_model: Path
) -> None:
    options = [*OWN_SIZE, '--init', str(untrained_model), '--epochs', '1', '--lr', '0.0']
    assert train(data_root, tmp_path / 'run', *options) == 0
    before, tensors = load_model(untrained_model)
    after, trained = load_model(tmp_path / 'run' / 'last.safetensors')
    assert (after.network, after.fx) == (before.network, before.fx)
    assert (after.input_width, after.input_height) == (before.input_width, before.input_height)
    # a learning rate of 0 moves BatchNorm's statistics only
    np.testing.assert_array_equal(trained['conv3.0.weight'], tensors['conv3.0.weight'])


def test_a_model_without_an_error_head_goes_on_with_a_new_one_and_it_is_told(
    data_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ['--epochs', '1', '--lr', '0.0', '--network']
    assert train(data_root, tmp_path / 'old', *options, 'lite0_shuffle') == 0
    old = tmp_path / 'old' / 'last.safetensors'
    capsys.readouterr()
    assert (
        train(data_root, tmp_path / 'new', *options, 'lite0_shuffle_error', '--init', str(old))
        == 0
    )
    told = (
        f"--init '{old}' lacks decode_conv6.0.smooth.weight, decode_error.bias, decode_error.wei"
    )
    assert told in capsys.readouterr().err
    before, tensors = load_model(old)
    after, trained = load_model(tmp_path / 'new' / 'last.safetensors')
    assert after.network == replace(before.network, smooth=True, error=True)
    assert after.network == NAMED_CONFIGS['lite0_shuffle_error']
    np.testing.assert_array_equal(
        trained['conv3.layers.0.weight'], tensors['conv3.layers.0.weight']
    )
    assert trained['decode_error.bias'] == pytest.approx(math.log(0.1))
    with (tmp_path / 'new' / 'log.csv').open() as file:
        (row,) = csv.DictReader(file)
    assert float(row['expected_error_expected']) == pytest.approx(0.1, rel=0.3)
    assert float(row['expected_error_ause']) > 0
    # what has the heads keeps them, and says nothing
    new, out = str(tmp_path / 'new' / 'last.safetensors'), tmp_path / 'again'
    assert train(data_root, out, '--epochs', '1', '--init', new, '--lr', '0.0') == 0
    assert load_model(out / 'last.safetensors')[0].network == after.network
    assert 'lacks' not in capsys.readouterr().err


def test_a_log_that_an_older_version_began_goes_on_with_what_is_new(tmp_path: Path) -> None:
    figures = {'epoch': 1, 'loss': 0.5, 'lr': 0.1, 'metric': {'rmse': 1.0}, 'scaled': {}}
    write_log(tmp_path / 'log.csv', [figures, {**figures, 'expected_error': {'ause': 0.1}}])
    with (tmp_path / 'log.csv').open() as file:
        assert [row['expected_error_ause'] for row in csv.DictReader(file)] == ['', '0.1']


def test_another_networks_weights_are_not_given_an_error_head(
    data_root: Path, tmp_path: Path, untrained_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ['--init', str(untrained_model), '--network', 'lite0_shuffle_error']
    options += OWN_SIZE
    arguments = ['--data', str(data_root), '--out', str(tmp_path / 'run'), *SMALL, *options]
    error = run_fails(capsys, 'train', *arguments)
    assert f"--init '{untrained_model}' is another network than 'lite0_shuffle_error'" in error


def test_a_model_keeps_its_network(
    data_root: Path, tmp_path: Path, untrained_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    init = ['--init', str(untrained_model), '--network', 'lite0_log']
    arguments = ['--data', str(data_root), '--out', str(tmp_path / 'no'), *SMALL, *init]
    assert "is another network than 'lite0_log'" in run_fails(capsys, 'train', *arguments)


@pytest.mark.parametrize(
    ('options', 'width', 'height'),
    [([], 0, 0), (['--input-width', '64'], 64, 0), (['--input-height', '128'], 0, 128)],
)
def test_a_model_keeps_its_input_unless_another_is_asked_for_and_the_recipe_says_so(
    options: list[str],
    width: int,
    height: int,
    data_root: Path,
    tmp_path: Path,
    untrained_model: Path,
) -> None:
    before, _ = load_model(untrained_model)
    asked = [*OWN_SIZE, *options, '--init', str(untrained_model), '--epochs', '1']
    assert train(data_root, tmp_path / 'run', *asked) == 0
    after, _ = load_model(tmp_path / 'run' / 'last.safetensors')
    recipe = after.training['recipe']
    expected = width or before.input_width, height or before.input_height
    assert NAMED_CONFIGS[recipe['network']] == before.network
    assert (recipe['input_width'], recipe['input_height']) == expected
    assert (after.input_width, after.input_height) == expected
    assert (after.fx, after.fy) == (before.fx, before.fy)


@pytest.mark.parametrize('transform', ['fastdepth', 'full'])
def test_a_cache_changes_nothing_that_is_learned(
    transform: str, data_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ['--epochs', '2', '--transform', transform]
    cache = ['--cache', str(tmp_path / 'cache')]
    for run, extra in (('plain', []), ('first', cache), ('second', cache)):
        assert train(data_root, tmp_path / run, *options, *extra) == 0
    logs = [(tmp_path / run / 'log.csv').read_text() for run in ('plain', 'first', 'second')]
    assert logs[0] == logs[1] == logs[2]
    assert len(list((tmp_path / 'cache').iterdir())) == 6
    assert 'stale' not in capsys.readouterr().err
    metadata, _ = load_model(tmp_path / 'second' / 'last.safetensors')
    assert 'cache' not in metadata.training['recipe']


def test_a_cache_that_cannot_be_is_told_even_when_bad_frames_are_skipped(
    data_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / 'file').write_text('')
    arguments = ['--data', str(data_root), '--out', str(tmp_path / 'run'), *SMALL, '--skip-bad']
    error = run_fails(capsys, 'train', *arguments, '--cache', str(tmp_path / 'file'))
    assert f"cannot use the cache '{tmp_path}/file'" in error


def run_fails(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """Runs a command that must exit with 2 and one line of error; returns the line."""
    assert main(list(arguments)) == 2
    *_, last = capsys.readouterr().err.strip().splitlines()
    assert last.startswith('error: ')
    return last


def test_a_bad_frame_is_refused_or_skipped_as_asked(
    data_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data_root / 'train/room0/00099.h5').write_bytes(b'not HDF5')
    (data_root / 'val/official/00099.h5').write_bytes(b'')
    data, out = ['--data', str(data_root)], str(tmp_path / 'run')
    error = run_fails(capsys, 'train', *data, '--out', out, *SMALL, '--epochs', '1')
    assert '00099.h5' in error
    assert '--skip-bad' in error
    assert train(data_root, tmp_path / 'run', '--epochs', '1', '--skip-bad', '--json') == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out)['skipped'] == 2
    assert 'room0/00099.h5' in captured.err
    evaluate = ['evaluate', *data, '--model', str(tmp_path / 'run' / 'last.safetensors')]
    assert 'official/00099.h5' in run_fails(capsys, *evaluate)
    assert main([*evaluate, '--skip-bad']) == 0
    assert '1 damaged' in capsys.readouterr().out


def test_bad_frames_named_by_worker_processes_are_one_line(
    data_root: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (data_root / 'train/room1/00099.h5').write_bytes(b'not HDF5')
    # the statistics read the first frame only, so that a worker is what finds it
    monkeypatch.setattr('fastdepth_ros.offline.training.train.SAMPLED_FRAMES', 1)
    arguments = ['--data', str(data_root), '--out', str(tmp_path / 'run'), *SMALL]
    error = run_fails(capsys, 'train', *arguments, '--workers', '1', '--batch-size', '7')
    assert '00099.h5' in error


def test_patience_ends_a_run_that_gets_no_better_and_tensorboard_has_its_figures(
    data_root: Path, tmp_path: Path
) -> None:
    """A learning rate of 0 and frozen statistics: every epoch is the first."""
    tensorboard = pytest.importorskip('tensorboard.backend.event_processing.event_accumulator')
    options = ['--lr', '0', '--freeze-batchnorm', '--patience', '2', '--epochs', '9']
    assert train(data_root, tmp_path / 'run', *options, '--tensorboard') == 0
    with (tmp_path / 'run' / 'log.csv').open() as file:
        rows = list(csv.DictReader(file))
    assert [row['epoch'] for row in rows] == ['1', '2', '3']
    assert len({row['metric_rmse'] for row in rows}) == 1
    assert json.loads((tmp_path / 'run' / 'result.json').read_text())['epoch'] == 1
    events = tensorboard.EventAccumulator(str(tmp_path / 'run' / 'tensorboard'))
    events.Reload()
    told = {name: events.Scalars(name) for name in events.Tags()['scalars']}
    assert [event.step for event in told['training/loss']] == [1, 2, 3, 4, 5, 6]
    assert {'training/lr', 'training/images_per_second', 'scaled/delta1'} <= set(told)
    assert told['metric/rmse'][0].value == pytest.approx(float(rows[0]['metric_rmse']))


def test_a_worker_that_is_killed_is_told_in_one_line(
    data_root: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def killed(path: Path) -> None:
        assert torch.utils.data.get_worker_info() is not None
        os.kill(os.getpid(), signal.SIGKILL)

    monkeypatch.setattr('fastdepth_ros.offline.training.loading.read_frame', killed)
    arguments = ['--data', str(data_root), '--out', str(tmp_path / 'run'), *SMALL]
    error = run_fails(capsys, 'train', *arguments, '--workers', '1')
    assert 'a process that loads data was killed' in error
    assert '--resume' in error


@pytest.mark.parametrize(
    ('options', 'message'),
    [
        (['--device', 'cuda'], "device is 'cuda', but PyTorch finds no GPU here"),
        (['--loss', 'l1,l7'], "unknown loss 'l7': choose one of l1"),
        (['--teacher', 'gone.onnx'], "model file 'gone.onnx' does not exist"),
        (['--epochs', '0'], 'epochs is 0: at least 1 is needed'),
        (['--lr', '-1'], 'lr is -1.0: at least 0.0'),
        (['--ema', '1'], 'ema is 1.0'),
        (['--workers', '-2'], 'workers is -2: at least -1'),
        (['--seed', str(2**63)], f'seed is {2**63}: at most {2**63 - 1} is allowed'),
        (['--name', 'caf\udce9'], "name is 'caf\\udce9': one line of printable text"),
        (['--input-width', '100'], 'input width is 100: multiples of 32'),
        (['--init', 'gone.safetensors'], "model file 'gone.safetensors' does not exist"),
        (['--config', 'gone.yaml'], "cannot read the configuration 'gone.yaml'"),
        (['--lr', '1e30'], 'the loss is'),
    ],
)
def test_mistakes_are_one_line(
    data_root: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    message: str,
) -> None:
    if torch.cuda.is_available() and 'cuda' in options:
        pytest.skip('there is a GPU here')
    arguments = ['--data', str(data_root), '--out', str(tmp_path / 'run'), *SMALL, *options]
    assert message in run_fails(capsys, 'train', *arguments)


def test_frames_without_any_depth_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty: dict[str, Any] = {'depth': np.zeros((60, 80), np.float32)}
    write_frame(tmp_path / 'root/train/a/00000.h5', **empty)
    write_frame(tmp_path / 'root/val/official/00000.h5')
    arguments = ['--data', str(tmp_path / 'root'), '--out', str(tmp_path / 'run'), *SMALL]
    assert 'nothing to learn from' in run_fails(capsys, 'train', *arguments)


def test_a_configuration_names_unknown_options_and_wrong_types(tmp_path: Path) -> None:
    from fastdepth_ros.offline.training.run_config import read_yaml

    path = tmp_path / 'c.yaml'
    path.write_text('learning_rate: 1\n')
    with pytest.raises(UserError, match="unknown option in .*'learning_rate': choose one of netw"):
        read_yaml(path)
    path.write_text('just text\n')
    with pytest.raises(UserError, match='is not a configuration'):
        read_yaml(path)
    with pytest.raises(UserError, match="epochs is 'many': int is needed"):
        RunConfig(epochs='many')  # type: ignore[arg-type]
    with pytest.raises(UserError, match="unknown loss 'l7': choose one of l1, l2, berhu"):
        RunConfig(loss='l7')


def test_schedules() -> None:
    published = RunConfig(epochs=15)
    assert [rate_factor(published, s, 15) for s in (0, 4, 5, 10, 14)] == pytest.approx(
        [1, 1, 0.1, 0.01, 0.01]
    )
    cosine = RunConfig(schedule='cosine', warmup_steps=4)
    assert rate_factor(cosine, 0, 100) == 0.25
    assert rate_factor(cosine, 50, 100) == pytest.approx(0.5)
    assert rate_factor(cosine, 99, 100) == pytest.approx(0, abs=1e-3)
    assert not math.isnan(rate_factor(cosine, 100, 100))


def test_protocol_full_needs_no_torch(data_root: Path, stub_onnx: Path) -> None:
    code = f"""
import sys
sys.modules['torch'] = sys.modules['torchvision'] = None
from fastdepth_ros.__main__ import main
sys.exit(main(['evaluate', '--data', {str(data_root)!r}, '--model', {str(stub_onnx)!r}]))
"""
    subprocess.run([sys.executable, '-c', code], check=True, timeout=60)
