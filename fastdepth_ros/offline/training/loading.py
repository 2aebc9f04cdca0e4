"""Batches for training: frames read and transformed in worker processes."""

from __future__ import annotations

from collections.abc import Callable
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
from fastdepth_ros.offline.training.run_config import RunConfig
from fastdepth_ros.offline.training.shrink import shrinker
from fastdepth_ros.offline.training.transforms import TRAINING_TRANSFORMS

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
    """Transformed frames; a damaged one is its error, since worker processes cannot raise well."""

    def __init__(self, paths: list[FrameRef], transform: Transform, read: Reader) -> None:
        self._paths, self._transform, self._read = paths, transform, read

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor] | UserError:
        try:
            return self._transform(self._read(self._paths[index]))
        except UserError as error:
            return error


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
) -> DataLoader:
    """Shuffled batches; an incomplete last one is left out unless it is the only one.

    With a folder `cache`, frames are kept there as the transform needs them.
    """
    size = (metadata.input_width, metadata.input_height)
    transform = TRAINING_TRANSFORMS[config.transform](size, metadata.focal_length)
    read = FrameCache(cache, shrinker(config.transform, size)).read if cache else read_frame
    workers = loader_workers(config.workers, device)
    return DataLoader(
        FrameDataset(paths, transform, read),
        config.batch_size,
        shuffle=True,
        num_workers=workers,
        collate_fn=collate,
        drop_last=len(paths) >= config.batch_size,
        persistent_workers=workers > 0,
        pin_memory=device.type == 'cuda',
        generator=torch.Generator().manual_seed(config.seed),
    )
