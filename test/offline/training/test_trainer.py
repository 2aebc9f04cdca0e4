from __future__ import annotations

import math
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('torchvision')
pytest.importorskip('h5py')

from fastdepth_ros.bad_frames import BadFrames  # noqa: E402
from fastdepth_ros.errors import UserError  # noqa: E402
from fastdepth_ros.network.config import NAMED_CONFIGS  # noqa: E402
from fastdepth_ros.network.fastdepth import (  # noqa: E402
    ERROR_HEAD,
    START_ERROR,
    FastDepth,
    network_tensors,
)
from fastdepth_ros.network.metadata import ModelMetadata  # noqa: E402
from fastdepth_ros.offline.data.frames import list_frames  # noqa: E402
from fastdepth_ros.offline.training import trainer as trainer_module  # noqa: E402
from fastdepth_ros.offline.training.loading import training_batches  # noqa: E402
from fastdepth_ros.offline.training.losses import LOSSES, per_pixel  # noqa: E402
from fastdepth_ros.offline.training.processes import Processes  # noqa: E402
from fastdepth_ros.offline.training.run_config import RunConfig  # noqa: E402
from fastdepth_ros.offline.training.state_file import State  # noqa: E402
from fastdepth_ros.offline.training.trainer import Trainer, choose_device  # noqa: E402


def make_trainer(data_root: Path, metadata: ModelMetadata, **options: object) -> Trainer:
    """Three steps an epoch, of two images each."""
    config = RunConfig(batch_size=2, workers=0, device='cpu', **options)  # type: ignore[arg-type]
    torch.manual_seed(0)
    network, paths = FastDepth(metadata.network), list_frames(data_root, 'train')
    batches = training_batches(config, metadata, paths, torch.device('cpu'))
    return Trainer(config, network, metadata, batches, BadFrames(skip=False))


def test_losses_are_read_each_step_on_a_cpu_and_together_on_a_gpu(
    data_root: Path, metadata: ModelMetadata
) -> None:
    steps = list(make_trainer(data_root, metadata).epoch())
    assert [step[:2] for step in steps] == [(1, 2), (2, 2), (3, 2)]
    trainer = make_trainer(data_root, metadata)
    trainer._together = 2  # as beside a GPU, where it is more
    together = list(trainer.epoch())
    assert [step[:2] for step in together] == [(2, 4), (3, 2)]
    assert together[0][2] == pytest.approx((steps[0][2] + steps[1][2]) / 2, rel=1e-3)
    assert together[1][2] == pytest.approx(steps[2][2], rel=1e-3)


