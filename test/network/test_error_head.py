from __future__ import annotations

import math
from dataclasses import replace

import pytest

torch = pytest.importorskip('torch')

from torch.nn import functional  # noqa: E402

from fastdepth_ros.network.config import LITE0_SHUFFLE, NAMED_CONFIGS, NetworkConfig  # noqa: E402
from fastdepth_ros.network.fastdepth import (  # noqa: E402
    ERROR_HEAD,
    LOG_RANGE,
    START_ERROR,
    FastDepth,
    load_tensors,
    network_tensors,
)

SHUFFLE_ERROR = NAMED_CONFIGS['lite0_shuffle_error']


@pytest.mark.parametrize(
    ('config', 'stride'), [(SHUFFLE_ERROR, 4), (NetworkConfig(error=True), 2)]
)
def test_the_error_has_the_size_of_the_last_stage_and_starts_at_its_value(
    config: NetworkConfig, stride: int
) -> None:
    torch.manual_seed(0)
    network, image = FastDepth(config).eval(), torch.rand(2, 3, 64, 96)
    with torch.inference_mode():
        depth, error = network.forward_with_error(image)
        assert torch.equal(depth, network(image))
    assert error.shape == (2, 1, 64 // stride, 96 // stride)
    assert error.median().item() == pytest.approx(START_ERROR, rel=0.5)


def test_the_error_head_changes_nothing_of_the_depth() -> None:
    """Neither how it is initialised nor its gradients."""
    networks = []
    for error in (False, True):
        torch.manual_seed(0)
        networks.append(FastDepth(replace(LITE0_SHUFFLE, error=error)))
    plain, both = networks
    image = torch.rand(2, 3, 64, 96)
    plain(image).log().square().mean().backward()
    depth, error = both.forward_with_error(image)
    (depth.log().square().mean() + 5 * error.mean()).backward()
    gradients = {name: p.grad for name, p in both.named_parameters()}
    for name, parameter in plain.named_parameters():
        assert torch.equal(parameter, both.get_parameter(name))
        assert torch.equal(parameter.grad, gradients[name])
    assert gradients[f'{ERROR_HEAD}.weight'].abs().max() > 0


def test_errors_are_finite_whatever_the_head_says() -> None:
    network, image = FastDepth(SHUFFLE_ERROR).eval(), torch.rand(1, 3, 64, 96)
    head = network.get_submodule(ERROR_HEAD)
    for bias, expected in ((1e4, LOG_RANGE[1]), (-1e4, LOG_RANGE[0])):
        with torch.inference_mode():
            head.bias.fill_(bias)
            _, error = network.forward_with_error(image)
        torch.testing.assert_close(error, torch.full_like(error, math.exp(expected)))


def test_smoothing_starts_as_the_binomial_kernel_on_the_shuffled_logarithm() -> None:
    torch.manual_seed(0)
    plain, image = FastDepth(LITE0_SHUFFLE).eval(), torch.rand(1, 3, 64, 96)
    torch.nn.init.normal_(plain.decode_conv6[0].weight, 0, 0.3)
    smooth = FastDepth(replace(LITE0_SHUFFLE, smooth=True)).eval()
    own = {n: t for n, t in network_tensors(smooth).items() if '.smooth.' in n}
    load_tensors(smooth, {**own, **network_tensors(plain)}, 'copy')
    row = torch.tensor([1.0, 2.0, 1.0]) / 4
    with torch.inference_mode():
        logarithm = plain(image).log()
        expected = functional.conv2d(logarithm, torch.outer(row, row).view(1, 1, 3, 3))
        found = smooth(image).log()[..., 1:-1, 1:-1]
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)


def test_smoothing_keeps_a_flat_depth_up_to_the_rim() -> None:
    network = FastDepth(SHUFFLE_ERROR).eval()
    with torch.inference_mode():
        network.decode_conv6[0].weight.zero_()
        depth = network(torch.rand(1, 3, 64, 96))
    torch.testing.assert_close(depth, torch.full_like(depth, 2.0))
