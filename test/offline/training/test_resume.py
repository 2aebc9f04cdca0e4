from __future__ import annotations

import json
import os
import signal
from pathlib import Path

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('torchvision')
pytest.importorskip('h5py')

from safetensors import SafetensorError  # noqa: E402

from fastdepth_ros.__main__ import main  # noqa: E402
from fastdepth_ros.errors import UserError  # noqa: E402
from fastdepth_ros.offline.training.logs import TensorBoard  # noqa: E402
from fastdepth_ros.offline.training.run_folder import RunFolder  # noqa: E402
from fastdepth_ros.offline.training.state_file import SLOTS, State, StateFiles  # noqa: E402

SMALL = ['--input-width', '32', '--input-height', '32', '--workers', '0', '--batch-size', '2']
SMALL += ['--threads', '1', '--device', 'cpu', '--checkpoint-steps', '1']


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


def test_any_flipped_bit_of_the_header_is_found() -> None:
    """Names, types and shapes of tensors, and the metadata."""
    data = bytearray(a_state().to_bytes(1))
    for bit in range(8 * (8 + int.from_bytes(data[:8], 'little'))):
        data[bit // 8] ^= 1 << bit % 8
        with pytest.raises((ValueError, KeyError, TypeError, SafetensorError)):
            State.from_bytes(bytes(data))
        data[bit // 8] ^= 1 << bit % 8
    assert State.from_bytes(bytes(data))[0] == 1


@pytest.mark.parametrize('damaged', [0, 1])
def test_the_state_that_is_whole_serves_and_is_named(
    damaged: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = StateFiles(tmp_path)
    files.save(a_state(0))
    files.save(a_state(1))
    path = tmp_path / SLOTS[damaged]
    path.write_bytes(path.read_bytes()[:-1])
    assert State.from_bytes(StateFiles(tmp_path).load())[1].values['loss'] == 1 - damaged
    told = capsys.readouterr().err
    assert told.startswith(f"state '{path}' is damaged")
    assert told.endswith(f"going on from the other one, '{SLOTS[1 - damaged]}'\n")
    assert told.count('\n') == 1


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


@pytest.mark.parametrize('method', ['add_scalar', 'flush', 'close'])
def test_events_that_cannot_be_written_are_one_line(
    method: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tensorboard = pytest.importorskip('torch.utils.tensorboard')

    def full(*_: object) -> None:
        raise OSError(28, 'No space left on device')

    def write(board: TensorBoard) -> None:
        board.add(1, loss=0.5)
        board.add_figures(1, {'metric': {'rmse': 0.5}})
        board.close()

    board = TensorBoard(tmp_path, 1)
    monkeypatch.setattr(tensorboard.SummaryWriter, method, full)
    with pytest.raises(UserError, match=f"cannot write '{tmp_path}': No space left on device"):
        write(board)
