"""What worse cameras make of a picture: evaluate's `--degrade`, one thing at a time.

Strength 1 is what a cheap camera does on a bad day; lengths are shares of the image's width, so
that cameras of any resolution are treated alike. The idea is ImageNet-C's (arXiv 1903.12261).
"""

from __future__ import annotations

import argparse
import math
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from fastdepth_ros.pictures.decoding import decode

GAMMA = 2.2  # of 8-bit pictures: light is what a sensor adds up
STREAK = 1 / 32  # of the width: 2 degrees of 64, which a robot turns by in 1/30 s at 60 degrees/s
SOFTNESS = 1 / 128  # of the width: a Gaussian's sigma
STOPS = 3.0  # too dark by
BRIGHT = 2.0  # stops too bright
SHOT, READ = 0.1, 0.02  # noise of full scale: share of the light's root, and without light
LOWEST_JPEG = 15
VIGNETTE = 0.7  # of the light that is lost in the corners
BORDER = 1 / 32  # of the width: on each side
LUMINANCE = (0.2126, 0.7152, 0.0722)  # of linear RGB, BT.709
WARM = (1.5, 1.0, 0.6)  # red, green, blue under a lamp that the camera takes for daylight

Light = np.ndarray  # (H, W, 3) float, linear, 1 is white
Random = np.random.Generator


def _motion(light: Light, strength: float, rng: Random) -> Light:
    """A straight streak in any direction."""
    length = max(1.0, strength * STREAK * light.shape[1])
    half = math.ceil(length / 2)
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
    angle = rng.uniform(0, math.pi)
    for t in np.linspace(-0.5, 0.5, 8 * half) * length:
        x, y = half + t * math.cos(angle), half + t * math.sin(angle)
        for u in (math.floor(x), math.floor(x) + 1):
            for v in (math.floor(y), math.floor(y) + 1):
                if 0 <= u < kernel.shape[1] and 0 <= v < kernel.shape[0]:
                    kernel[v, u] += (1 - abs(x - u)) * (1 - abs(y - v))
    return cv2.filter2D(light, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE)


def _soft(light: Light, strength: float, _: Random) -> Light:
    """A lens out of focus."""
    sigma = strength * SOFTNESS * light.shape[1]
    return cv2.GaussianBlur(light, (0, 0), sigma, borderType=cv2.BORDER_REPLICATE)


def _noise(light: Light, strength: float, rng: Random) -> Light:
    """A small sensor in little light, its gain turned up."""
    sigma = strength * (SHOT * np.sqrt(light) + READ)
    return light + sigma * rng.standard_normal(light.shape)


def _dark(light: Light, strength: float, rng: Random) -> Light:
    """Exposed too little, with the noise that is in shadows."""
    return _noise(light * 2 ** (-STOPS * strength), 0.2, rng)


def _bright(light: Light, strength: float, _: Random) -> Light:
    """Exposed too long: what is white is lost."""
    return light * 2 ** (BRIGHT * strength)


def _warm(light: Light, strength: float, _: Random) -> Light:
    """A white balance that is wrong."""
    return light * np.array(WARM) ** strength


def _grey(light: Light, strength: float, _: Random) -> Light:
    """A camera without colour; part of it below 1."""
    grey = light @ np.array(LUMINANCE)
    return light + min(strength, 1.0) * (grey[..., None] - light)


def _vignette(light: Light, strength: float, _: Random) -> Light:
    """A wide lens that is dark in the corners."""
    y, x = (np.linspace(-1, 1, side) for side in light.shape[:2])
    lost = VIGNETTE * strength * (y[:, None] ** 2 + x**2) / 2
    return light * (1 - lost.clip(0, 1))[..., None]


def _border(light: Light, strength: float, _: Random) -> Light:
    """A black border, as of pictures that were rectified or fitted into another shape."""
    height, width = light.shape[:2]
    side = min(round(strength * BORDER * width), (min(height, width) - 1) // 2)
    framed = np.zeros_like(light)
    inside = slice(side, height - side), slice(side, width - side)
    framed[inside] = light[inside]
    return framed


def _jpeg(light: Light, strength: float, _: Random) -> Light:
    """A radio link that saves on bytes."""
    quality = round(max(1.0, 100 - (100 - LOWEST_JPEG) * strength))
    data = cv2.imencode('.jpg', _to_bytes(light), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return _to_light(decode(data.tobytes(), cv2.IMREAD_COLOR))


KINDS: dict[str, Callable[[Light, float, Random], Light]] = {
    'motion': _motion,
    'soft': _soft,
    'noise': _noise,
    'dark': _dark,
    'bright': _bright,
    'warm': _warm,
    'grey': _grey,
    'vignette': _vignette,
    'border': _border,
    'jpeg': _jpeg,
}


@dataclass(frozen=True)
class Degradation:
    """One of KINDS at a strength; the same for the same frame every time."""

    kind: str
    strength: float = 1.0

    def __str__(self) -> str:
        return self.kind if self.strength == 1 else f'{self.kind}:{self.strength:g}'

    def __call__(self, rgb: np.ndarray, name: str) -> np.ndarray:
        """(3, H, W) uint8 of the frame of that name -> the same, worse."""
        light = _to_light(rgb.transpose(1, 2, 0))
        rng = np.random.default_rng(zlib.crc32(name.encode()))
        worse = KINDS[self.kind](light, self.strength, rng)
        return np.ascontiguousarray(_to_bytes(worse).transpose(2, 0, 1))


def parse_degradation(text: str) -> Degradation:
    """KIND or KIND:STRENGTH, as argparse's type."""
    kind, _, number = text.partition(':')
    try:
        strength = float(number or 1)
    except ValueError:
        strength = math.nan
    if kind not in KINDS or not 0 < strength <= 10:
        raise argparse.ArgumentTypeError(
            f"'{text}' is none of {', '.join(KINDS)}, with a strength above 0, at most 10, if it "
            'is not 1: motion:0.5'
        )
    return Degradation(kind, strength)


def _to_light(pixels: np.ndarray) -> Light:
    return (pixels / 255.0) ** GAMMA


def _to_bytes(light: Light) -> np.ndarray:
    return (255 * light.clip(0, 1) ** (1 / GAMMA) + 0.5).astype(np.uint8)
