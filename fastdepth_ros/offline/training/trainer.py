"""The training loop."""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import cast

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn
from torch.utils.data import DataLoader

from fastdepth_ros.errors import UserError
from fastdepth_ros.network.fastdepth import FastDepth
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.network.runnable import RunnableNetwork
from fastdepth_ros.offline.data.bad_frames import BadFrames
from fastdepth_ros.offline.training.loading import Batch
from fastdepth_ros.offline.training.losses import mixed_loss
from fastdepth_ros.offline.training.run_config import RunConfig

STEPS_TOGETHER = 20  # whose losses are read at once on a GPU


def choose_device(device: str) -> torch.device:
    """'auto' takes CUDA where there is one; a UserError if it is asked for and missing."""
    if device == 'cuda' and not torch.cuda.is_available():
        raise UserError("device is 'cuda', but PyTorch finds no GPU here: use cpu or auto")
    if device == 'auto':
        device = 'cuda' if torch.cuda.is_available() else 'cpu'
    return torch.device(device)


def make_optimizer(config: RunConfig, network: nn.Module) -> torch.optim.Optimizer:
    """SGD as published, or AdamW."""
    parameters, decay = network.parameters(), config.weight_decay
    if config.optimizer == 'adamw':
        return torch.optim.AdamW(parameters, config.lr, weight_decay=decay)
    return torch.optim.SGD(parameters, config.lr, config.momentum, weight_decay=decay)


def rate_factor(config: RunConfig, step: int, steps: int) -> float:
    """What the learning rate is multiplied by at `step` of `steps`."""
    warm = min(1.0, (step + 1) / config.warmup_steps) if config.warmup_steps else 1.0
    if config.schedule == 'cosine':
        return warm * 0.5 * (1 + math.cos(math.pi * step / steps))
    return warm * 0.1 ** (3 * step // steps)


class Trainer:
    """A network, its optimizer and one pass over the data at a time."""

    def __init__(
        self,
        config: RunConfig,
        network: FastDepth,
        metadata: ModelMetadata,
        batches: DataLoader,
        bad: BadFrames,
    ) -> None:
        self._config, self._batches, self._bad = config, batches, bad
        self._device = choose_device(config.device)
        self._together = 1 if self._device.type == 'cpu' else STEPS_TOGETHER
        self._runnable = RunnableNetwork(network, metadata).to(self._device)
        self._runnable = self._runnable.to(memory_format=torch.channels_last)
        self.network = network
        self._loss = mixed_loss(config.loss, config.gradient_weight)
        self._optimizer = make_optimizer(config, network)
        steps = config.epochs * len(batches)
        self._scheduler = torch.optim.lr_scheduler.LambdaLR(
            self._optimizer, lambda step: rate_factor(config, step, steps)
        )
        self._average = None
        if config.ema:
            average = get_ema_multi_avg_fn(config.ema)  # type: ignore[no-untyped-call]
            self._average = AveragedModel(network, multi_avg_fn=average, use_buffers=True)

    @property
    def images(self) -> int:
        """Images in one pass."""
        loader = self._batches
        whole = len(loader) * (loader.batch_size or 1)
        return min(whole, len(loader.dataset))  # type: ignore[arg-type]

    @property
    def result(self) -> FastDepth:
        """The network to validate and keep: the average where there is one."""
        return cast(FastDepth, self._average.module) if self._average else self.network

    def epoch(self) -> Iterator[tuple[int, float]]:
        """One pass; yields (images, mean loss) a step, or, since reading a loss makes a GPU wait,
        every STEPS_TOGETHER steps there. UserError when the loss is not finite.
        """
        self._runnable.train()
        steps: list[tuple[int, Tensor]] = []
        for batch in self._batches:
            for error in batch.bad:
                self._bad.handle(error)
            if len(batch.images):
                steps.append((len(batch.images), self.step(batch)))
            if len(steps) >= self._together:
                yield self._sum_up(steps)
                steps = []
        if steps:
            yield self._sum_up(steps)

    def step(self, batch: Batch) -> Tensor:
        """Learns from one batch; its loss, (), on the device, which may still be computing it."""
        batch = batch.to(self._device)
        loss = self._loss(self._forward(batch.images), batch.depths)
        self._optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        self._optimizer.step()
        self._scheduler.step()
        if self._average:
            self._average.update_parameters(self.network)
        return loss.detach()

    def _sum_up(self, steps: list[tuple[int, Tensor]]) -> tuple[int, float]:
        images, total = 0, 0.0
        losses = torch.stack([loss for _, loss in steps]).tolist()
        for (count, _), loss in zip(steps, losses, strict=True):
            if not math.isfinite(loss):
                raise UserError(
                    f'the loss is {loss} at lr {self._scheduler.get_last_lr()[0]:g}: lower '
                    '--lr; the checkpoints written so far are kept'
                )
            images, total = images + count, total + loss * count
        return images, total / images

    def _forward(self, images: Tensor) -> Tensor:
        bf16 = self._config.precision == 'bf16'
        x = self._runnable.normalise(images)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=bf16):
            return self.network(x).float()
