from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')

from torch.nn import functional  # noqa: E402

from fastdepth_ros.errors import UserError  # noqa: E402
from fastdepth_ros.network.config import NAMED_CONFIGS, OUTPUTS, SKIP_KINDS, Layer, NetworkConfig  # noqa: E402
from fastdepth_ros.network.encoders import InvertedResidual  # noqa: E402
from fastdepth_ros.network.fastdepth import (  # noqa: E402
    FastDepth,
    load_tensors,
    network_tensors,
    upsample,
)


def test_names_are_those_of_the_published_checkpoints() -> None:
    names = set(network_tensors(FastDepth()))
    assert {
        'conv0.0.weight',
        'conv0.1.running_var',
        'conv13.3.weight',
        'conv13.4.bias',
        'decode_conv1.0.0.weight',
        'decode_conv5.1.1.running_mean',
        'decode_conv6.0.weight',
        'decode_conv6.1.weight',
    } <= names
    full = set(network_tensors(FastDepth(NetworkConfig(decoder='full'))))
    assert {'decode_conv1.0.weight', 'decode_conv1.1.bias'} <= full


def test_the_head_commutes_with_the_last_upsampling() -> None:
    torch.manual_seed(0)
    head = FastDepth().eval().decode_conv6
    x = torch.randn(1, 32, 8, 8)
    with torch.inference_mode():
        assert torch.equal(upsample(head(x)), head(functional.interpolate(x, scale_factor=2)))


@pytest.mark.parametrize(
    'config',
    [
        *NAMED_CONFIGS.values(),
        *(NetworkConfig(skips=s, output=o) for s in SKIP_KINDS for o in OUTPUTS),
        NetworkConfig('efficientnet_lite0', decoder_widths=(112, 40, 24, 16, 16)),
        NetworkConfig(skips='none', decoder_widths=(9, 8, 7), enlargement='shuffle'),
        NetworkConfig(skips='none', decoder_widths=(9, 8, 7, 6)),
    ],
)
def test_depth_has_the_size_of_the_image(config: NetworkConfig) -> None:
    network = FastDepth(config).eval()
    with torch.inference_mode():
        depth = network(torch.rand(2, 3, 64, 96))
    assert depth.shape == (2, 1, 64, 96)
    assert (depth >= 0).all()


def test_a_shuffled_head_sets_each_pixel_of_a_block_by_itself() -> None:
    network = FastDepth(NAMED_CONFIGS['lite0_shuffle']).eval()
    head = network.decode_conv6[0]
    with torch.inference_mode():
        head.weight.zero_()
        head.bias.copy_(torch.arange(16) / 16)
        blocks = network(torch.rand(1, 3, 64, 96)).log().unfold(2, 4, 4).unfold(3, 4, 4)
    torch.testing.assert_close(blocks, (torch.arange(16) / 16).view(4, 4).expand_as(blocks))


def test_skips_carry_the_encoder_to_the_decoder() -> None:
    torch.manual_seed(0)
    with_skips, x = FastDepth().eval(), torch.rand(1, 3, 64, 64)
    without = FastDepth(NetworkConfig(skips='none')).eval()
    load_tensors(without, network_tensors(with_skips), 'copy')
    with torch.inference_mode():
        assert not torch.allclose(with_skips(x), without(x))


def test_an_inverted_residual_adds_its_input_where_both_have_one_shape() -> None:
    x = torch.rand(1, 16, 8, 8)
    for width, stride, adds in ((16, 1, True), (24, 1, False), (16, 2, False)):
        layer = InvertedResidual(16, width, Layer(width, stride, 5, 6)).eval()
        with torch.inference_mode():
            torch.testing.assert_close(layer(x), layer.layers(x) + (x if adds else 0))


def test_tensors_that_do_not_fit_are_named() -> None:
    network = FastDepth()
    tensors = dict(network_tensors(network))
    tensors['conv0.0.weight'] = torch.zeros(8, 3, 3, 3)
    tensors['classifier.weight'] = torch.zeros(1)
    del tensors['decode_conv6.1.bias']
    with pytest.raises(UserError) as error:
        load_tensors(network, tensors, 'my.file')
    for part in (
        "'my.file'",
        '3 differences',
        'decode_conv6.1.bias is missing',
        'classifier.weight is unknown',
        'conv0.0.weight is (8, 3, 3, 3), not (32, 3, 3, 3)',
    ):
        assert part in str(error.value)
