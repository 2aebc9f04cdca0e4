"""Going on from a trained model by the recipe that comes with the package."""

from __future__ import annotations

import argparse
import json
from itertools import islice
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('torch')
pytest.importorskip('torchvision')

from support import write_frame

from fastdepth_ros.__main__ import main
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.network.model_file import load_model
from fastdepth_ros.offline.training import run_config
from fastdepth_ros.simulation.loop import render_loop

FOCAL, CENTRE, SIZE = (261.0, 261.0), (159.5, 119.5), (320, 240)
TINY = ['--input-width', '64', '--input-height', '64', '--workers', '0', '--threads', '1']
NOTE = 'can ruin a trained model: --config finetune'


def write_drive(root: Path, part: str, seed: int, count: int) -> None:
    """Frames of a drive through the demo's room of `seed`."""
    loop = render_loop(Intrinsics(*FOCAL, *CENTRE, *SIZE), seed, count)
    for i, frame in enumerate(islice(loop.frames, count)):
        path = root / part / f'{i:05}.h5'
        write_frame(
            path, rgb=frame.rgb.transpose(2, 0, 1), depth=frame.depth, intrinsics=FOCAL + CENTRE
        )


def test_a_flag_wins_over_the_recipe() -> None:
    parser = argparse.ArgumentParser()
    run_config.add_arguments(parser)
    config = run_config.from_arguments(parser.parse_args(['--config', 'finetune', '--lr', '1e-5']))
    assert (config.init, config.optimizer, config.epochs) == ('default', 'adamw', 5)
    assert config.lr == 1e-5


def test_the_recipe_learns_weights_and_keeps_the_statistics(
    data_root: Path, tmp_path: Path, untrained_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ['--data', str(data_root), '--out', str(tmp_path / 'run'), *TINY]
    recipe = ['--config', 'finetune', '--init', str(untrained_model), '--epochs', '1']
    large = ['--lr', '0.01', '--warmup-steps', '0', '--ema', '0']  # that one step shows in float16
    assert main(['train', *where, *recipe, *large]) == 0
    assert NOTE not in capsys.readouterr().err
    _, before = load_model(untrained_model)
    _, after = load_model(tmp_path / 'run' / 'last.safetensors')
    same = {name for name, tensor in before.items() if np.array_equal(after[name], tensor)}
    assert same == {name for name in before if name.endswith(('running_mean', 'running_var'))}


def test_a_trained_model_that_goes_on_by_the_published_recipe_is_told_of_the_other(
    data_root: Path, tmp_path: Path, untrained_model: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ['--data', str(data_root), *TINY, '--epochs', '1', '--out']
    init = ['--init', str(untrained_model)]
    assert main(['train', *where, str(tmp_path / 'on'), *init]) == 0
    assert NOTE in capsys.readouterr().err
    assert main(['train', *where, str(tmp_path / 'fresh')]) == 0
    assert NOTE not in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_drive_through_one_room_helps_in_another(tmp_path: Path) -> None:
    root = tmp_path / 'root'
    write_drive(root, 'train/drive', seed=3, count=120)
    write_drive(root, 'val/official', seed=7, count=40)
    where = ['--data', str(root), '--out', str(tmp_path / 'run')]
    assert main(['train', *where, '--config', 'finetune', '--init', 'small']) == 0
    figures = {}
    for name, model in (('before', 'small'), ('after', tmp_path / 'run' / 'last.safetensors')):
        out = tmp_path / f'{name}.json'
        options = ['--model', str(model), '--precision', 'f32', '--json', str(out)]
        assert main(['evaluate', '--data', str(root), *options]) == 0
        found = json.loads(out.read_text())
        figures[name] = found['metric']['delta1'], found['scaled']['delta1']
    assert figures['after'][0] > figures['before'][0], figures
    assert figures['after'][1] > figures['before'][1] - 0.01, figures
