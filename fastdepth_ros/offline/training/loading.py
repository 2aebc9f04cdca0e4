"""Batches for training: frames read and transformed in worker processes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.data.frames import Frame, read_frame

Transform = Callable[[Frame], tuple[Tensor, Tensor]]


@dataclass(frozen=True)
class Batch:
    """images uint8 (N, 3, H, W), depths float32 (N, 1, H, W), and what was wrong with others."""

    images: Tensor
    depths: Tensor
    bad: list[str]


class FrameDataset(Dataset):
    """Transformed frames; a damaged one is its error, since worker processes cannot raise well."""

    def __init__(self, paths: list[Path], transform: Transform) -> None:
        self._paths, self._transform = paths, transform

    def __len__(self) -> int:
        return len(self._paths)

    def __getitem__(self, index: int) -> tuple[Tensor, Tensor] | UserError:
        try:
            return self._transform(read_frame(self._paths[index]))
        except UserError as error:
            return error


def collate(items: list[tuple[Tensor, Tensor] | UserError]) -> Batch:
    """A batch of the frames that could be read; it may be empty."""
    good = [item for item in items if not isinstance(item, UserError)]
    bad = [str(item) for item in items if isinstance(item, UserError)]
    if not good:
        return Batch(torch.empty(0), torch.empty(0), bad)
    images, depths = zip(*good, strict=True)
    return Batch(torch.stack(images), torch.stack(depths), bad)


def training_batches(
    paths: list[Path], transform: Transform, batch_size: int, workers: int, seed: int
) -> DataLoader:
    """Shuffled batches; an incomplete last one is left out unless it is the only one."""
    return DataLoader(
        FrameDataset(paths, transform),
        batch_size,
        shuffle=True,
        num_workers=workers,
        collate_fn=collate,
        drop_last=len(paths) >= batch_size,
        persistent_workers=workers > 0,
        generator=torch.Generator().manual_seed(seed),
    )
