from __future__ import annotations

import pytest

torch = pytest.importorskip('torch')

from fastdepth_ros.offline.training.losses import LOSSES, gradient, mixed_loss, silog  # noqa: E402


def pictures() -> tuple[torch.Tensor, torch.Tensor]:
    torch.manual_seed(0)
    target = torch.rand(2, 1, 16, 24) * 3 + 1
    return target * (1 + 0.2 * torch.randn_like(target)).clamp(0.5, 2), target


@pytest.mark.parametrize('name', list(LOSSES))
def test_pixels_without_depth_do_not_count(name: str) -> None:
    prediction, target = pictures()
    target[:, :, :4] = 0
    loss = mixed_loss(name, 0.5)
    before = loss(prediction, target)
    prediction[:, :, :4] = 99
    assert torch.equal(before, loss(prediction, target))
    assert before > 0


@pytest.mark.parametrize('name', list(LOSSES))
def test_no_depth_at_all_is_finite_and_has_a_gradient(name: str) -> None:
    prediction = torch.ones(1, 1, 8, 8, requires_grad=True)
    loss = mixed_loss(name, 1.0)(prediction, torch.zeros(1, 1, 8, 8))
    loss.backward()
    assert torch.isfinite(loss)
    assert torch.isfinite(prediction.grad).all()


@pytest.mark.parametrize(('name', 'expected'), [('l1', 0.5), ('l2', 0.25)])
def test_values_by_hand(name: str, expected: float) -> None:
    target = torch.tensor([[[[2.0, 0.0]]]])
    assert LOSSES[name](torch.tensor([[[[2.5, 9.0]]]]), target).item() == expected


def test_silog_forgives_half_of_a_wrong_scale_and_gradient_all() -> None:
    _, target = pictures()
    assert silog(3 * target, target).item() == pytest.approx(torch.tensor(3.0).log() * 0.5**0.5)
    assert gradient(3 * target, target).item() == pytest.approx(0, abs=1e-6)