def test_a_step_reads_nothing_back_from_its_device(
    data_root: Path, metadata: ModelMetadata, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On torch's `meta` device, whose tensors have no values to read."""
    meta = torch.device('meta')
    monkeypatch.setattr(trainer_module, 'choose_device', lambda *_: meta)
    monkeypatch.setattr(torch, 'autocast', lambda *_, **__: nullcontext())  # meta has none
    loss = ','.join(LOSSES)
    options = {'loss': loss, 'optimizer': 'adamw', 'ema': 0.9}
    trainer = make_trainer(data_root, metadata, **options)
    steps = [trainer.step(batch) for batch in trainer._batches]
    assert [(loss.device, loss.shape) for loss in steps] == [(meta, ())] * 3
    with pytest.raises(RuntimeError, match='meta'):
        steps[0].item()


def test_a_loss_that_is_not_finite_ends_the_epoch_however_late_it_is_read(
    data_root: Path, metadata: ModelMetadata
) -> None:
    for together in (1, 2, 20):
        trainer = make_trainer(data_root, metadata)
        trainer._together, trainer._loss = together, per_pixel(lambda d, _: d * math.nan)
        with pytest.raises(UserError, match=r'the loss is nan at lr 0\.01: lower --lr'):
            list(trainer.epoch())


def test_bf16_learns_without_scaling_its_gradients(
    data_root: Path, metadata: ModelMetadata
) -> None:
    """bfloat16 has float32's exponents, so that small gradients stay above zero."""
    trainer = make_trainer(data_root, metadata, precision='bf16')
    trainer._loss = per_pixel(lambda difference, _: difference.abs() * 1e-12)
    list(trainer.epoch())
    gradients = [p.grad for p in trainer.network.parameters()]
    assert all(
        g is not None and g.isfinite().all() and g.dtype == torch.float32 for g in gradients
    )
    assert 0 < max(g.abs().max().item() for g in gradients) < 1e-7  # below float16's range


@pytest.mark.parametrize('options', [{}, {'precision': 'bf16'}, {'accumulate': 3, 'ema': 0.9}])
def test_the_error_head_learns_and_the_depth_is_that_of_a_run_without_it(
    options: dict, data_root: Path, metadata: ModelMetadata
) -> None:
    runs = []
    for error in (False, True):
        network = replace(NAMED_CONFIGS['lite0_shuffle'], error=error)
        own = replace(metadata, network=network)
        trainer = make_trainer(data_root, own, optimizer='adamw', lr=1e-3, **options)
        losses = [loss for _, _, loss in trainer.epoch()]
        runs.append((losses, network_tensors(trainer.result)))
    (plain_losses, plain), (losses, found) = runs
    assert losses != plain_losses
    assert found[f'{ERROR_HEAD}.bias'].item() != pytest.approx(math.log(START_ERROR), abs=1e-4)
    for name, tensor in plain.items():
        assert torch.equal(tensor, found[name]), name


def test_a_state_has_the_error_head_and_its_optimizer(
    data_root: Path, metadata: ModelMetadata
) -> None:
    own = replace(metadata, network=NAMED_CONFIGS['lite0_shuffle_error'])
    first, second = (
        make_trainer(data_root, own, optimizer='adamw', ema=0.9, epochs=2) for _ in range(2)
    )
    list(first.epoch(1))
    _, state = State.from_bytes(first.state().to_bytes(1))
    second.restore(state)
    ends = []
    for trainer in (first, second):
        list(trainer.epoch(2))
        ends.append(network_tensors(trainer.result))
    for name, tensor in ends[0].items():
        assert torch.equal(tensor, ends[1][name]), name


def test_an_error_weight_of_zero_leaves_its_head_alone(
    data_root: Path, metadata: ModelMetadata
) -> None:
    own = replace(metadata, network=NAMED_CONFIGS['lite0_shuffle_error'])
    trainer = make_trainer(data_root, own, error_weight=0.0, weight_decay=0.0)
    before = trainer.network.get_submodule(ERROR_HEAD).weight.clone()
    list(trainer.epoch())
    assert torch.equal(trainer.network.get_submodule(ERROR_HEAD).weight, before)


def test_weights_and_inputs_are_channels_last(data_root: Path, metadata: ModelMetadata) -> None:
    trainer = make_trainer(data_root, metadata)
    image = torch.zeros(2, 3, 64, 96, dtype=torch.uint8)
    for tensor in (trainer._runnable.normalise(image), trainer.network.conv0[0].weight):
        assert tensor.is_contiguous(memory_format=torch.channels_last)


def test_each_process_has_a_gpu_of_its_own_or_the_run_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    taken = []
    monkeypatch.setattr(torch.cuda, 'is_available', lambda: True)
    monkeypatch.setattr(torch.cuda, 'device_count', lambda: 2)
    monkeypatch.setattr(torch.cuda, 'set_device', taken.append)
    assert choose_device('auto', Processes(5, 8, 1, 4)) == torch.device('cuda', 1)
    assert taken == [1]
    assert choose_device('cuda') == torch.device('cuda')
    with pytest.raises(UserError, match='4 processes on a machine with 2 GPUs: start one a GPU'):
        choose_device('cuda', Processes(6, 8, 2, 4))
