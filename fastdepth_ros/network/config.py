"""What a FastDepth network looks like, as data (no torch here).

Wofk et al., FastDepth: Fast Monocular Depth Estimation on Embedded Systems, arXiv 1903.03273.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastdepth_ros.errors import UserError, check_choice

# MobileNetV1 1.0 (arXiv 1704.04861), conv0 .. conv13: (output channels, stride). conv0 is a full
# 3x3 convolution, every other one a depthwise 3x3 and a pointwise 1x1.
MOBILENET_V1 = (
    (32, 2),
    (64, 1),
    (128, 2),
    (128, 1),
    (256, 2),
    (256, 1),
    (512, 2),
    (512, 1),
    (512, 1),
    (512, 1),
    (512, 1),
    (512, 1),
    (1024, 2),
    (1024, 1),
)
DECODER_WIDTHS = (512, 256, 128, 64, 32)
# Decoder stage (from 1) -> the encoder layer whose output has the stage's size after upsampling.
SKIPS = {2: 5, 3: 3, 4: 1}
INPUT_MULTIPLE = 32  # five strides of 2

ENCODERS = ('mobilenet_v1',)
DECODERS = ('depthwise', 'full')
SKIP_KINDS = ('add', 'concat', 'none')
OUTPUTS = ('depth', 'log_depth')


@dataclass(frozen=True)
class NetworkConfig:
    """Widths and choices of one network; the pruned variant differs only in its widths."""

    encoder: str = 'mobilenet_v1'
    encoder_widths: tuple[int, ...] = tuple(width for width, _ in MOBILENET_V1)
    decoder_widths: tuple[int, ...] = DECODER_WIDTHS
    decoder: str = 'depthwise'  # depthwise 5x5 + pointwise 1x1, or one full 5x5
    skips: str = 'add'
    output: str = 'depth'  # 'depth': BN + ReLU, as published; 'log_depth': exp(convolution + bias)

    def __post_init__(self) -> None:
        object.__setattr__(self, 'encoder_widths', tuple(self.encoder_widths))
        object.__setattr__(self, 'decoder_widths', tuple(self.decoder_widths))
        check_choice('encoder', self.encoder, ENCODERS)
        check_choice('decoder', self.decoder, DECODERS)
        check_choice('skips', self.skips, SKIP_KINDS)
        check_choice('output', self.output, OUTPUTS)
        _check_widths('encoder_widths', self.encoder_widths, len(MOBILENET_V1))
        _check_widths('decoder_widths', self.decoder_widths, len(DECODER_WIDTHS))
        if self.skips == 'add':
            self._check_additive_skips()

    def _check_additive_skips(self) -> None:
        for stage, layer in SKIPS.items():
            decoder, encoder = self.decoder_widths[stage - 1], self.encoder_widths[layer]
            if decoder != encoder:
                raise UserError(
                    f'decoder stage {stage} has {decoder} channels and conv{layer} has {encoder}: '
                    "an additive skip needs as many on both sides (or skips='concat')"
                )

    def decoder_inputs(self) -> tuple[int, ...]:
        """Channels that enter decoder stages 1 to 5 and the head (concatenated skips counted)."""
        widths = [self.encoder_widths[-1], *self.decoder_widths]
        if self.skips == 'concat':
            for stage, layer in SKIPS.items():
                widths[stage] += self.encoder_widths[layer]
        return tuple(widths)


def _check_widths(what: str, widths: tuple[int, ...], count: int) -> None:
    if len(widths) != count or not all(isinstance(w, int) and w > 0 for w in widths):
        raise UserError(f'{what} is {list(widths)}: {count} positive whole numbers are needed')


PRUNED = NetworkConfig(
    encoder_widths=(16, 56, 88, 120, 144, 256, 408, 376, 272, 288, 296, 328, 480, 512),
    decoder_widths=(200, 256, 120, 56, 16),
)
NAMED_CONFIGS = {
    'fastdepth': NetworkConfig(),
    'fastdepth_pruned': PRUNED,
    'fastdepth_log': NetworkConfig(output='log_depth'),
}
