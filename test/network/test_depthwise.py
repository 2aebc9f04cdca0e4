"""Depthwise convolutions: those of nn.Conv2d, and float32 gradients under autocast on a CPU."""

from __future__ import annotations

from typing import Any

import pytest

torch = pytest.importorskip('torch')

from torch import Tensor, nn  # noqa: E402
from torch.utils._python_dispatch import TorchDispatchMode  # noqa: E402

from fastdepth_ros.network.depthwise import DepthwiseConv2d  # noqa: E402


class Seen(TorchDispatchMode):  # type: ignore[misc]
    """Notes the precision of every convolution's gradients."""

    def __init__(self) -> None:
        super().__init__()
        self.precisions: list[torch.dtype] = []

    def __torch_dispatch__(self, op: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        if op is torch.ops.aten.convolution_backward.default:
            self.precisions.append(args[0].dtype)
        return op(*args, **(kwargs or {}))


def both(kernel: int, stride: int) -> tuple[DepthwiseConv2d, nn.Conv2d, Tensor]:
    torch.manual_seed(3)
    ours = DepthwiseConv2d(8, kernel, stride)
    theirs = nn.Conv2d(8, 8, kernel, stride, kernel // 2, groups=8, bias=False)
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs, torch.randn(2, 8, 12, 16)


def gradients(layer: nn.Module, x: Tensor, autocast: bool) -> tuple[Tensor, Tensor, Tensor]:
    x = x.clone().requires_grad_()
    with torch.autocast('cpu', torch.bfloat16, enabled=autocast):
        y = layer(x)
    return y.detach(), *torch.autograd.grad((y.float() ** 2).sum(), [x, layer.weight])


@pytest.mark.parametrize(('kernel', 'stride'), [(3, 1), (3, 2), (5, 1), (5, 2)])
def test_outputs_and_gradients_are_those_of_conv2d(kernel: int, stride: int) -> None:
    ours, theirs, x = both(kernel, stride)
    for mine, other in zip(gradients(ours, x, False), gradients(theirs, x, False), strict=True):
        assert torch.equal(mine, other)


@pytest.mark.parametrize(('kernel', 'stride'), [(3, 2), (5, 1)])
def test_under_autocast_only_the_gradients_are_float32(kernel: int, stride: int) -> None:
    ours, theirs, x = both(kernel, stride)
    with Seen() as seen:
        y, *found = gradients(ours, x, True)
    assert seen.precisions == [torch.float32]
    assert y.dtype == torch.bfloat16
    assert torch.equal(y, gradients(theirs, x, True)[0])
    for mine, exact in zip(found, gradients(theirs, x, False)[1:], strict=True):
        assert mine.dtype == torch.float32
        torch.testing.assert_close(mine, exact, rtol=0.05, atol=0.1)
