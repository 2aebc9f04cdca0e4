"""Losses over the pixels that have a measured depth: (N, 1, H, W) metres, 0 = none."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor

Loss = Callable[[Tensor, Tensor], Tensor]
MIN_DEPTH = 1e-3  # m, so that a logarithm exists
SILOG_LAMBDA = 0.5
GRADIENT_SCALES = 4


def l1(prediction: Tensor, target: Tensor) -> Tensor:
    """Mean absolute error in metres, the loss of FastDepth."""
    valid = target > 0
    return (prediction - target).abs()[valid].sum() / valid.sum().clamp(min=1)


def l2(prediction: Tensor, target: Tensor) -> Tensor:
    """Mean squared error in square metres."""
    valid = target > 0
    return (prediction - target).square()[valid].sum() / valid.sum().clamp(min=1)


def silog(prediction: Tensor, target: Tensor) -> Tensor:
    """Scale-invariant log error of Eigen et al. (arXiv 1406.2283, eq. 4), lambda 0.5, by image."""
    difference, valid = log_difference(prediction, target)
    count = valid.sum((1, 2, 3)).clamp(min=1)
    mean = difference.sum((1, 2, 3)) / count
    mean_square = difference.square().sum((1, 2, 3)) / count
    return (mean_square - SILOG_LAMBDA * mean.square()).clamp(min=1e-8).sqrt().mean()


def gradient(prediction: Tensor, target: Tensor) -> Tensor:
    """Multi-scale gradient matching of log depth (Li and Snavely, arXiv 1804.00607, eq. 3)."""
    difference, valid = log_difference(prediction, target)
    total = difference.new_zeros(())
    for scale in range(GRADIENT_SCALES):
        d, v = difference[..., :: 2**scale, :: 2**scale], valid[..., :: 2**scale, :: 2**scale]
        for axis in (-1, -2):
            size = d.shape[axis] - 1
            both = v.narrow(axis, 0, size) & v.narrow(axis, 1, size)
            step = (d.narrow(axis, 1, size) - d.narrow(axis, 0, size)).abs() * both
            total = total + step.sum() / both.sum().clamp(min=1)
    return total / GRADIENT_SCALES


def log_difference(prediction: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """log prediction - log target, 0 where there is no target, and the mask of targets."""
    valid = target > 0
    ratio = prediction.clamp(min=MIN_DEPTH) / target.clamp(min=MIN_DEPTH)
    return torch.where(valid, ratio.log(), 0), valid


LOSSES: dict[str, Loss] = {'l1': l1, 'l2': l2, 'silog': silog}


def mixed_loss(name: str, gradient_weight: float) -> Loss:
    """One of LOSSES plus gradient_weight times the gradient term."""
    base = LOSSES[name]
    if gradient_weight == 0:
        return base
    return lambda p, t: base(p, t) + gradient_weight * gradient(p, t)
