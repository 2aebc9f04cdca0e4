from __future__ import annotations

import csv
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('torchvision')
pytest.importorskip('h5py')
pytest.importorskip('matplotlib')

from PIL import Image  # noqa: E402

from fastdepth_ros.__main__ import main  # noqa: E402
from fastdepth_ros.errors import UserError  # noqa: E402
from fastdepth_ros.offline.sweep import trials as trials_module  # noqa: E402
from fastdepth_ros.offline.sweep.plan import read_plan  # noqa: E402
from fastdepth_ros.offline.sweep.report import plot, rows, to_csv, to_markdown  # noqa: E402
from fastdepth_ros.offline.sweep.trials import run_trials  # noqa: E402
from fastdepth_ros.offline.training.logs import read_log, write_log  # noqa: E402

ROOT = Path(__file__).resolve().parents[3]
BASE = 'base: {input_width: 32, input_height: 32, epochs: 1, workers: 0, device: cpu, threads: 1}'


def plan(tmp_path: Path, text: str) -> Path:
    path = tmp_path / 'sweep.yaml'
    path.write_text(f'{BASE}\n{text}\n')
    return path


def test_a_grid_is_every_combination_and_trials_come_after(tmp_path: Path) -> None:
    text = 'grid: {lr: [0.1, 0.01], loss: [l1, {silog: 1, gradient: 0.5}]}\ntrials: [{ema: 0.9}]'
    trials = read_plan(plan(tmp_path, text))
    assert [(t.config.lr, t.config.loss) for t in trials[:4]] == [
        (lr, loss) for lr in (0.1, 0.01) for loss in ('l1', 'silog=1,gradient=0.5')
    ]
    assert (trials[4].config.ema, trials[4].config.input_width) == (0.9, 32)
    assert [t.name for t in trials[:2]] == ['lr=0.1-loss=l1', 'lr=0.1-loss=silog=1_gradient=0.5']


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        ('', 'asks for no trial'),
        ('grid: {lr: 0.1}', "lr in the grid of .* is '0.1': a list is needed"),
        ('grid: {rate: [1]}', "unknown option in .*'rate': choose one of network"),
        ('grid: {loss: [l1, l7]}', "a trial of .*: unknown loss 'l7'"),
        ('grids: {lr: [1]}', "unknown part in .*'grids': choose one of base, grid, trials"),
        ('trials: [{lr: 0.1}, {lr: 0.1}]', "trial 'lr=0.1' is in .* twice"),
        ('trials: [fast]', "trials of .* has 'fast'"),
        ('grid: [', 'cannot read the sweep'),
    ],
)
def test_plans_that_do_not_do_are_named(text: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=message):
        read_plan(plan(tmp_path, text))


def test_the_study_that_is_shipped_is_whole() -> None:
    trials = read_plan(ROOT / 'config' / 'sweep.yaml')
    varied = [{trial.varied[name] for trial in trials} for name in ('lr', 'loss', 'batch_size')]
    assert len(trials) == 12
    assert varied[0] >= {0.01}
    assert (varied[1], varied[2] >= {32, 128}) == ({'l1', 'l2'}, True)


