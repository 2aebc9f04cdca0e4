from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('torchvision')
pytest.importorskip('h5py')

from support import write_frame  # noqa: E402

SCRIPT = Path(__file__).parent / 'steps_of_ranks.py'
# Holes of another size in each frame: means of the parts' means would not be the whole's.
LOSS = {'loss': 'l1=1,silog=0.5,gradient=0.5,ssim=0.5', 'lr': 0.05, 'transform': 'full'}


@pytest.fixture
def holes(tmp_path: Path) -> Path:
    """Eight frames to train on, with from 0 to 7 eighths of their depth missing; one damaged."""
    for i in range(8):
        depth = np.linspace(1, 4, 60 * 80, dtype=np.float32).reshape(60, 80)
        depth[: i * 7] = 0
        write_frame(tmp_path / f'root/train/room/0001{i}.h5', i, depth=depth)
    write_frame(tmp_path / 'root/val/official/00000.h5')
    return tmp_path / 'root'


@pytest.fixture(scope='module')
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location('steps_of_ranks', SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def torchrun(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, '-m', 'torch.distributed.run', '--standalone']
    command += ['--nproc-per-node', '2', *map(str, arguments)]
    path = os.pathsep.join(path for path in sys.path if path)
    environment = {**os.environ, 'PYTHONPATH': path, 'OMP_NUM_THREADS': '1'}
    return subprocess.run(command, capture_output=True, text=True, env=environment, timeout=250)


def assert_same(found: dict[str, np.ndarray], expected: dict[str, np.ndarray]) -> None:
    assert sorted(found) == sorted(expected)
    for name, array in expected.items():
        np.testing.assert_allclose(found[name], array, rtol=1e-5, atol=1e-5, err_msg=name)


def test_two_ranks_are_one_rank_also_where_one_has_nothing(
    holes: Path, tmp_path: Path, script: ModuleType
) -> None:
    """Four frames of eight are damaged: some parts of steps are empty on one rank."""
    for i in (0, 2, 3, 6):
        (holes / f'train/room/0001{i}.h5').write_bytes(b'damaged')
    options = {**LOSS, 'batch_size': 1, 'accumulate': 2}
    done = torchrun(SCRIPT, holes, tmp_path / 'two.npz', json.dumps(options))
    assert done.returncode == 0, done.stderr
    with np.load(tmp_path / 'two.npz') as two:
        one = script.weights(holes, {**LOSS, 'batch_size': 4})
        assert len(one['losses']) == 4
        assert_same(dict(two), one)


def test_accumulated_batches_are_the_large_batch(holes: Path, script: ModuleType) -> None:
    large = script.weights(holes, {**LOSS, 'batch_size': 4})
    assert_same(script.weights(holes, {**LOSS, 'batch_size': 2, 'accumulate': 2}), large)
    other = script.weights(holes, {**LOSS, 'batch_size': 2})
    assert np.abs(other['conv0.0.weight'] - large['conv0.0.weight']).max() > 1e-4  # it matters


@pytest.mark.parametrize(
    ('how', 'message'),
    [
        ('silent', 'process 0 of 2 has lost another one, which ended or gave no answer for 8 s: '),
        ('absent', 'process 0 of 2 has not met all others within 3 s: look at what they printed'),
        ('busy', 'heard of it 6 times'),
    ],
)
def test_nobody_waits_for_a_rank_that_is_lost_but_for_one_that_works(
    how: str, message: str
) -> None:
    command = [sys.executable, SCRIPT.with_name('lost_ranks.py'), how]
    environment = {**os.environ, 'PYTHONPATH': os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, timeout=250)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(message)
    assert 'Traceback' not in done.stderr


def test_of_two_ranks_the_first_alone_evaluates_and_writes(holes: Path, tmp_path: Path) -> None:
    out = tmp_path / 'run'
    options = ['--data', holes, '--out', out, '--epochs', 1, '--batch-size', 2, '--workers', 0]
    options += ['--input-width', 32, '--input-height', 32, '--device', 'cpu', '--json']
    done = torchrun('-m', 'fastdepth_ros', 'train', *options)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)['epoch'] == 1  # printed once
    assert done.stderr.count('epoch 1: loss') == 1
    files = ['best.safetensors', 'config.yaml', 'last.safetensors', 'log.csv', 'result.json']
    assert sorted(path.name for path in out.iterdir()) == files
