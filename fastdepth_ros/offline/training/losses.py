"""Losses over the pixels that have a depth: (N, 1, H, W) metres, 0 = none.

Each is a sum over a count that depends on the target alone, so that a batch may be cut into parts
(gradient accumulation, several processes) whose sums and counts add up to the whole's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

MIN_DEPTH = 1e-3  # m, so that a logarithm exists
SILOG_LAMBDA = 0.5
GRADIENT_SCALES = 4
BERHU_SHARE = 0.2  # of the largest error of an image: from there on, errors count squared
SSIM_WINDOW = 7  # px
SSIM_RANGE = 10.0  # m: what its two constants are relative to


@dataclass(frozen=True)
class Loss:
    """`sums` (prediction, target) -> (K,) and `counts` (target) -> (K,); the loss adds up K means.

    A count of 0 comes with a sum of 0.
    """

    sums: Callable[[Tensor, Tensor], Tensor]
    counts: Callable[[Tensor], Tensor]

    def __call__(self, prediction: Tensor, target: Tensor) -> Tensor:
        """The loss of a whole batch, ()."""
        return (self.sums(prediction, target) / self.counts(target).clamp(min=1)).sum()


def per_pixel(error: Callable[[Tensor, Tensor], Tensor]) -> Loss:
    """The mean over pixels with depth of `error` (prediction - target, mask) -> (N, 1, H, W)."""

    def sums(prediction: Tensor, target: Tensor) -> Tensor:
        valid = target > 0
        return error(torch.where(valid, prediction - target, 0), valid).sum().view(1)

    return Loss(sums, lambda target: (target > 0).sum().view(1))


def berhu(difference: Tensor, valid: Tensor) -> Tensor:
    """Reverse Huber of Laina et al. (arXiv 1606.00373): |d| up to c, (d^2 + c^2) / 2c above.

    c is a fifth of the image's largest error; the paper's is the batch's, which depends on how
    images are put together.
    """
    size = difference.abs()
    c = (BERHU_SHARE * (size * valid).amax((1, 2, 3), keepdim=True)).detach().clamp(min=1e-6)
    return torch.where(size <= c, size, (size.square() + c.square()) / (2 * c))


def silog_sums(prediction: Tensor, target: Tensor) -> Tensor:
    """(1,) of sqrt(mean(d^2) - lambda mean(d)^2) of each image with depth; d: log difference."""
    difference, valid = log_difference(prediction, target)
    count = valid.sum((1, 2, 3)).clamp(min=1)
    mean = difference.sum((1, 2, 3)) / count
    mean_square = difference.square().sum((1, 2, 3)) / count
    error = (mean_square - SILOG_LAMBDA * mean.square()).clamp(min=1e-8).sqrt()
    return (error * valid.flatten(1).any(1)).sum().view(1)


def silog_counts(target: Tensor) -> Tensor:
    """(1,) images with depth."""
    return (target > 0).flatten(1).any(1).sum().view(1)


def gradient_sums(prediction: Tensor, target: Tensor) -> Tensor:
    """(2 x scales,) of the steps of the log difference between neighbours that both have depth."""
    difference, valid = log_difference(prediction, target)
    parts = []
    for d, v in zip(_scales(difference), _scales(valid), strict=True):
        for axis, both in zip((-1, -2), _neighbours(v), strict=True):
            parts.append((d.diff(dim=axis).abs() * both).sum())
    return torch.stack(parts) / GRADIENT_SCALES


def gradient_counts(target: Tensor) -> Tensor:
    """(2 x scales,) pairs of neighbours that both have depth."""
    return torch.stack([both.sum() for v in _scales(target > 0) for both in _neighbours(v)])


def _scales(picture: Tensor) -> list[Tensor]:
    return [picture[..., :: 2**scale, :: 2**scale] for scale in range(GRADIENT_SCALES)]


def _neighbours(valid: Tensor) -> tuple[Tensor, Tensor]:
    """Where a pixel and the next have depth, along x and along y."""
    return valid[..., 1:] & valid[..., :-1], valid[..., 1:, :] & valid[..., :-1, :]


def ssim_sums(prediction: Tensor, target: Tensor) -> Tensor:
    """(1,) of (1 - SSIM) / 2 (Wang et al., IEEE TIP 13(4), 2004) of windows that are all depth."""
    inside = _whole_windows(target)
    p, t = torch.where(target > 0, prediction, 0), target
    mean_p, mean_t = _window_mean(p), _window_mean(t)
    spread_p = _window_mean(p * p) - mean_p.square()
    spread_t = _window_mean(t * t) - mean_t.square()
    both = _window_mean(p * t) - mean_p * mean_t
    c1, c2 = (0.01 * SSIM_RANGE) ** 2, (0.03 * SSIM_RANGE) ** 2
    same = (2 * mean_p * mean_t + c1) * (2 * both + c2)
    ssim = same / ((mean_p.square() + mean_t.square() + c1) * (spread_p + spread_t + c2))
    return (torch.where(inside, 1 - ssim, 0).sum() / 2).view(1)


def ssim_counts(target: Tensor) -> Tensor:
    """(1,) windows in which every pixel has depth."""
    return _whole_windows(target).sum().view(1)


def _window_mean(picture: Tensor) -> Tensor:
    return functional.avg_pool2d(picture, SSIM_WINDOW, stride=1)


def _whole_windows(target: Tensor) -> Tensor:
    holes = (target <= 0).to(target.dtype)
    return functional.max_pool2d(holes, SSIM_WINDOW, stride=1) == 0


def laplace_sums(prediction: Tensor, target: Tensor, error: Tensor) -> Tensor:
    """(1,) of the negative log likelihood of the log difference: Laplace, of mean size `error`.

    `error` is (N, 1, h, w), each its block's; the prediction learns nothing from it.
    """
    difference, valid = log_difference(prediction.detach(), target)
    error = functional.interpolate(error, prediction.shape[-2:], mode='nearest')
    likelihood = difference.abs() / error + error.log()
    return torch.where(valid, likelihood, 0).sum().view(1)


def laplace_counts(target: Tensor) -> Tensor:
    """(1,) pixels with depth."""
    return (target > 0).sum().view(1)


def log_difference(prediction: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
    """log prediction - log target, 0 where there is no target, and the mask of targets."""
    valid = target > 0
    ratio = prediction.clamp(min=MIN_DEPTH) / target.clamp(min=MIN_DEPTH)
    return torch.where(valid, ratio.log(), 0), valid


LOSSES: dict[str, Loss] = {
    'l1': per_pixel(lambda difference, _: difference.abs()),  # m, the loss of FastDepth
    'l2': per_pixel(lambda difference, _: difference.square()),  # m^2
    'berhu': per_pixel(berhu),  # m
    # Scale-invariant log error of Eigen et al., arXiv 1406.2283, eq. 4, lambda 0.5, by image.
    'silog': Loss(silog_sums, silog_counts),
    # Multi-scale gradient matching of log depth, Li and Snavely, arXiv 1804.00607, eq. 3.
    'gradient': Loss(gradient_sums, gradient_counts),
    'ssim': Loss(ssim_sums, ssim_counts),
}