def test_a_sweep_writes_table_and_plot_keeps_what_is_done_and_names_what_failed(
    data_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, data = tmp_path / 'out', str(data_root)
    path = plan(tmp_path, 'trials: [{lr: 0.01, batch_size: 3}, {lr: 1.0e+30, batch_size: 3}]')
    command = ['sweep', '--config', str(path), '--data', data, '--out', str(out), '--jobs', '2']
    assert main([*command, '--json']) == 1
    good, bad = json.loads(capsys.readouterr().out)
    assert (good['state'], good['epochs'], good['best_epoch']) == ('done', 1, 1)
    result = json.loads((out / good['trial'] / 'result.json').read_text())
    assert (good['rmse'], good['delta1']) == (result['metric']['rmse'], result['metric']['delta1'])
    assert bad['rmse'] is None
    assert 'the loss is' in bad['state']
    with (out / 'sweep.csv').open() as file:
        rows = list(csv.DictReader(file))
    assert [float(row['lr']) for row in rows] == [0.01, 1e30]
    assert float(rows[0]['rmse']) == good['rmse']
    assert f'**{good["rmse"]:.3f}**' in (out / 'sweep.md').read_text()
    with Image.open(out / 'sweep.png') as picture:
        assert min(picture.size) > 300
    path.write_text(path.read_text().replace(', {lr: 1.0e+30, batch_size: 3}', ''))
    best = out / good['trial'] / 'best.safetensors'
    before = best.stat().st_mtime_ns
    assert main(command) == 0
    assert best.stat().st_mtime_ns == before
    assert '1 of 1 trials are done' in capsys.readouterr().err
    path.write_text(path.read_text().replace('epochs: 1', 'epochs: 2'))
    assert main(command) == 2
    assert 'has epochs 1, not 2' in capsys.readouterr().err


def test_trials_share_gpus_in_turns_and_cores(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two at a time on two of three GPUs, which the user has allowed."""
    started = []

    class Process:
        returncode = 0

        def __init__(self, command: list[str], env: dict[str, str], **_: object) -> None:
            started.append((env['CUDA_VISIBLE_DEVICES'], '--threads' in command))

        def poll(self) -> int:
            return 0

    monkeypatch.setenv('CUDA_VISIBLE_DEVICES', '5,7')
    monkeypatch.setattr(torch.cuda, 'device_count', lambda: 2)
    monkeypatch.setattr(trials_module.subprocess, 'Popen', Process)
    trials = read_plan(plan(tmp_path, 'grid: {lr: [0.1, 0.2, 0.3], threads: [0]}'))
    assert run_trials(trials, tmp_path / 'out', 2, ['--data', str(tmp_path)]) == {}
    assert sorted(started) == [('5', True), ('5', True), ('7', True)]


def test_a_trial_that_a_signal_ended_is_said_to_go_on_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Process:
        returncode = -9

        def __init__(self, *_: object, **__: object) -> None:
            pass

        def poll(self) -> int:
            return self.returncode

    monkeypatch.setattr(trials_module.subprocess, 'Popen', Process)
    trials = read_plan(plan(tmp_path, 'grid: {lr: [0.1]}'))
    failed = run_trials(trials, tmp_path / 'out', 1, ['--data', str(tmp_path)])
    assert failed == {'lr=0.1': 'ended by SIGKILL: the same command goes on with it'}


def test_a_killed_sweep_waits_for_the_trial_that_trains_on_and_goes_on(
    data_root: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / 'out'
    path = plan(tmp_path, 'trials: [{lr: 0.01, epochs: 5}, {lr: 0.02}]')
    command = ['sweep', '--config', str(path), '--data', str(data_root), '--out', str(out)]
    environment = {**os.environ, 'PYTHONPATH': os.pathsep.join(path for path in sys.path if path)}
    sweep = subprocess.Popen([sys.executable, '-m', 'fastdepth_ros', *command], env=environment)
    first = out / 'lr=0.01-epochs=5'
    log = first / 'train.log'
    while not (log.exists() and 'starting' in log.read_text()):  # it has its folder
        assert sweep.poll() is None
        time.sleep(0.05)
    (orphan,) = children(sweep.pid)
    os.kill(orphan, signal.SIGSTOP)  # so that it is there whenever the second sweep comes
    sweep.kill()
    sweep.wait()
    (out / '.sweep.csv.part-abcd_123').touch()  # of a report that was killed, too
    threading.Timer(1.0, os.kill, (orphan, signal.SIGCONT)).start()
    assert main([*command, '--json']) == 0
    told = capfd.readouterr()
    assert f"'{first}': still trained by a process of an earlier sweep: waiting" in told.err
    assert '1 of 2 trials are done' in told.err
    assert [row['state'] for row in json.loads(told.out)] == ['done', 'done']
    assert not list(out.glob('.sweep.csv*'))


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f'/proc/{pid}/task/{pid}/children').read_text().split()]


def test_an_empty_figure_is_an_empty_cell() -> None:
    table = [
        {'trial': 'a', 'lr': 0.1, 'epochs': 2, 'best_epoch': 1, 'rmse': 0.5, 'delta1': 0.8}
        | {'state': 'done'},
        {'trial': 'b', 'ema': 0.9, 'epochs': 0, 'best_epoch': None, 'rmse': None, 'delta1': None}
        | {'state': 'the loss | is nan'},
    ]
    assert to_csv(table).splitlines()[1:] == [
        'a,0.1,,2,1,0.5,0.8,done',
        'b,,0.9,0,,,,the loss | is nan',
    ]
    assert to_markdown(table).splitlines()[2:] == [
        '| 0.1 |  | 2 | 1 | **0.500** | **0.800** | done |',
        '|  | 0.9 | 0 |  |  |  | the loss \\| is nan |',
    ]


def test_epochs_that_told_less_stay_empty_and_are_not_the_best(tmp_path: Path) -> None:
    """A run that an older version began: its first epochs lack the figure that best_by names."""
    start = {'loss': 0.5, 'lr': 0.01}
    told = {'rmse': 0.9, 'delta1': 0.5}
    history = [{**start, 'epoch': 1, 'metric': told}]
    history += [{**start, 'epoch': n, 'metric': {**told, 'irmse': 1 / n}} for n in (2, 3)]
    history += [{**start, 'epoch': 4, 'metric': {'irmse': 0.1}}]
    (trial,) = read_plan(plan(tmp_path, 'trials: [{best_by: irmse}]'))
    folder = tmp_path / trial.name
    write_log(folder / 'log.csv', history)
    log = read_log(folder / 'log.csv')
    assert [row.get('metric_irmse') for row in log] == [None, 0.5, pytest.approx(1 / 3), 0.1]
    (row,) = rows([trial], tmp_path, {})
    assert (row['epochs'], row['best_epoch'], row['rmse']) == (4, 4, None)
    plot([trial], tmp_path, tmp_path / 'sweep.png')
    write_log(folder / 'log.csv', history[:1])
    (row,) = rows([trial], tmp_path, {})
    assert (row['epochs'], row['best_epoch'], row['rmse']) == (1, None, None)


@pytest.mark.parametrize(
    'text', ['epoch,loss\n1,much\n', 'epoch\n1,2\n', 'epoch\n"' + '1' * 200_000, 'epoch\n\xff\n']
)
def test_what_is_no_log_is_named(text: str, tmp_path: Path) -> None:
    assert read_log(tmp_path / 'log.csv') == []
    (tmp_path / 'log.csv').write_text(text, encoding='latin-1')
    with pytest.raises(UserError, match=r"log\.csv' is not the log of a run: "):
        read_log(tmp_path / 'log.csv')


def test_a_trial_is_told_which_frames(
    data_root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = []

    class Process:
        returncode = 1

        def __init__(self, command: list[str], **_: object) -> None:
            commands.append(command)

        def poll(self) -> int:
            return self.returncode

    monkeypatch.setattr(trials_module.subprocess, 'Popen', Process)
    path = plan(tmp_path, 'grid: {lr: [0.1]}')
    options = ['--data', data_root, '--depth', 'filled', '--cache', tmp_path / 'cache']
    main(['sweep', '--config', str(path), '--out', str(tmp_path / 'out'), *map(str, options)])
    (command,) = commands
    given = dict(itertools.pairwise(command))
    assert given['--data'] == str(data_root)
    assert given['--depth'] == 'filled'
    assert given['--cache'] == str(tmp_path / 'cache')
