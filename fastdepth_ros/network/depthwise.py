"""A depthwise convolution that a CPU also learns fast in bfloat16."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional


class DepthwiseConv2d(nn.Conv2d):
    """nn.Conv2d of one group a channel, with zero padding.

    oneDNN's bfloat16 gradients of it take up to ten times as long as its float32 ones, and most
    of a training step: under autocast on a CPU they are computed in float32.
    """

    def __init__(self, channels: int, kernel: int, stride: int = 1) -> None:
        super().__init__(
            channels, channels, kernel, stride, kernel // 2, groups=channels, bias=False
        )

    def forward(self, x: Tensor) -> Tensor:
        """As nn.Conv2d's."""
        if x.device.type == 'cpu' and torch.is_grad_enabled() and torch.is_autocast_enabled('cpu'):
            low = torch.get_autocast_dtype('cpu')
            y: Tensor = _Float32Gradients.apply(x.to(low), self.weight, self.stride, self.padding)
            return y
        return super().forward(x)


class _Float32Gradients(torch.autograd.Function):
    """conv2d in the images' precision; its gradients in float32."""

    @staticmethod
    def forward(
        ctx: Any, x: Tensor, weight: Tensor, stride: tuple[int, ...], padding: tuple[int, ...]
    ) -> Tensor:
        ctx.save_for_backward(x, weight)
        ctx.stride, ctx.padding = stride, padding
        kernel = weight.to(x.dtype)
        return functional.conv2d(x, kernel, None, stride, padding, groups=len(weight))

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> tuple[Tensor, Tensor, None, None]:
        x, weight = ctx.saved_tensors
        to_x, to_weight, _ = torch.ops.aten.convolution_backward(
            gradients[0].float(),
            x.float(),
            weight.float(),
            None,
            ctx.stride,
            ctx.padding,
            (1, 1),
            False,
            (0, 0),
            len(weight),
            (True, True, False),
        )
        return to_x.to(x.dtype), to_weight.to(weight.dtype), None, None
