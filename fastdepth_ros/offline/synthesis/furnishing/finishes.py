"""Materials that many makers of things share: what appliances, tubes and labels are of."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.materials import Material, Random, glossy, print_, tinted


def grey(rng: Random, assets: Assets, low: float, high: float, gloss: float = 0.0) -> Material:
    """A grey from `low` to `high`, 0 to 1."""
    return tinted(assets.plain(rng, gloss), np.full(3, rng.uniform(low, high)))


def shade(rng: Random, assets: Assets, gloss: float = 0.0) -> Material:
    """Black, grey, white or metal, as most appliances are."""
    level = rng.choice([rng.uniform(0.02, 0.12), rng.uniform(0.3, 0.6), rng.uniform(0.7, 0.95)])
    return tinted(assets.plain(rng, gloss), np.full(3, level) * rng.uniform(0.93, 1.05, 3))


def mirror(rng: Random, assets: Assets) -> Material:
    """Dark, and most of the light comes back."""
    return glossy(tinted(assets.plain(rng), np.full(3, 0.1)), 0.8)


def printed(
    rng: Random, size: float, picture: Callable[[Random], np.ndarray] = print_
) -> Material:
    """A label or a cover, once over `size` metres."""
    return Material(picture(rng), tile=size, gloss=float(rng.choice([0, 0.05])))


def screen(rng: Random, dark: Material, width: float) -> Material:
    """A television's: `dark`, or a picture of `width` metres that shines."""
    if rng.random() >= 0.4:
        return dark
    light = rng.uniform(0.1, 0.8)
    return Material(print_(rng), (0.02,) * 3, width, emission=(light, light, light))


def cardboard(rng: Random, assets: Assets) -> Material:
    """Brown, as cartons are."""
    return tinted(assets.plain(rng), np.array([0.62, 0.46, 0.3]) * rng.uniform(0.7, 1.2))
