from __future__ import annotations

from typing import Any

import pytest

from fastdepth_ros.network.config import NAMED_CONFIGS, PRUNED, NetworkConfig
from fastdepth_ros.network.cost import encoder_convolutions, macs, parameters


@pytest.mark.parametrize(
    ('config', 'million_parameters', 'giga_macs'),
    [  # published table; the head before the last upsampling saves 1.2 MMAC of it
        (NetworkConfig(), 3.961, 0.737),
        (NetworkConfig(skips='none'), 3.961, 0.737),
        (PRUNED, 1.361, 0.366),
        (NetworkConfig(decoder='full'), 20.67, 3.78),
    ],
)
def test_the_cost_is_the_published_one(
    config: NetworkConfig, million_parameters: float, giga_macs: float
) -> None:
    assert parameters(config) / 1e6 == pytest.approx(million_parameters, rel=1e-3)
    assert macs(config, 224, 224) / 1e9 == pytest.approx(giga_macs, rel=6e-3)


@pytest.mark.parametrize(
    ('encoder', 'million_parameters', 'giga_macs'),
    [
        ('mobilenet_v1', 3.207, 0.568),
        ('efficientnet_lite0', 2.35, 0.33),
        # 6.092 M in all, less the last block (0.716), the head (0.453) and the classes (1.281).
        ('efficientnet_lite2', 3.642, 0.518),
    ],
)
def test_the_encoder_costs_what_its_authors_say(
    encoder: str, million_parameters: float, giga_macs: float
) -> None:
    config = NetworkConfig(encoder, skips='none')
    own = list(encoder_convolutions(config))
    assert sum((c.weights + 2) * c.outputs for c in own) / 1e6 == pytest.approx(
        million_parameters, rel=2e-3
    )
    work = sum(c.weights * c.outputs * (224 // c.stride) ** 2 for c in own)
    assert work / 1e9 == pytest.approx(giga_macs, rel=2e-2)


@pytest.mark.parametrize(
    'config',
    [
        *NAMED_CONFIGS.values(),
        NetworkConfig(decoder='full', skips='none'),
        NetworkConfig(skips='concat', output='log_depth'),
        NetworkConfig('efficientnet_lite0', tuple(range(4, 20)), (15, 9, 7, 5, 3), skips='concat'),
        NetworkConfig(skips='none', decoder_widths=(9, 8, 7), enlargement='shuffle', error=True),
    ],
)
def test_the_cost_is_that_of_the_network_as_torch_runs_it(config: NetworkConfig) -> None:
    torch = pytest.importorskip('torch')
    from fastdepth_ros.network.fastdepth import FastDepth

    with torch.device('meta'):
        network = FastDepth(config).eval()
        found = multiply_adds(network, torch.zeros(1, 3, 64, 96))
    assert macs(config, 96, 64) == found
    assert parameters(config) == sum(p.numel() for p in network.parameters())


def multiply_adds(network: Any, image: Any) -> int:
    """Of the convolutions, counted by hooks in one forward pass."""
    from torch import nn

    counts = []
    for layer in network.modules():
        if isinstance(layer, nn.Conv2d):
            layer.register_forward_hook(
                lambda layer, _, output: counts.append(output.numel() * layer.weight[0].numel())
            )
    network.forward_with_error(image) if network.config.error else network(image)
    return sum(counts)


def test_the_cost_grows_with_the_image() -> None:
    assert macs(NetworkConfig(), 448, 224) == 2 * macs(NetworkConfig(), 224, 224)
