"""The processes of one run, as torchrun starts them; one alone without it."""

from __future__ import annotations

import gc
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import torch
import torch.distributed as dist
from torch import Tensor

from fastdepth_ros.errors import UserError

PATIENCE = timedelta(minutes=10)  # with a process that is there and does not answer
BEAT = 30.0  # s between signs of life of the first process, while the others wait for it
LOST = ('closed by peer', 'reset by peer', 'Broken pipe', 'Timed out')  # in what gloo raises


@dataclass(frozen=True)
class Processes:
    """This process's number of all of them, and on its machine."""

    rank: int = 0
    world: int = 1
    local_rank: int = 0
    local_world: int = 1

    @property
    def first(self) -> bool:
        """The one that writes and evaluates."""
        return self.rank == 0

    def total(self, values: Tensor) -> Tensor:
        """The sum over all processes, in each of them."""
        if self.world > 1:
            dist.all_reduce(values)
        return values

    def agreed(self, value: bool) -> bool:
        """What the first process says; the others wait for it."""
        if self.world == 1:
            return value
        told = torch.tensor([int(value)])
        dist.broadcast(told, 0)
        return bool(told.item())

    @contextmanager
    def waiting_for_first(self) -> Iterator[Callable[[], None]]:
        """The first process works alone within; at its end the others wait until it has done so.

        It calls what this gives now and then, since they wait no longer than PATIENCE at once.
        """
        told = time.monotonic()

        def alive() -> None:
            nonlocal told
            if self.first and time.monotonic() - told > BEAT:
                self.agreed(False)
                told = time.monotonic()

        yield alive
        while not self.agreed(True):
            pass

    def shared(self, data: bytes) -> bytes:
        """What the first process has, in each: machines need no file system in common."""
        if self.world == 1:
            return data
        size = torch.tensor([len(data)])
        dist.broadcast(size, 0)
        buffer = torch.zeros(int(size.item()), dtype=torch.uint8)
        if self.first and data:
            buffer.copy_(torch.frombuffer(bytearray(data), dtype=torch.uint8))
        dist.broadcast(buffer, 0)
        return buffer.numpy().tobytes()


ALONE = Processes()


@contextmanager
def started_processes() -> Iterator[Processes]:
    """Those that torchrun's environment tells of, connected (gloo, and NCCL where GPUs are)."""
    names = ('RANK', 'WORLD_SIZE', 'LOCAL_RANK', 'LOCAL_WORLD_SIZE')
    if not all(name in os.environ for name in names):
        yield ALONE
        return
    processes = Processes(*(int(os.environ[name]) for name in names))
    _connect(processes)
    try:
        yield processes
    except RuntimeError as error:
        if not any(text in str(error) for text in LOST):
            raise
        raise UserError(
            f'process {processes.rank} of {processes.world} has lost another one, which ended or '
            f'gave no answer for {PATIENCE.total_seconds():g} s: the reason is in what that one '
            'printed; start all with --resume to go on'
        ) from error
    finally:
        dist.destroy_process_group()
        # DistributedDataParallel holds the group in cycles. Threads of it that live on until the
        # interpreter ends may ask for the GIL then, and the whole process aborts.
        gc.collect()


def _connect(processes: Processes) -> None:
    cuda = torch.cuda.is_available()
    try:
        dist.init_process_group('cpu:gloo,cuda:nccl' if cuda else 'gloo', timeout=PATIENCE)
    except dist.DistError as error:
        raise UserError(
            f'process {processes.rank} of {processes.world} has not met all others within '
            f'{PATIENCE.total_seconds():g} s: look at what they printed, and start all again'
        ) from error
