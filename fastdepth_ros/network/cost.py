"""What a network costs, from its table alone (no torch)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fastdepth_ros.network.config import INPUT_MULTIPLE, NetworkConfig

DECODER_KERNEL = 5
SMOOTHING_KERNEL = 3


@dataclass(frozen=True)
class Convolution:
    """`weights` for each of `outputs` channels, at 1 / `stride` of the image's edges."""

    weights: int
    outputs: int
    stride: int
    vectors: int = 2  # beside the weights, one number an output each: of BatchNorm, or a bias


def macs(config: NetworkConfig, width: int, height: int) -> int:
    """Multiply-adds of the convolutions for one image; the size in pixels, multiples of 32."""
    return sum(
        c.weights * c.outputs * (width // c.stride) * (height // c.stride)
        for c in convolutions(config)
    )


def parameters(config: NetworkConfig) -> int:
    """Weights, and the vectors of BatchNorm or biases."""
    return sum((c.weights + c.vectors) * c.outputs for c in convolutions(config))


def convolutions(config: NetworkConfig) -> list[Convolution]:
    """As they are computed: the heads before the enlargement to the image's size."""
    heads = head_convolutions(config)
    return [*encoder_convolutions(config), *decoder_convolutions(config), *heads]


def encoder_convolutions(config: NetworkConfig) -> Iterator[Convolution]:
    """Those of conv0, conv1, ..."""
    inputs, stride = 3, 1
    for i, (layer, width) in enumerate(zip(config.layers, config.encoder_widths, strict=True)):
        before, stride = stride, stride * layer.stride
        if i == 0:
            yield Convolution(layer.kernel**2 * inputs, width, stride)
        else:
            inner = inputs * max(layer.expansion, 1)
            if layer.expansion > 1:
                yield Convolution(inputs, inner, before)
            yield Convolution(layer.kernel**2, inner, stride)
            yield Convolution(inner, width, stride)
        inputs = width


def decoder_convolutions(config: NetworkConfig) -> Iterator[Convolution]:
    """Those of the stages, each before its upsampling."""
    stages = zip(config.decoder_inputs(), config.decoder_widths, strict=False)
    for stage, (inputs, width) in enumerate(stages):
        stride = INPUT_MULTIPLE >> stage
        if config.decoder == 'full':
            yield Convolution(DECODER_KERNEL**2 * inputs, width, stride)
        else:
            yield Convolution(DECODER_KERNEL**2, inputs, stride)
            yield Convolution(inputs, width, stride)


def head_convolutions(config: NetworkConfig) -> Iterator[Convolution]:
    """Those of depth, of its smoothing and of the expected error, where there are any."""
    inputs, outputs, stride = config.decoder_inputs()[-1], config.head_outputs, config.head_stride
    yield Convolution(inputs, outputs, stride, 1 if config.output == 'log_depth' else 2)
    if config.smooth:
        yield Convolution(SMOOTHING_KERNEL**2 * outputs, outputs, stride, 0)
    if config.error:
        yield Convolution(inputs, 1, stride, 1)
