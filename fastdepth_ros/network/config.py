"""What a FastDepth network looks like, as data (no torch here).

Wofk et al., FastDepth: Fast Monocular Depth Estimation on Embedded Systems, arXiv 1903.03273.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from fastdepth_ros.errors import UserError, check_choice

DECODER_WIDTHS = (512, 256, 128, 64, 32)
FEWEST_STAGES = 3  # of a decoder: depth at an eighth of the image's edges, enlarged
INPUT_MULTIPLE = 32  # five strides of 2
PUBLISHED_INPUT = 224  # px a side, of Wofk et al.
MAX_WIDTH = 2**16  # channels: more is a damaged file, and memory that no machine has


@dataclass(frozen=True)
class Layer:
    """One layer of an encoder, conv0, conv1, ...: its output and what it does."""

    width: int  # channels
    stride: int
    kernel: int = 3  # of its depthwise convolution (conv0: of its full one)
    expansion: int = 0  # of an inverted residual; 0: a plain depthwise-separable layer


@dataclass(frozen=True)
class Encoder:
    """The layers of an encoder, and the decoder's skips.

    `skips`: decoder stage (from 1) -> the layer whose output has that stage's size after its
    upsampling.
    """

    layers: tuple[Layer, ...]
    skips: dict[int, int]


def _layers(*rows: tuple[int, ...]) -> tuple[Layer, ...]:
    return tuple(Layer(*row) for row in rows)


def _efficientnet_lite(widths: tuple[int, ...], repeats: tuple[int, ...]) -> Encoder:
    """EfficientNet (arXiv 1905.11946) without squeeze-excitation and with ReLU6.

    `widths` and `repeats` are of its blocks but for the last, which is for classes.
    """
    rows: list[tuple[int, ...]] = [(32, 2)]
    last: list[int] = []  # layer of each block
    strides, kernels = (1, 2, 2, 2, 1, 2), (3, 3, 5, 3, 5, 5)
    for width, repeat, stride, kernel in zip(widths, repeats, strides, kernels, strict=True):
        expansion = 6 if last else 1
        rows += [(width, stride if i == 0 else 1, kernel, expansion) for i in range(repeat)]
        last.append(len(rows) - 1)
    return Encoder(_layers(*rows), skips={1: last[4], 2: last[2], 3: last[1], 4: last[0]})


# conv0 is a full convolution.
ENCODERS = {
    'mobilenet_v1': Encoder(  # 1.0, arXiv 1704.04861: (channels, stride)
        _layers(
            *((32, 2), (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)),
            *((512, 1), (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1)),
        ),
        skips={2: 5, 3: 3, 4: 1},
    ),
    'efficientnet_lite0': _efficientnet_lite((16, 24, 40, 80, 112, 192), (1, 2, 2, 3, 3, 4)),
    'efficientnet_lite2': _efficientnet_lite((16, 24, 48, 88, 120, 208), (1, 3, 3, 4, 4, 5)),
}
DECODERS = ('depthwise', 'full')
SKIP_KINDS = ('add', 'concat', 'none')
OUTPUTS = ('depth', 'log_depth')
ENLARGEMENTS = ('nearest', 'shuffle')


@dataclass(frozen=True)
class NetworkConfig:
    """Widths and choices of one network; the pruned variant differs only in its widths."""

    encoder: str = 'mobilenet_v1'
    encoder_widths: tuple[int, ...] = ()  # of its layers; (): as its authors have them
    decoder_widths: tuple[int, ...] = DECODER_WIDTHS  # of 3 to 5 stages, each twice the size
    decoder: str = 'depthwise'  # depthwise 5x5 + pointwise 1x1, or one full 5x5
    skips: str = 'add'
    output: str = 'depth'  # 'depth': BN + ReLU, as published; 'log_depth': exp(convolution + bias)
    # From the last stage to the image's size: 'nearest' as published, or 'shuffle', where the head
    # has an output for each pixel of the block (sub-pixel convolution, arXiv 1609.05158).
    enlargement: str = 'nearest'
    # Of a shuffled log depth: a learned 3x3 convolution across the blocks, against their grid.
    smooth: bool = False
    error: bool = False  # a second output: the expected |log depth error|, one a pixel of the head

    def __post_init__(self) -> None:
        check_choice('encoder', self.encoder, ENCODERS)
        widths = tuple(self.encoder_widths) or tuple(layer.width for layer in self.layers)
        object.__setattr__(self, 'encoder_widths', widths)
        object.__setattr__(self, 'decoder_widths', tuple(self.decoder_widths))
        check_choice('decoder', self.decoder, DECODERS)
        check_choice('skips', self.skips, SKIP_KINDS)
        check_choice('output', self.output, OUTPUTS)
        check_choice('enlargement', self.enlargement, ENLARGEMENTS)
        for name in ('smooth', 'error'):
            if type(getattr(self, name)) is not bool:
                raise UserError(f'{name} is {getattr(self, name)!r}: true or false is needed')
        if self.smooth and (self.output, self.enlargement) != ('log_depth', 'shuffle'):
            raise UserError(
                f"smooth is set, output is '{self.output}' and enlargement '{self.enlargement}': "
                "it needs output 'log_depth' and enlargement 'shuffle'"
            )
        count = len(self.layers)
        _check_widths('encoder_widths', self.encoder_widths, count, count)
        _check_widths('decoder_widths', self.decoder_widths, FEWEST_STAGES, len(DECODER_WIDTHS))
        if self.skips == 'add':
            self._check_additive_skips()

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The encoder's table; the widths are those of `encoder_widths`."""
        return ENCODERS[self.encoder].layers

    @property
    def skipped(self) -> dict[int, int]:
        """Decoder stage -> encoder layer, as Encoder.skips, but for the last stage, which is not
        followed by one; whatever `skips` does with them.
        """
        last = len(self.decoder_widths)
        return {s: layer for s, layer in ENCODERS[self.encoder].skips.items() if s < last}

    @property
    def head_stride(self) -> int:
        """The image's edges over those of the last stage's output, which the head reads."""
        return INPUT_MULTIPLE >> (len(self.decoder_widths) - 1)

    @property
    def head_outputs(self) -> int:
        """Depths for each pixel of the last stage's output."""
        return self.head_stride**2 if self.enlargement == 'shuffle' else 1

    @property
    def trunk(self) -> NetworkConfig:
        """Without what can be added to trained weights: smoothing and expected error."""
        return replace(self, smooth=False, error=False)

    def _check_additive_skips(self) -> None:
        for stage, layer in self.skipped.items():
            decoder, encoder = self.decoder_widths[stage - 1], self.encoder_widths[layer]
            if decoder != encoder:
                raise UserError(
                    f'decoder stage {stage} has {decoder} channels and conv{layer} has {encoder}: '
                    "an additive skip needs as many on both sides (or skips='concat')"
                )

    def decoder_inputs(self) -> tuple[int, ...]:
        """Channels that enter each decoder stage, and the head (concatenated skips counted)."""
        widths = [self.encoder_widths[-1], *self.decoder_widths]
        if self.skips == 'concat':
            for stage, layer in self.skipped.items():
                widths[stage] += self.encoder_widths[layer]
        return tuple(widths)


