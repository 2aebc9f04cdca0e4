"""The training loop."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn.parallel import DistributedDataParallel
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.errors import UserError
from fastdepth_ros.network.config import INPUT_MULTIPLE
from fastdepth_ros.network.fastdepth import FastDepth, WithError
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.network.runnable import RunnableNetwork
from fastdepth_ros.offline.training.loading import Batch
from fastdepth_ros.offline.training.loss_mix import mixed_loss
from fastdepth_ros.offline.training.losses import laplace_counts, laplace_sums
from fastdepth_ros.offline.training.optimization import make_optimizer, rate_factor
from fastdepth_ros.offline.training.processes import ALONE, Processes
from fastdepth_ros.offline.training.run_config import RunConfig
from fastdepth_ros.offline.training.sampler import StepSampler
from fastdepth_ros.offline.training.state_file import State
from fastdepth_ros.offline.training.teacher import Teacher

STEPS_TOGETHER = 20  # whose losses are read at once on a GPU


def choose_device(device: str, processes: Processes = ALONE) -> torch.device:
    """'auto' takes CUDA where there is one; a UserError if it is asked for and missing."""
    if device == 'cuda' and not torch.cuda.is_available():
        raise UserError("device is 'cuda', but PyTorch finds no GPU here: use cpu or auto")
    if device == 'auto':
        device = 'cuda' if torch.cuda.is_available() else 'cpu'
    if device == 'cpu' or processes.world == 1:
        return torch.device(device)
    if processes.local_rank >= torch.cuda.device_count():
        raise UserError(
            f'{processes.local_world} processes on a machine with {torch.cuda.device_count()} '
            'GPUs: start one a GPU (--nproc-per-node), or use --device cpu'
        )
    torch.cuda.set_device(processes.local_rank)
    return torch.device('cuda', processes.local_rank)


class Trainer:
    """A network, its optimizer and one pass over the data at a time.

    With several processes, each has a Trainer that sees its own part of every step; the gradients
    are those of the whole step, as is every loss that is told.
    """

    def __init__(
        self,
        config: RunConfig,
        network: FastDepth,
        metadata: ModelMetadata,
        batches: DataLoader,
        bad: BadFrames,
        processes: Processes = ALONE,
    ) -> None:
        self._config, self._batches, self._bad = config, batches, bad
        self._processes = processes
        self._device = choose_device(config.device, processes)
        self._together = 1 if self._device.type == 'cpu' else STEPS_TOGETHER
        self._runnable = RunnableNetwork(network, metadata).to(self._device)
        self._runnable = self._runnable.to(memory_format=torch.channels_last)
        self.network = network
        self._parallel = self._over_processes(network)
        self._loss = mixed_loss(config.loss)
        self._teacher = None
        if config.teacher:
            self._teacher = Teacher(config.teacher, metadata, self._device)
        self._optimizer = make_optimizer(config, network)
        self.sampler = cast(StepSampler, batches.batch_sampler)
        steps = config.epochs * self.sampler.steps
        self._scheduler = torch.optim.lr_scheduler.LambdaLR(
            self._optimizer, lambda step: rate_factor(config, step, steps)
        )
        self._average = None
        if config.ema:
            average = get_ema_multi_avg_fn(config.ema)  # type: ignore[no-untyped-call]
            self._average = AveragedModel(network, multi_avg_fn=average, use_buffers=True)

    def _over_processes(self, network: FastDepth) -> nn.Module:
        whole = WithError(network) if network.config.error else network
        if self._processes.world == 1:
            return whole
        gpu = [self._device.index] if self._device.type == 'cuda' else None
        return DistributedDataParallel(whole, device_ids=gpu)

    @property
    def lr(self) -> float:
        """The learning rate of the next step."""
        return float(self._scheduler.get_last_lr()[0])

    @property
    def result(self) -> FastDepth:
        """The network to validate and keep: the average where there is one."""
        return cast(FastDepth, self._average.module) if self._average else self.network

    def state(self) -> State:
        """Network, average, optimizer and schedule, to go on from."""
        tensors = {f'network.{n}': t for n, t in self.network.state_dict().items()}
        if self._average:
            tensors |= {f'average.{n}': t for n, t in self._average.state_dict().items()}
        optimizer = self._optimizer.state_dict()
        others: dict[str, dict[str, Any]] = {}
        for number, entries in optimizer['state'].items():
            for name, value in entries.items():
                if isinstance(value, Tensor):
                    tensors[f'optimizer.{number}.{name}'] = value
                else:
                    others.setdefault(str(number), {})[name] = value
        values = {
            'optimizer': {'groups': optimizer['param_groups'], 'others': others},
            'scheduler': self._scheduler.state_dict(),
        }
        return State({n: t.detach().cpu() for n, t in tensors.items()}, values)

    def restore(self, state: State) -> None:
        """Goes on from what state() gave."""
        self.network.load_state_dict(_below(state.tensors, 'network'))
        if self._average:
            self._average.load_state_dict(_below(state.tensors, 'average'))
        groups, others = state.values['optimizer'].values()
        entries = {int(number): dict(values) for number, values in others.items()}
        for name, tensor in _below(state.tensors, 'optimizer').items():
            number, _, entry = name.partition('.')
            entries.setdefault(int(number), {})[entry] = tensor
        self._optimizer.load_state_dict({'state': entries, 'param_groups': groups})
        self._scheduler.load_state_dict(state.values['scheduler'])

    def epoch(self, number: int = 1, first: int = 0) -> Iterator[tuple[int, int, float]]:
        """Pass `number` over the data from step `first` (counted from 0) on.

        Yields (steps done, images, mean loss) after each step, or, since reading a loss makes a
        GPU wait, after every STEPS_TOGETHER steps there. UserError when the loss is not finite.
        """
        self.sampler.go_to(number, first)
        self._learning()
        losses: list[tuple[int, Tensor]] = []
        batches = iter(self._batches)
        for step in range(first, self.sampler.steps):
            losses.append(self._step([next(batches) for _ in range(self._config.accumulate)]))
            if len(losses) >= self._together or step + 1 == self.sampler.steps:
                yield step + 1, *self._sum_up(losses)
                losses = []

    def _learning(self) -> None:
        """Training mode; frozen BatchNorm learns its weights, but keeps its statistics."""
        self._runnable.train()
        for module in self.network.modules() if self._config.freeze_batchnorm else ():
            if isinstance(module, nn.BatchNorm2d):
                module.eval()

    def _step(self, batches: list[Batch]) -> tuple[int, Tensor]:
        """(images, loss) of this process's part of one step; one without images is left out."""
        for batch in batches:
            for error in batch.bad:
                self._bad.handle(error)
        full = [batch for batch in batches if len(batch.images)]
        if not full and self._processes.world == 1:
            return 0, torch.zeros((), device=self._device)
        return sum(len(batch.images) for batch in full), self.step(*full)

    def step(self, *batches: Batch) -> Tensor:
        """One step on these batches and those of the other processes.

        Returns this process's share of the loss, (), on the device, which may still be computing
        it. The loss is divided by what all batches of all processes count.
        """
        self._optimizer.zero_grad(set_to_none=True)
        parts = [self._with_targets(batch.to(self._device)) for batch in batches]
        counts = [self._counts(targets) for _, targets in parts]
        divisor = self._processes.total(self._summed(counts)).clamp(min=1)
        total = torch.zeros((), device=self._device)
        for number, (images, targets) in enumerate(parts, 1):
            with self._exchange(last=number == len(parts)):
                loss = (self._sums(*self._forward(images), targets) / divisor).sum()
                # DDP takes the mean over processes, and the loss is a sum over them.
                (loss * self._processes.world).backward()  # type: ignore[no-untyped-call]
            total = total + loss.detach()
        if not parts:
            self._take_part()
        self._optimizer.step()
        self._scheduler.step()
        if self._average:
            self._average.update_parameters(self.network)
        return total

    def _with_targets(self, batch: Batch) -> tuple[Tensor, list[tuple[float, Tensor]]]:
        """Images and what their depth is to be, each with its weight."""
        targets = [(1.0, batch.depths)]
        if self._teacher:
            targets.append((self._config.teacher_weight, self._teacher.depth(batch.images)))
        return batch.images, targets

    def _counts(self, targets: list[tuple[float, Tensor]]) -> Tensor:
        counts = [self._loss.counts(target) for _, target in targets]
        if self.network.config.error:
            counts.append(laplace_counts(targets[0][1]))
        return torch.cat(counts).double()

    def _sums(
        self, depth: Tensor, error: Tensor | None, targets: list[tuple[float, Tensor]]
    ) -> Tensor:
        """Those of depth against each target, and of the expected error against the frames'."""
        sums = [weight * self._loss.sums(depth, target) for weight, target in targets]
        if error is not None:
            weight = self._config.error_weight
            sums.append(weight * laplace_sums(depth, targets[0][1], error))
        return torch.cat(sums)

    def _summed(self, counts: list[Tensor]) -> Tensor:
        if counts:
            return torch.stack(counts).sum(0)
        nothing = torch.zeros(1, 1, INPUT_MULTIPLE, INPUT_MULTIPLE, device=self._device)
        return torch.zeros_like(self._counts([(1.0, nothing)] * (2 if self._teacher else 1)))

    def _exchange(self, last: bool) -> AbstractContextManager[None]:
        """Processes exchange gradients once a step, with the last batch."""
        if last or not isinstance(self._parallel, DistributedDataParallel):
            return nullcontext()
        return cast(AbstractContextManager[None], self._parallel.no_sync())

    def _take_part(self) -> None:
        """Without any image of its own, a process adds gradients of 0, and no statistics."""
        self._runnable.eval()
        size = (1, 3, INPUT_MULTIPLE, INPUT_MULTIPLE)
        images = torch.zeros(size, dtype=torch.uint8, device=self._device)
        outputs = [output for output in self._forward(images) if output is not None]
        nothing = sum(output.sum() * 0 for output in outputs)
        nothing.backward()  # type: ignore[union-attr]
        self._learning()

    def _sum_up(self, steps: list[tuple[int, Tensor]]) -> tuple[int, float]:
        losses = torch.stack([loss for _, loss in steps]).double()
        counts = losses.new_tensor([count for count, _ in steps])
        told = self._processes.total(torch.stack([counts, losses])).tolist()
        images, total = 0, 0.0
        for count, loss in zip(*told, strict=True):
            if not math.isfinite(loss):
                raise UserError(
                    f'the loss is {loss} at lr {self.lr:g}: lower --lr; the checkpoints written '
                    'so far are kept'
                )
            images, total = images + int(count), total + loss * count
        return images, total / max(images, 1)

    def _forward(self, images: Tensor) -> tuple[Tensor, Tensor | None]:
        """Depth, and the expected error where the network has it."""
        bf16 = self._config.precision == 'bf16'
        x = self._runnable.normalise(images)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=bf16):
            outputs = self._parallel(x)
        if not self.network.config.error:
            return outputs.float(), None
        depth, error = outputs
        return depth.float(), error.float()


def _below(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """Those whose name begins with `prefix` and a dot, without it."""
    start = f'{prefix}.'
    return {n.removeprefix(start): t for n, t in tensors.items() if n.startswith(start)}
