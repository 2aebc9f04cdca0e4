from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('torchvision')
pytest.importorskip('h5py')

from fastdepth_ros.__main__ import main  # noqa: E402
from fastdepth_ros.errors import UserError  # noqa: E402
from fastdepth_ros.offline.training.run_folder import RunFolder  # noqa: E402
from fastdepth_ros.offline.training.state_file import SLOTS, State, StateFiles  # noqa: E402

SCRIPT = Path(__file__).parent / 'killed_runs.py'
SMALL = ['--input-width', '32', '--input-height', '32', '--workers', '0', '--batch-size', '2']
SMALL += ['--threads', '1', '--device', 'cpu', '--checkpoint-steps', '1']


def run_killed(root: Path, out: Path, kills: list[list[object]], *options: str) -> list[int]:
    command = [sys.executable, SCRIPT, root, out, json.dumps(kills), *SMALL, *options]
    done = subprocess.run(command, capture_output=True, text=True, env=here(), timeout=280)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def here() -> dict[str, str]:
    return {**os.environ, 'PYTHONPATH': os.pathsep.join(path for path in sys.path if path)}


def test_a_run_killed_anywhere_and_resumed_is_the_undisturbed_one_to_the_bit(
    data_root: Path, tmp_path: Path
) -> None:
    """Three steps an epoch; places and numbers are those of killed_runs.py."""
    kills: list[list[object]] = [
        ['step', 1],  # before any state
        ['step', 3],  # after two steps of the first epoch
        ['rename', 2],  # config.yaml has its name, the next state has not
        ['validate', 1],
        ['log', 1],
        ['step', 2],  # in the second epoch
        ['rename', 4],
    ]
    options = ['--epochs', '2', '--optimizer', 'adamw', '--ema', '0.9', '--transform', 'full']
    options += ['--lr', '0.003', '--loss', 'silog=1,l1=0.1', '--schedule', 'cosine']
    ends = run_killed(data_root, tmp_path, kills, *options)
    assert ends == [signal.SIGKILL] * len(kills)
    whole, killed = tmp_path / 'whole', tmp_path / 'killed'
    names = sorted(path.name for path in whole.iterdir())
    assert sorted(path.name for path in killed.iterdir()) == names
    for name in names:
        assert (whole / name).read_bytes() == (killed / name).read_bytes(), name
    assert len((whole / 'log.csv').read_text().splitlines()) == 3


def train(data: Path, out: Path, *options: str) -> int:
    return main(['train', '--data', str(data), '--out', str(out), *SMALL, *options])


def stopped(data: Path, out: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> None:
    """A run that Ctrl-C ended in its second step, its state kept."""
    from fastdepth_ros.offline.training.trainer import Trainer

    real, steps = Trainer.step, []

    def step(trainer: Trainer, *batches: object) -> object:
        steps.append(1)
        if len(steps) == 2:
            os.kill(os.getpid(), signal.SIGINT)
        return real(trainer, *batches)

    with monkeypatch.context() as patch:
        patch.setattr(Trainer, 'step', step)
        assert train(data, out, '--epochs', '1', *options) == 130


def test_ctrl_c_keeps_the_step_and_what_is_damaged_or_other_is_told(
    data_root: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / 'run'
    stopped(data_root, out, monkeypatch)
    assert 'interrupted at epoch 1, step 2: --resume' in capsys.readouterr().err
    assert train(data_root, out) == 2
    assert 'holds a run already: --resume goes on' in capsys.readouterr().err
    assert train(data_root, out, '--resume', '--lr', '0.5') == 2
    error = capsys.readouterr().err
    assert f"error: the run in '{out}' has lr 0.01, not 0.5: resume it with 0.01" in error
    (data_root / 'train/room0/00012.h5').rename(data_root / 'elsewhere')
    assert train(data_root, out, '--resume') == 2
    error = capsys.readouterr().err
    assert 'has 3 steps of 2 images an epoch, not 2 steps of 2 images' in error
    (data_root / 'elsewhere').rename(data_root / 'train/room0/00012.h5')
    newest = bytearray((out / 'state' / SLOTS[1]).read_bytes())
    newest[-1000] ^= 1
    (out / 'state' / SLOTS[1]).write_bytes(newest)
    with RunFolder(out).alone():
        assert train(data_root, out, '--resume') == 2
    assert 'another process is training into' in capsys.readouterr().err
    assert train(data_root, out, '--resume', '--workers', '1', '--json') == 0
    captured = capsys.readouterr()
    damaged = f"state '{out}/state/{SLOTS[1]}' is damaged (its checksum is wrong)"
    assert f"{damaged}: going on from the other one, '{SLOTS[0]}'" in captured.err
    assert f"resuming '{out}' at epoch 1, step 1" in captured.err
    assert json.loads(captured.out)['epoch'] == 1
    assert train(data_root, out, '--resume', '--json') == 0  # over already: the same figures
    assert capsys.readouterr().out == captured.out
    assert not (out / 'state').exists()


def a_state(value: float = 0.1) -> State:
    weight = torch.rand(2, 3, 4, 4).contiguous(memory_format=torch.channels_last)
    return State({'w': weight, 'n': torch.tensor(7)}, {'loss': value, 'none': None})


def test_a_state_keeps_every_digit_and_the_order_in_memory(tmp_path: Path) -> None:
    files, state = StateFiles(tmp_path / 'state'), a_state(1 / 3)
    files.save(state)
    _, found = State.from_bytes(StateFiles(tmp_path / 'state').load())
    assert found.values == state.values
    assert torch.equal(found.tensors['w'], state.tensors['w'])
    assert found.tensors['w'].stride() == state.tensors['w'].stride()
    assert found.tensors['n'] == 7


def test_two_files_take_turns_also_after_loading(tmp_path: Path) -> None:
    for number in range(5):
        files = StateFiles(tmp_path)
        assert bool(files.load()) == (number > 0)
        files.save(a_state(float(number)))
    values = [State.from_bytes((tmp_path / n).read_bytes())[1].values['loss'] for n in SLOTS]
    assert sorted(values) == [3, 4]


@pytest.mark.parametrize('content', [b'', b'short', b'\xff' * 100, None])
def test_states_that_are_all_damaged_are_refused(content: bytes | None, tmp_path: Path) -> None:
    damaged = a_state().to_bytes(1)[:-9] if content is None else content
    for name in SLOTS:
        (tmp_path / name).write_bytes(damaged)
    with pytest.raises(UserError, match=r"a\.safetensors' is damaged .* choose another --out"):
        StateFiles(tmp_path).load()


def test_a_full_disk_is_one_line_and_leaves_what_was_written(
    data_root: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real, calls = os.fsync, []

    def fsync(descriptor: int) -> None:
        calls.append(1)
        if len(calls) == 4:  # config.yaml and two states are written
            raise OSError(28, 'No space left on device')
        real(descriptor)

    monkeypatch.setattr(os, 'fsync', fsync)
    out = tmp_path / 'run'
    assert train(data_root, out, '--epochs', '1') == 2
    last = capsys.readouterr().err.strip().splitlines()[-1]
    assert last == f"error: cannot write '{out}/state/{SLOTS[0]}': No space left on device"
    written = sorted(str(path.relative_to(out)) for path in out.rglob('*') if path.is_file())
    assert written == ['config.yaml', *(f'state/{name}' for name in SLOTS)]
    assert train(data_root, out, '--resume', '--json') == 0
    captured = capsys.readouterr()
    assert 'at epoch 1, step 2' in captured.err
    assert json.loads(captured.out)['epoch'] == 1
