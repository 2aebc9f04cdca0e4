from __future__ import annotations

import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.network.config import PRUNED, NetworkConfig


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
        ({'encoder': 'vit'}, "unknown encoder 'vit'"),
        ({'decoder_widths': (1, 2)}, r'decoder_widths is \[1, 2\]: 5 positive whole numbers'),
        ({'encoder_widths': (0,) * 14}, '14 positive whole numbers'),
    ],
)
def test_mistakes_name_the_value_and_what_is_allowed(changes: dict, message: str) -> None:
    with pytest.raises(UserError, match=message):
        NetworkConfig(**changes)


def test_the_pruned_variant_is_only_other_widths() -> None:
    assert PRUNED.decoder_inputs() == (512, 200, 256, 120, 56, 16)
    assert (PRUNED.decoder, PRUNED.skips) == ('depthwise', 'add')
