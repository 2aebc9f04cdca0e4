"""FastDepth in PyTorch: a small encoder, and a nearest-neighbour decoder with skips.

Wofk et al., arXiv 1903.03273. With MobileNet, parameter names are those of the published
checkpoints.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from fastdepth_ros.errors import UserError
from fastdepth_ros.network.config import NetworkConfig
from fastdepth_ros.network.encoders import conv_bn, depthwise_bn, encoder_layer

HEAD = 'decode_conv6'
ERROR_HEAD = 'decode_error'
ADDED = (f'{HEAD}.0.smooth.', f'{ERROR_HEAD}.')  # tensors that weights trained without them lack
# Of a log head: in metres beyond any room, as an error beyond any use, and finite in float16.
LOG_RANGE = (-5.0, 5.0)
START_DEPTH, START_ERROR = 2.0, 0.1  # m, and |log depth error|


def decoder_stage(inputs: int, outputs: int, kind: str) -> nn.Sequential:
    """NNConv5 without its upsampling: depthwise 5x5 + pointwise 1x1, or one full 5x5."""
    if kind == 'full':
        return nn.Sequential(*conv_bn(inputs, outputs, 5))
    return nn.Sequential(
        nn.Sequential(*depthwise_bn(inputs, 5)),
        nn.Sequential(*conv_bn(inputs, outputs, 1)),
    )


def upsample(x: Tensor, factor: int = 2) -> Tensor:
    """Nearest-neighbour x2, or more."""
    return functional.interpolate(x, scale_factor=factor, mode='nearest')


class Smoothing(nn.Conv2d):
    """A 3x3 convolution of `block` x `block` depths a pixel that are yet to be shuffled.

    Each depth of a block has weights of its own, so that its rim can be joined to the neighbours'
    and its inside stay sharp; at that size it costs less than one kernel on the whole image.
    """

    def __init__(self, block: int) -> None:
        channels = block**2
        super().__init__(channels, channels, 3, padding=1, bias=False, padding_mode='replicate')
        self._block = block

    @torch.no_grad()
    def start(self) -> None:
        """The binomial kernel (1 2 1) x (1 2 1) / 16 on the shuffled image."""
        place = torch.arange(self._block)
        # What output o takes of input i in the neighbouring block k, along one axis.
        other = place.view(1, -1, 1) + self._block * torch.arange(-1, 2)
        one = (2 - (other - place.view(-1, 1, 1)).abs()).clamp(min=0) / 4
        both = torch.einsum('oik,pjl->opijkl', one, one)
        self.weight.copy_(both.reshape(self.weight.shape))


class LogHead(nn.Conv2d):
    """A 1x1 convolution to a logarithm, and its exponent: (N, C, H, W) -> (N, outputs, H, W).

    `smooth`: what the logarithm goes through before.
    """

    def __init__(
        self, inputs: int, outputs: int, start: float, smooth: nn.Module | None = None
    ) -> None:
        super().__init__(inputs, outputs, 1)
        self._start, self.smooth = start, smooth

    def start(self) -> None:
        """`start` everywhere to begin with: He's initialisation would saturate the exponent."""
        nn.init.normal_(self.weight, 0, 0.01)
        nn.init.constant_(self.bias, math.log(self._start))  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> Tensor:
        """Within exp(LOG_RANGE)."""
        x = super().forward(x)
        x = self.smooth(x) if self.smooth else x
        return x.clamp(*LOG_RANGE).exp()


