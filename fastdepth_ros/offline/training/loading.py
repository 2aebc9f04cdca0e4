"""Batches for training: frames read and transformed in worker processes."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from fastdepth_ros.engines.cpu import available_cores
from fastdepth_ros.errors import UserError
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.offline.data.cache import FrameCache
from fastdepth_ros.offline.data.frames import Frame, FrameRef, read_frame
from fastdepth_ros.offline.training.processes import ALONE, Processes
from fastdepth_ros.offline.training.run_config import RunConfig
from fastdepth_ros.offline.training.sampler import Draw, StepSampler, mixed_seed
from fastdepth_ros.offline.training.shrink import shrinker
from fastdepth_ros.offline.training.transforms import training_transform

Reader = Callable[[FrameRef], Frame]
Transform = Callable[[Frame], tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class Batch:
    """images uint8 (N, 3, H, W), depths float32 (N, 1, H, W), and what was wrong with others."""

    images: Tensor
    depths: Tensor
    bad: list[UserError]

    def pin_memory(self) -> Batch:
        """In page-locked memory, from which a GPU copies while it computes; for the loader."""
        return Batch(self.images.pin_memory(), self.depths.pin_memory(), self.bad)

    def to(self, device: torch.device) -> Batch:
        """On `device`; a copy from page-locked memory is not waited for."""
        images = self.images.to(device, non_blocking=True)
        return Batch(images, self.depths.to(device, non_blocking=True), self.bad)


class FrameDataset(Dataset):
    """Transformed frames; a damaged one is its error, since worker processes cannot raise well.

    A sample is the same whichever process makes it, and after whatever else.
    """

    def __init__(
        self, paths: list[FrameRef], transform: Transform, read: Reader, seed: int = 0
    ) -> None:
        self._paths, self._transform, self._read, self._seed = paths, transform, read, seed

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, draw: Draw) -> tuple[Tensor, Tensor] | UserError:
        try:
            frame = self._read(self._paths[draw.frame])
            with seeded(mixed_seed(self._seed, draw.epoch, draw.position)):
                return self._transform(frame)
        except UserError as error:
            return error


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """torch's generator of the CPU starts from `seed`, and afterwards goes on where it was."""
    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        yield


def collate(items: list[tuple[Tensor, Tensor] | UserError]) -> Batch:
    """A batch of the frames that could be read; it may be empty."""
    good = [item for item in items if not isinstance(item, UserError)]
    bad = [item for item in items if isinstance(item, UserError)]
    if not good:
        return Batch(torch.empty(0), torch.empty(0), bad)
    images, depths = zip(*good, strict=True)
    return Batch(torch.stack(images), torch.stack(depths), bad)


def loader_workers(workers: int, device: torch.device) -> int:
    """Processes that load; -1 is one beside a CPU that trains, every core but one beside a GPU."""
    if workers >= 0:
        return workers
    return 1 if device.type == 'cpu' else max(1, available_cores() - 1)


def training_batches(
    config: RunConfig,
    metadata: ModelMetadata,
    paths: list[FrameRef],
    device: torch.device,
    cache: Path | None = None,
    weights: Sequence[float] | None = None,
    processes: Processes = ALONE,
) -> DataLoader:
    """Shuffled batches of this process, by a StepSampler that is the loader's batch_sampler.

    With a folder `cache`, frames are kept there as the transform needs them. `weights`: how often
    each frame comes, relative to the others; None: once an epoch.
    """
    size = (metadata.input_width, metadata.input_height)
    transform = training_transform(config.transform, size, metadata.focal_length, config)
    shrink = shrinker(config.transform, size, config)
    read = FrameCache(cache, shrink).read if cache else read_frame
    workers = loader_workers(config.workers, device)
    sampler = StepSampler(
        weights or [1.0] * len(paths), config.batch_size, config.seed, config.accumulate, processes
    )
    return DataLoader(
        FrameDataset(paths, transform, read, config.seed),
        batch_sampler=sampler,
        num_workers=workers,
        collate_fn=collate,
        worker_init_fn=leave_signals_to_the_parent,
        persistent_workers=workers > 0,
        pin_memory=device.type == 'cuda',
        generator=torch.Generator().manual_seed(config.seed),
    )


def leave_signals_to_the_parent(_: int) -> None:
    """A Ctrl-C reaches workers, too; the parent ends them when it has saved its state."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def lost_workers_told() -> Iterator[None]:
    """A worker that was killed is a UserError: torch raises a RuntimeError anywhere."""
    try:
        yield
    except RuntimeError as error:
        if 'DataLoader worker' not in str(error):
            raise
        raise UserError(
            'a process that loads data was killed, perhaps for want of memory: try fewer '
            '--workers or a smaller --batch-size; --resume goes on from the last state kept'
        ) from error
