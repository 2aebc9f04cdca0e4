"""The layers of the encoders: those of MobileNetV1 and of EfficientNet-Lite."""

from __future__ import annotations

from torch import Tensor, nn

from fastdepth_ros.network.config import Layer
from fastdepth_ros.network.depthwise import DepthwiseConv2d


def conv_bn(
    inputs: int,
    outputs: int,
    kernel: int,
    stride: int = 1,
    activation: type[nn.Module] | None = nn.ReLU,
) -> list[nn.Module]:
    """A convolution that keeps the size (but for the stride), BatchNorm and an activation."""
    convolution = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
    return [convolution, nn.BatchNorm2d(outputs), *([activation()] if activation else [])]


def depthwise_bn(
    channels: int, kernel: int, stride: int = 1, activation: type[nn.Module] = nn.ReLU
) -> list[nn.Module]:
    """As conv_bn, depthwise."""
    return [DepthwiseConv2d(channels, kernel, stride), nn.BatchNorm2d(channels), activation()]


class InvertedResidual(nn.Module):
    """Wider by 1x1, depthwise, narrower by 1x1 without activation (arXiv 1801.04381)."""

    def __init__(self, inputs: int, outputs: int, layer: Layer) -> None:
        super().__init__()
        inner = inputs * layer.expansion
        wider = conv_bn(inputs, inner, 1, activation=nn.ReLU6) if layer.expansion > 1 else []
        self.layers = nn.Sequential(
            *wider,
            *depthwise_bn(inner, layer.kernel, layer.stride, nn.ReLU6),
            *conv_bn(inner, outputs, 1, activation=None),
        )
        self.residual = layer.stride == 1 and inputs == outputs

    def forward(self, x: Tensor) -> Tensor:
        """(N, inputs, H, W) -> (N, outputs, H / stride, W / stride)."""
        narrow: Tensor = self.layers(x)
        return x + narrow if self.residual else narrow


def encoder_layer(inputs: int, outputs: int, layer: Layer, first: bool) -> nn.Module:
    """conv0 (a full convolution), an inverted residual, or a depthwise-separable layer; ReLU6."""
    if first:
        return nn.Sequential(
            *conv_bn(inputs, outputs, layer.kernel, layer.stride, activation=nn.ReLU6)
        )
    if layer.expansion:
        return InvertedResidual(inputs, outputs, layer)
    return nn.Sequential(
        *depthwise_bn(inputs, layer.kernel, layer.stride, nn.ReLU6),
        *conv_bn(inputs, outputs, 1, activation=nn.ReLU6),
    )
