"""How strongly transform `full` changes a picture, and the changes that leave its depth alone.

Every strength is an option of a run; 0 leaves that change out (zoom: 1). Random numbers come from
torch's generator alone, which the loader seeds for each sample.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, fields
from typing import Any

import torch
from torch import Tensor, nn
from torchvision.transforms import v2
from torchvision.transforms.v2 import functional

from fastdepth_ros.errors import UserError

OFTEN = 0.3  # the share of samples with occlusion, and with each change by lens or sensor
HUE_SHARE = 1 / 8  # of the strength of colour
DISPLAY_GAMMA = 2.2  # of 8-bit images: what an exposure multiplies is the light before it
BORDERED = 0.75  # the share of sides with a border, of the pictures that have one
BLACK = 0.5  # the share of borders
SMALLEST_OCCLUSION = 0.02  # of the image's area


def _strength(default: float, most: float, text: str, least: float = 0.0) -> Any:
    return field(default=default, metadata={'help': text, 'least': least, 'most': most})


@dataclass(frozen=True)
class Strengths:
    """The geometry's (depth follows) and the camera's (depth stays)."""

    zoom: float = _strength(1.5, 8, 'largest zoom into a part; depth is divided by it', 1.0)
    whole_views: float = _strength(0.0, 1, 'share of samples with the whole field of view')
    aspect: float = _strength(0.0, 0.5, 'fx and fy apart by up to this share; depth follows')
    rotation: float = _strength(5.0, 45, 'degrees to either side')
    colour: float = _strength(0.4, 1, 'jitter of brightness, contrast, saturation; hue an eighth')
    grey: float = _strength(0.0, 1, 'share of samples without colour')
    exposure: float = _strength(0.0, 3, 'stops to either side, clipped as by a sensor')
    vignette: float = _strength(0.0, 1, 'largest share of the light that is lost in the corners')
    blur: float = _strength(1.5, 10, 'largest sigma of a Gaussian, px')
    motion: float = _strength(0.0, 40, 'longest streak of a moving camera, px')
    noise: float = _strength(0.03, 0.5, 'sigma of Gaussian noise, of full scale')
    jpeg: float = _strength(0.0, 95, 'how far the quality falls below 100')
    occlusion: float = _strength(
        0.0, 0.5, 'largest share of the image that is blanked; depth stays'
    )
    border: float = _strength(0.0, 0.3, 'widest empty border, of the side; depth stays')

    def __post_init__(self) -> None:
        for item in fields(Strengths):  # a run has other options, too
            value, limits = getattr(self, item.name), item.metadata
            if not limits['least'] <= value <= limits['most']:
                raise UserError(
                    f'{item.name} is {value}: {limits["least"]:g} to {limits["most"]:g} is needed'
                )


class Exposure(nn.Module):
    """More or less light by up to `stops`."""

    def __init__(self, stops: float) -> None:
        super().__init__()
        self._stops = stops

    def forward(self, image: Tensor) -> Tensor:
        """(3, H, W) uint8 -> the same."""
        stops = uniform(-self._stops, self._stops)
        return functional.adjust_brightness(image, 2 ** (stops / DISPLAY_GAMMA))


class Vignette(nn.Module):
    """A lens that loses light away from the middle, up to `most` of it in the corners."""

    def __init__(self, most: float) -> None:
        super().__init__()
        self._most = most

    def forward(self, image: Tensor) -> Tensor:
        """(3, H, W) uint8 -> the same."""
        y, x = (torch.linspace(-1, 1, side) for side in image.shape[1:])
        lost = uniform(0, self._most) * (y[:, None] ** 2 + x**2) / 2
        return (image * (1 - lost) ** (1 / DISPLAY_GAMMA)).round().to(torch.uint8)


class Border(nn.Module):
    """An empty border, as pictures have that were rectified or fitted into another shape.

    Each side's is up to `most` of the height or width, or none, all of one colour.
    """

    def __init__(self, most: float) -> None:
        super().__init__()
        self._most = most

    def forward(self, image: Tensor) -> Tensor:
        """(3, H, W) uint8 -> the same."""
        height, width = image.shape[1:]
        widths = self._most * torch.rand(4) * (torch.rand(4) < BORDERED)
        ends = widths * torch.tensor([width, height] * 2)
        left, top, right, bottom = ends.round().int().tolist()
        inside = torch.zeros(height, width, dtype=torch.bool)
        inside[top : height - bottom, left : width - right] = True
        return torch.where(inside, image, _border_colour().view(3, 1, 1))


def _border_colour() -> Tensor:
    """(3,) uint8: black, which is what most software fills with, white or any."""
    black, white = uniform(0, 1) < BLACK, uniform(0, 1) < 0.5
    if black or white:
        return torch.full((3,), 0 if black else 255, dtype=torch.uint8)
    return torch.randint(256, (3,), dtype=torch.uint8)


class MotionBlur(nn.Module):
    """A straight streak of 1 to `longest` px in any direction, about what makes it."""

    def __init__(self, longest: float) -> None:
        super().__init__()
        self._longest = longest

    def forward(self, image: Tensor) -> Tensor:
        """(3, H, W) uint8 -> the same."""
        streak = _streak(uniform(1, max(1, self._longest)), uniform(0, 180))
        around = streak.shape[0] // 2
        padded = nn.functional.pad(image[None].float(), [around] * 4, 'replicate')
        kernels = streak.expand(3, 1, *streak.shape)
        return nn.functional.conv2d(padded, kernels, groups=3)[0].round().to(torch.uint8)


def _streak(length: float, angle: float) -> Tensor:
    """(K, K), K odd, of sum 1: a line of `length` px about the middle, `angle` degrees turned."""
    half = math.ceil(length / 2)
    away = torch.arange(-half, half + 1).abs()
    line = torch.zeros(2 * half + 1, 2 * half + 1)
    line[half] = (length / 2 + 0.5 - away).clamp(0, 1)
    turned = functional.rotate(line[None], angle, functional.InterpolationMode.BILINEAR)[0]
    return turned / turned.sum()


def camera_effects(s: Strengths) -> v2.Transform:
    """(3, H, W) uint8 -> (3, H, W) uint8: what cheap cameras, radio links and dirt do to it."""
    return v2.Compose([*_colours(s), *_lens(s), *_sensor(s)] or [v2.Identity()])


def _colours(s: Strengths) -> list[nn.Module]:
    """Dirt, light and colours: what a lens is given to see."""
    steps: list[nn.Module] = []
    if s.occlusion:
        scale = (min(SMALLEST_OCCLUSION, s.occlusion), s.occlusion)
        steps.append(v2.RandomErasing(OFTEN, scale=scale))
    if s.colour:
        steps.append(v2.ColorJitter(*[s.colour] * 3, s.colour * HUE_SHARE))
    if s.grey:
        steps.append(v2.RandomGrayscale(s.grey))
    if s.exposure:
        steps.append(Exposure(s.exposure))
    return steps


def _lens(s: Strengths) -> list[nn.Module]:
    """The lens, and the way it moves."""
    steps: list[nn.Module] = []
    if s.vignette:
        steps.append(v2.RandomApply([Vignette(s.vignette)], OFTEN))
    if s.motion:
        steps.append(v2.RandomApply([MotionBlur(s.motion)], OFTEN))
    if s.blur:
        blur = v2.GaussianBlur(_kernel(s.blur), (min(0.1, s.blur), s.blur))
        steps.append(v2.RandomApply([blur], OFTEN))
    return steps


def _sensor(s: Strengths) -> list[nn.Module]:
    """The sensor, and what becomes of its pictures on the way."""
    steps: list[nn.Module] = []
    if s.noise:
        steps.append(v2.ToDtype(torch.float32, scale=True))
        steps.append(v2.RandomApply([v2.GaussianNoise(sigma=s.noise)], OFTEN))
        steps.append(v2.ToDtype(torch.uint8, scale=True))
    if s.border:
        steps.append(v2.RandomApply([Border(s.border)], OFTEN))
    if s.jpeg:
        steps.append(v2.RandomApply([v2.JPEG((round(100 - s.jpeg), 100))], OFTEN))
    return steps


def _kernel(sigma: float) -> int:
    """An odd width that holds the Gaussian to 1.5 sigma."""
    return 2 * max(2, round(1.5 * sigma)) + 1


def uniform(low: float, high: float) -> float:
    """One number from torch's generator, which data loaders seed for each sample."""
    return float(torch.empty(()).uniform_(low, high))