class FastDepth(nn.Module):
    """One forward pass: (N, 3, H, W) normalised RGB -> (N, 1, H, W) depth in metres.

    H and W are multiples of 32. The depth is that of the training camera; geometry.metric_scale
    turns it into another camera's metres.
    """

    def __init__(self, config: NetworkConfig | None = None) -> None:
        super().__init__()
        self.config = config or NetworkConfig()
        inputs = 3
        widths = self.config.encoder_widths
        for i, (layer, outputs) in enumerate(zip(self.config.layers, widths, strict=True)):
            self.add_module(f'conv{i}', encoder_layer(inputs, outputs, layer, first=i == 0))
            inputs = outputs
        *stage_inputs, head_inputs = self.config.decoder_inputs()
        stages = zip(stage_inputs, self.config.decoder_widths, strict=True)
        for stage, (inputs, outputs) in enumerate(stages, start=1):
            kind = self.config.decoder
            self.add_module(f'decode_conv{stage}', decoder_stage(inputs, outputs, kind))
        self.add_module(HEAD, self._head(head_inputs))
        self.apply(init_weights)
        if self.config.error:  # last, so that the rest is initialised as without it
            self.add_module(ERROR_HEAD, LogHead(head_inputs, 1, START_ERROR))
            self.get_submodule(ERROR_HEAD).apply(init_weights)

    def _head(self, inputs: int) -> nn.Sequential:
        outputs = self.config.head_outputs
        if self.config.output == 'log_depth':
            smooth = Smoothing(self.config.head_stride) if self.config.smooth else None
            return nn.Sequential(LogHead(inputs, outputs, START_DEPTH, smooth))
        return nn.Sequential(*conv_bn(inputs, outputs, 1))

    def forward(self, x: Tensor) -> Tensor:
        """(N, 3, H, W) -> (N, 1, H, W) metres."""
        return self._depth(self._features(x))

    def forward_with_error(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(N, 3, H, W) -> depth as of forward, and the expected |log depth error|.

        The error is (N, 1, H / s, W / s), s the config's head_stride; the config has `error`. It
        learns from features that it does not change: the depth is that of a network without it.
        """
        features = self._features(x)
        return self._depth(features), self.get_submodule(ERROR_HEAD)(features.detach())

    def _features(self, x: Tensor) -> Tensor:
        """The output of the last stage."""
        encoded = {}
        for i in range(len(self.config.layers)):
            x = encoded[i] = self.get_submodule(f'conv{i}')(x)
        for stage in range(1, len(self.config.decoder_widths)):
            x = upsample(self.get_submodule(f'decode_conv{stage}')(x))
            if stage in self.config.skipped:
                x = self._skip(x, encoded[self.config.skipped[stage]])
        return cast(Tensor, self.get_submodule(f'decode_conv{len(self.config.decoder_widths)}')(x))

    def _depth(self, features: Tensor) -> Tensor:
        # The head is pointwise, so it commutes with nearest upsampling: one channel to upsample.
        depth: Tensor = self.get_submodule(HEAD)(features)
        if self.config.enlargement == 'shuffle':
            return functional.pixel_shuffle(depth, self.config.head_stride)
        return upsample(depth, self.config.head_stride)

    def _skip(self, x: Tensor, encoded: Tensor) -> Tensor:
        if self.config.skips == 'add':
            return x + encoded
        return torch.cat((x, encoded), 1) if self.config.skips == 'concat' else x


class WithError(nn.Module):
    """A network with both outputs, for those who can only call forward."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Its forward_with_error."""
        both: tuple[Tensor, Tensor] = self.network.forward_with_error(x)  # type: ignore[operator]
        return both


def init_weights(module: nn.Module) -> None:
    """He's normal initialisation by fan-out, as the authors' weights_init."""
    if isinstance(module, LogHead | Smoothing):
        module.start()
    elif isinstance(module, nn.Conv2d):
        fan_out = module.kernel_size[0] * module.kernel_size[1] * module.out_channels
        nn.init.normal_(module.weight, 0, (2 / fan_out) ** 0.5)


def load_tensors(network: nn.Module, tensors: Mapping[str, Any], source: object) -> None:
    """Loads float arrays by parameter name; missing, extra or misshapen ones are a UserError."""
    found = {name: torch.as_tensor(array) for name, array in tensors.items()}
    check_shapes(network, {name: tuple(t.shape) for name, t in found.items()}, source)
    network.load_state_dict(found, strict=False)


def check_shapes(network: nn.Module, found: Mapping[str, tuple[int, ...]], source: object) -> None:
    """A UserError unless the shapes by parameter name are those of the network."""
    wanted = {name: tuple(tensor.shape) for name, tensor in network_tensors(network).items()}
    problems = [f'{name} is missing' for name in wanted if name not in found]
    problems += [f'{name} is unknown' for name in found if name not in wanted]
    problems += [
        f'{name} is {found[name]}, not {shape}'
        for name, shape in wanted.items()
        if name in found and found[name] != shape
    ]
    if problems:
        raise UserError(
            f"'{source}' does not fit its architecture ({len(problems)} differences): "
            + '; '.join(problems[:3])
        )


def network_tensors(network: nn.Module) -> dict[str, Tensor]:
    """The network's weights and BatchNorm statistics by name, without BatchNorm's step count."""
    state = network.state_dict()
    return {name: t for name, t in state.items() if not name.endswith('num_batches_tracked')}
