from __future__ import annotations

import math

import pytest

torch = pytest.importorskip('torch')

from fastdepth_ros.errors import UserError  # noqa: E402
from fastdepth_ros.offline.training.loss_mix import mix_text, mixed_loss  # noqa: E402
from fastdepth_ros.offline.training.losses import (  # noqa: E402
    LOSSES,
    laplace_counts,
    laplace_sums,
)

EVERY = list(LOSSES)


def pictures(images: int = 2) -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    target = torch.rand(images, 1, 16, 24) * 3 + 1
    return target * (1 + 0.2 * torch.randn_like(target)).clamp(0.5, 2), target


@pytest.mark.parametrize('name', EVERY)
def test_pixels_without_depth_do_not_count(name: str) -> None:
    prediction, target = pictures()
    target[:, :, :4] = 0
    before = LOSSES[name](prediction, target)
    prediction[:, :, :4] = 99
    assert torch.equal(before, LOSSES[name](prediction, target))
    assert before > 0


@pytest.mark.parametrize('name', EVERY)
def test_no_depth_at_all_is_zero_and_has_a_gradient(name: str) -> None:
    prediction = torch.ones(1, 1, 8, 8, requires_grad=True)
    loss = LOSSES[name](prediction, torch.zeros(1, 1, 8, 8))
    loss.backward()
    assert loss == 0
    assert torch.isfinite(prediction.grad).all()


@pytest.mark.parametrize('name', EVERY)
def test_a_batch_in_parts_is_the_batch(name: str) -> None:
    """Sums and counts add up, with holes of another size in each image and an image without."""
    prediction, target = pictures(4)
    for number in range(4):
        target[number, :, : 4 * number] = 0
    loss, pairs = LOSSES[name], list(zip(prediction.split(1), target.split(1), strict=True))
    sums = sum(loss.sums(p, t) for p, t in pairs)
    counts = sum(loss.counts(t) for _, t in pairs)
    whole = loss(prediction, target)
    torch.testing.assert_close((sums / counts.clamp(min=1)).sum(), whole)


def row(*metres: float) -> torch.Tensor:
    return torch.tensor(metres).view(1, 1, 1, -1)


@pytest.mark.parametrize(
    ('name', 'expected'),
    [
        ('l1', (0.5 + 0.1) / 2),
        ('l2', (0.25 + 0.01) / 2),
        # c is 0.2 * 0.5 = 0.1: (0.25 + 0.01) / 0.2 above it, and 0.1 itself at it
        ('berhu', (1.3 + 0.1) / 2),
    ],
)
def test_values_by_hand(name: str, expected: float) -> None:
    prediction, target = row(2.5, 9, 3.1), row(2, 0, 3)
    assert LOSSES[name](prediction, target).item() == pytest.approx(expected, rel=1e-5)


def test_silog_by_hand() -> None:
    """Log differences log 2 and 0 of two pixels."""
    d = math.log(2)
    expected = math.sqrt(d**2 / 2 - 0.5 * (d / 2) ** 2)
    assert LOSSES['silog'](row(2, 3, 7), row(1, 3, 0)).item() == pytest.approx(expected)


def test_gradient_by_hand() -> None:
    """Log differences 0, log 2, 0 | 0: two steps of log 2 and one across the hole that is none."""
    expected = 2 * math.log(2) / 2 / 4  # the mean of two steps, at one of four scales
    found = LOSSES['gradient'](row(1, 2, 1, 5, 1), row(1, 1, 1, 0, 1)).item()
    # at half the size (pixels 0, 2, 4) neighbours differ by 0
    assert found == pytest.approx(expected)


def test_ssim_by_hand() -> None:
    """Flat pictures of 2 m and 1 m: the structure is alike, the brightness is not."""
    one = torch.ones(1, 1, 8, 8)
    c1 = 0.1**2
    expected = (1 - (2 * 2 * 1 + c1) / (2**2 + 1 + c1)) / 2
    assert LOSSES['ssim'](2 * one, one).item() == pytest.approx(expected, rel=1e-4)
    assert LOSSES['ssim'](one, one).item() == pytest.approx(0, abs=1e-6)


def test_silog_forgives_half_of_a_wrong_scale_and_gradient_all() -> None:
    _, target = pictures()
    half = math.log(3) * 0.5**0.5
    assert LOSSES['silog'](3 * target, target).item() == pytest.approx(half)
    assert LOSSES['gradient'](3 * target, target).item() == pytest.approx(0, abs=1e-6)


def test_the_likelihood_of_an_error_is_that_of_laplace_and_least_at_the_mean_error() -> None:
    target = torch.full((1, 1, 4, 4), 2.0)
    target[..., 0] = 0  # without depth
    depth = (target * math.exp(0.3)).requires_grad_()
    sums = {b: laplace_sums(depth, target, torch.full((1, 1, 2, 2), b)) for b in (0.2, 0.3, 0.4)}
    assert sums[0.2].item() == pytest.approx(12 * (0.3 / 0.2 + math.log(0.2)), rel=1e-5)
    assert sums[0.3] < min(sums[0.2], sums[0.4])
    assert laplace_counts(target).item() == 12
    assert not sums[0.3].requires_grad  # the depth learns nothing from it


def test_each_error_is_that_of_its_block() -> None:
    target = torch.ones(1, 1, 4, 4)
    depth = target.clone()
    depth[..., 2:] *= math.e
    error = torch.tensor([[[[0.5, 1.0], [0.5, 1.0]]]])
    expected = 8 * math.log(0.5) + 8 * 1.0
    assert laplace_sums(depth, target, error).item() == pytest.approx(expected, rel=1e-5)


def test_a_mix_is_the_weighted_sum() -> None:
    prediction, target = pictures()
    parts = [LOSSES[name](prediction, target) for name in ('silog', 'gradient')]
    for mix in ('silog=1, gradient=0.5', {'silog': 1, 'gradient': 0.5}):
        found = mixed_loss(mix)(prediction, target)
        torch.testing.assert_close(found, parts[0] + 0.5 * parts[1])
        assert mix_text(mix) == 'silog=1,gradient=0.5'
    assert mix_text({'l1': 1.0}) == mix_text('l1=1') == 'l1'


@pytest.mark.parametrize(
    ('mix', 'message'),
    [
        ('l7', "unknown loss 'l7': choose one of l1, l2, berhu, silog, gradient, ssim"),
        ('l1,l7=2', "unknown loss 'l7'"),
        ('l1=0', "the weight of loss 'l1' is '0': a number above 0"),
        ('l1=much', "the weight of loss 'l1' is 'much'"),
        ({'l1': None}, "the weight of loss 'l1' is 'None'"),
        ('l1,l1', "loss 'l1' is given twice"),
        ('', "unknown loss ''"),
    ],
)
def test_mixes_that_do_not_do_are_named(mix: object, message: str) -> None:
    with pytest.raises(UserError, match=message):
        mixed_loss(mix)
