"""Which frame comes when: a function of seed, epoch and step, so that any step can be gone to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch
from torch.utils.data import Sampler

from fastdepth_ros.offline.training.processes import ALONE, Processes


class Draw(NamedTuple):
    """One sample: the number of its frame, drawn as number `position` of an epoch."""

    epoch: int
    position: int
    frame: int


def mixed_seed(*numbers: int) -> int:
    """One seed of several numbers: neighbours have nothing to do with each other."""
    return int(np.random.SeedSequence(numbers).generate_state(1)[0])


class StepSampler(Sampler[list[Draw]]):
    """Batches of draws, `accumulate` of them a step, each process its own part of every step.

    Frames of equal weight come once an epoch, shuffled; else as many are drawn as there are, in
    proportion to their weights, with repeats. What does not fill a last step is left out, unless
    it is the only one; then some batches may be short or empty.
    """

    def __init__(
        self,
        weights: Sequence[float],
        batch_size: int,
        seed: int = 0,
        accumulate: int = 1,
        processes: Processes = ALONE,
    ) -> None:
        self._weights, self._seed, self._processes = weights, seed, processes
        self._batch_size, self.accumulate = batch_size, accumulate
        self.images_per_step = batch_size * accumulate * processes.world
        self.steps = max(1, len(weights) // self.images_per_step)
        self.images = min(self.steps * self.images_per_step, len(weights))
        self.go_to(1, 0)

    def go_to(self, epoch: int, step: int) -> None:
        """The next pass is that of `epoch`, from `step` (counted from 0) on."""
        self._epoch, self._first = epoch, step

    def __len__(self) -> int:
        return (self.steps - self._first) * self.accumulate

    def __iter__(self) -> Iterator[list[Draw]]:
        order = self._order()
        for step in range(self._first, self.steps):
            for part in range(self.accumulate):
                number = self._processes.rank * self.accumulate + part
                begin = step * self.images_per_step + number * self._batch_size
                positions = range(begin, min(begin + self._batch_size, len(order)))
                yield [Draw(self._epoch, p, order[p]) for p in positions]

    def _order(self) -> list[int]:
        generator = torch.Generator().manual_seed(mixed_seed(self._seed, self._epoch))
        count = len(self._weights)
        if len(set(self._weights)) == 1:
            return torch.randperm(count, generator=generator).tolist()
        weights = torch.tensor(self._weights, dtype=torch.float64)
        return torch.multinomial(weights, count, replacement=True, generator=generator).tolist()
