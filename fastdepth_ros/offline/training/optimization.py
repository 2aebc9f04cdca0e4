"""Optimizers, and the learning rate over a run."""

from __future__ import annotations

import math

import torch
from torch import nn

from fastdepth_ros.offline.training.run_config import RunConfig


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
