from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')

from torch import nn  # noqa: E402
from torch.nn import functional  # noqa: E402

from fastdepth_ros.errors import UserError  # noqa: E402
from fastdepth_ros.network.config import PRUNED, NetworkConfig  # noqa: E402
from fastdepth_ros.network.fastdepth import (  # noqa: E402
    FastDepth,
    load_tensors,
    network_tensors,
    upsample,
)


def parameters(network: nn.Module) -> int:
    return sum(p.numel() for p in network.parameters())


def multiply_accumulates(network: FastDepth, size: int = 224) -> int:
    """Of the convolutions, counted by hooks in one forward pass."""
    total = 0

    def count(layer: nn.Conv2d, _: object, output: torch.Tensor) -> None:
        nonlocal total
        total += output.numel() * layer.weight[0].numel()

    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            layer.register_forward_hook(count)
    with torch.inference_mode():
        network.eval()(torch.zeros(1, 3, size, size))
    return total


@pytest.mark.parametrize(
    ('config', 'million_parameters', 'giga_macs'),
    [  # published table; the head before the last upsampling saves 1.2 MMAC of it
        (NetworkConfig(), 3.961, 0.737),
        (NetworkConfig(skips='none'), 3.961, 0.737),
        (PRUNED, 1.361, 0.366),
        (NetworkConfig(decoder='full'), 20.67, 3.78),
    ],
)
def test_parameters_and_macs_are_the_published_ones(
    config: NetworkConfig, million_parameters: float, giga_macs: float
) -> None:
    network = FastDepth(config)
    assert parameters(network) / 1e6 == pytest.approx(million_parameters, rel=1e-3)
    assert multiply_accumulates(network) / 1e9 == pytest.approx(giga_macs, rel=6e-3)


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


@pytest.mark.parametrize('skips', ['add', 'concat', 'none'])
@pytest.mark.parametrize('output', ['depth', 'log_depth'])
def test_depth_has_the_size_of_the_image(skips: str, output: str) -> None:
    network = FastDepth(NetworkConfig(skips=skips, output=output)).eval()
    with torch.inference_mode():
        depth = network(torch.rand(2, 3, 64, 96))
    assert depth.shape == (2, 1, 64, 96)
    assert (depth >= 0).all()


def test_skips_carry_the_encoder_to_the_decoder() -> None:
    torch.manual_seed(0)
    with_skips, x = FastDepth().eval(), torch.rand(1, 3, 64, 64)
    without = FastDepth(NetworkConfig(skips='none')).eval()
    load_tensors(without, network_tensors(with_skips), 'copy')
    with torch.inference_mode():
        assert not torch.allclose(with_skips(x), without(x))


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
