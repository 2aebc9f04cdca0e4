from __future__ import annotations

from dataclasses import replace
from itertools import accumulate
from operator import mul

import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.network.config import (
    ENCODERS,
    INPUT_MULTIPLE,
    PRUNED,
    Encoder,
    NetworkConfig,
)


def test_additive_skips_need_equal_widths() -> None:
    widths = (512, 200, 128, 64, 32)
    with pytest.raises(UserError, match='stage 2 has 200 channels and conv5 has 256'):
        NetworkConfig(decoder_widths=widths)
    assert NetworkConfig(decoder_widths=widths, skips='concat').decoder_inputs()[2] == 456


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        ({'decoder': 'wide'}, "unknown decoder 'wide': choose one of depthwise, full"),
        ({'skips': 'sum'}, "unknown skips 'sum'"),
        ({'output': 'cm'}, "unknown output 'cm'"),
        ({'smooth': True}, "smooth is set, output is 'depth' and enlargement 'nearest': it needs"),
        ({'encoder': 'vit'}, "unknown encoder 'vit'"),
        ({'decoder_widths': (1, 2)}, r'decoder_widths is \[1, 2\]: 3 to 5 whole numbers of 1 to'),
        ({'encoder_widths': (0,) * 14}, '14 whole numbers of 1 to 65536'),
    ],
)
def test_mistakes_name_the_value_and_what_is_allowed(changes: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        NetworkConfig(**changes)


def test_an_encoder_brings_its_own_widths_and_skips() -> None:
    config = NetworkConfig(
        'efficientnet_lite0', decoder_widths=(64, 40, 24, 16, 8), skips='concat'
    )
    assert config.encoder_widths[-4:] == (192,) * 4
    assert config.decoder_inputs() == (192, 64 + 112, 40 + 40, 24 + 24, 16 + 16, 8)
    with pytest.raises(UserError, match='stage 1 has 64 channels and conv11 has 112'):
        NetworkConfig('efficientnet_lite0', decoder_widths=(64, 40, 24, 16, 8))


@pytest.mark.parametrize(
    ('widths', 'stride', 'skips'),
    [((9, 8, 7), 8, {1: 11, 2: 5}), ((9, 8, 7, 6), 4, {1: 11, 2: 5, 3: 3})],
)
def test_a_shorter_decoder_ends_earlier(
    widths: tuple[int, ...], stride: int, skips: dict[int, int]
) -> None:
    config = NetworkConfig('efficientnet_lite0', decoder_widths=widths, skips='concat')
    assert (config.head_stride, config.skipped, config.head_outputs) == (stride, skips, 1)
    shuffled = replace(config, enlargement='shuffle')
    assert shuffled.head_outputs == stride**2
    assert config.decoder_inputs()[-1] == widths[-1]  # nothing is skipped to the head


@pytest.mark.parametrize('encoder', ENCODERS.values(), ids=ENCODERS)
def test_skips_have_the_size_of_their_stage(encoder: Encoder) -> None:
    strides = list(accumulate((layer.stride for layer in encoder.layers), mul))
    assert strides[-1] == INPUT_MULTIPLE
    for stage, layer in encoder.skips.items():
        assert strides[layer] == INPUT_MULTIPLE >> stage
        assert strides[layer + 1] > strides[layer]  # the last one of its size


def test_the_pruned_variant_is_only_other_widths() -> None:
    assert PRUNED.decoder_inputs() == (512, 200, 256, 120, 56, 16)
    assert (PRUNED.decoder, PRUNED.skips) == ('depthwise', 'add')