def _check_widths(what: str, widths: tuple[int, ...], fewest: int, most: int) -> None:
    right = all(type(width) is int and 0 < width <= MAX_WIDTH for width in widths)
    if not right or not fewest <= len(widths) <= most:
        count = fewest if fewest == most else f'{fewest} to {most}'
        raise UserError(
            f'{what} is {list(widths)}: {count} whole numbers of 1 to {MAX_WIDTH} are needed'
        )


# Without the last stage, whose depthwise 5x5 at half the image's size is the dearest layer.
LITE0_SHUFFLE = NetworkConfig(
    'efficientnet_lite0',
    decoder_widths=(96, 64, 48, 32),
    skips='concat',
    output='log_depth',
    enlargement='shuffle',
)
PRUNED = NetworkConfig(
    encoder_widths=(16, 56, 88, 120, 144, 256, 408, 376, 272, 288, 296, 328, 480, 512),
    decoder_widths=(200, 256, 120, 56, 16),
)
NAMED_CONFIGS = {
    'fastdepth': NetworkConfig(),
    'fastdepth_pruned': PRUNED,
    'fastdepth_log': NetworkConfig(output='log_depth'),
    # Half of FastDepth's multiply-adds. Concatenated skips: the trunk's outputs have no activation
    # and are ten times as large as the decoder's, which added to them would be lost.
    'lite0_log': NetworkConfig(
        'efficientnet_lite0',
        decoder_widths=(64, 40, 24, 16, 16),
        skips='concat',
        output='log_depth',
    ),
    'lite0_shuffle': LITE0_SHUFFLE,
    'lite0_shuffle_error': replace(LITE0_SHUFFLE, smooth=True, error=True),
    'lite2_shuffle_error': replace(
        LITE0_SHUFFLE, encoder='efficientnet_lite2', encoder_widths=(), smooth=True, error=True
    ),
}
