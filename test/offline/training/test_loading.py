from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('torchvision')
pytest.importorskip('h5py')

from fastdepth_ros.engines.cpu import available_cores  # noqa: E402
from fastdepth_ros.errors import UserError  # noqa: E402
from fastdepth_ros.network.metadata import ModelMetadata  # noqa: E402
from fastdepth_ros.offline.data.frames import list_frames  # noqa: E402
from fastdepth_ros.offline.training.loading import (  # noqa: E402
    Batch,
    collate,
    loader_workers,
    training_batches,
)
from fastdepth_ros.offline.training.run_config import RunConfig  # noqa: E402

CPU, CUDA = torch.device('cpu'), torch.device('cuda')
CONFIG = RunConfig(batch_size=3, workers=0)


def test_a_gpu_is_fed_from_pinned_memory_by_every_core_but_one(
    data_root: Path, metadata: ModelMetadata
) -> None:
    paths = list_frames(data_root, 'train')
    on_cpu = training_batches(CONFIG, metadata, paths, CPU)
    on_cuda = training_batches(replace(CONFIG, workers=-1), metadata, paths, CUDA)
    assert (on_cpu.pin_memory, on_cuda.pin_memory) == (False, True)
    assert on_cuda.num_workers == max(1, available_cores() - 1)
    assert [loader_workers(n, CPU) for n in (-1, 0, 5)] == [1, 0, 5]
    assert [loader_workers(n, CUDA) for n in (0, 5)] == [0, 5]


def test_a_batch_goes_to_its_device_without_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    flags = []
    real = torch.Tensor.to

    def to(tensor: torch.Tensor, *args: object, **named: object) -> torch.Tensor:
        flags.append(named.get('non_blocking'))
        return real(tensor, *args, **named)

    monkeypatch.setattr(torch.Tensor, 'to', to)
    error = UserError('bad')
    moved = Batch(torch.zeros(2), torch.ones(2), [error]).to(torch.device('meta'))
    assert (moved.images.device.type, moved.depths.device.type) == ('meta', 'meta')
    assert (flags, moved.bad) == ([True, True], [error])


def test_pinning_reaches_images_and_depths(monkeypatch: pytest.MonkeyPatch) -> None:
    """torch's loader pins objects of its own kind only by their pin_memory()."""
    monkeypatch.setattr(torch.Tensor, 'pin_memory', lambda tensor: tensor + 1)
    pinned = collate([(torch.zeros(3), torch.zeros(1)), UserError('bad')]).pin_memory()
    assert (pinned.images.sum(), pinned.depths.sum(), len(pinned.bad)) == (3, 1, 1)


@pytest.mark.parametrize('workers', [0, 1])
def test_a_cache_changes_no_batch_and_is_filled_by_workers(
    data_root: Path, metadata: ModelMetadata, tmp_path: Path, workers: int
) -> None:
    paths = list_frames(data_root, 'train')
    config = replace(CONFIG, workers=workers)
    runs = []
    for cache in (None, tmp_path / 'cache', tmp_path / 'cache'):
        torch.manual_seed(5)
        runs.append(list(training_batches(config, metadata, paths, CPU, cache)))
    assert len(list((tmp_path / 'cache').iterdir())) == len(paths)
    for plain, first, second in zip(*runs, strict=True):
        for cached in (first, second):
            assert torch.equal(plain.images, cached.images)
            assert torch.equal(plain.depths, cached.depths)


def test_a_cache_in_trouble_reaches_the_trainer_whole(
    data_root: Path, metadata: ModelMetadata, tmp_path: Path
) -> None:
    cache = tmp_path / 'cache'
    paths = list_frames(data_root, 'train')
    loader = training_batches(replace(CONFIG, workers=1), metadata, paths, CPU, cache)
    cache.rmdir()
    batch = next(iter(loader))
    assert not len(batch.images)
    assert {type(error).__name__ for error in batch.bad} == {'CacheError'}
    assert '\n' not in str(batch.bad[0])
