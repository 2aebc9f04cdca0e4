"""What one room is decorated in: a few mostly muted materials that its furniture shares."""

from __future__ import annotations

import colorsys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from fastdepth_ros.offline.synthesis.materials import Colour, Material, Random
from fastdepth_ros.offline.synthesis.surfaces import boards, bricks, cloth, paint, speckled, tiled

T = TypeVar('T')


@dataclass(frozen=True)
class Decor:
    """Materials by role, and colours; the first are used most."""

    floor: Material
    ceiling: Material
    walls: tuple[Material, ...]
    things: tuple[Material, ...]
    colours: tuple[Colour, ...]
    share: float = 0.8  # of surfaces, that it decides

    def material(self, rng: Random, role: str) -> Material:
        """That of a floor, a wall, a ceiling or a thing."""
        if role in ('floor', 'ceiling'):
            return self.floor if role == 'floor' else self.ceiling
        return _early(rng, self.walls if role == 'wall' else self.things)

    def colour(self, rng: Random) -> Colour:
        """One of the room's, a little lighter or darker."""
        r, g, b = _early(rng, self.colours)
        level = rng.uniform(0.85, 1.1)
        return min(r * level, 1.0), min(g * level, 1.0), min(b * level, 1.0)


DecorMaker = Callable[[Random, Sequence[np.ndarray]], Decor]


def random_decor(rng: Random, woods: Sequence[np.ndarray]) -> Decor:
    """One room's. `woods`: textures to take wood from at times, (SIZE, SIZE, 3) uint8 each."""
    white, dark = _neutral(rng, 0.75, 0.95), _neutral(rng, 0.02, 0.2)
    pale, mid, accent = _neutral(rng, 0.5, 0.9), _neutral(rng, 0.15, 0.6), _vivid(rng)
    wood, other = (_wood(rng, woods) for _ in range(2))
    walls = _walls(rng, white if rng.random() < 0.6 else pale, 4, accent, 0.3, pale)
    textile = Material(cloth(rng, (dark, mid, accent)[rng.integers(3)]), tile=0.4)
    things = [*(Material(paint(rng, c)) for c in (white, dark, mid)), textile, other]
    colours = [white, dark, mid, pale, accent]
    return Decor(
        floor=_floor(rng, wood, mid, pale),
        ceiling=_ceiling(rng, white),
        walls=walls,
        things=(wood, *_shuffled(rng, things)),
        colours=_shuffled(rng, colours),
    )


def natural_decor(rng: Random, woods: Sequence[np.ndarray]) -> Decor:
    """One room's, as most are: pale warm walls, wood, white and dark things, few colours."""
    white, dark = _warm(rng, 0.8, 0.97, 14), _neutral(rng, 0.02, 0.15)
    pale, mid, soft = _warm(rng, 0.6, 0.92, 5), _neutral(rng, 0.25, 0.65), _dyed(rng)
    wood, other = (_wood(rng, woods) for _ in range(2))
    walls = _walls(rng, white if rng.random() < 0.65 else pale, 5, soft, 0.25, pale)
    textile = Material(cloth(rng, (dark, mid, soft)[rng.integers(3)]), tile=0.4)
    painted = [Material(paint(rng, c)) for c in (white, dark, pale)]
    things = [*painted, painted[0], textile, other]
    colours = [white, white, dark, mid, pale, soft, *(_vivid(rng) for _ in range(4))]
    return Decor(
        floor=_floor(rng, wood, mid if rng.random() < 0.6 else soft, pale, vivid=False),
        ceiling=_ceiling(rng, white),
        walls=walls,
        things=(wood, *_shuffled(rng, things)),
        colours=_shuffled(rng, colours),
        share=0.94,
    )


def _walls(
    rng: Random, most: Colour, count: int, other: Colour, share: float, brick: Colour
) -> tuple[Material, ...]:
    """`count` times paint of `most`, in that share of rooms once of `other`, in some bricks."""
    walls = [Material(paint(rng, most), tile=2.0)] * count
    if rng.random() < share:
        walls.append(Material(paint(rng, other), tile=2.0))
    if rng.random() < 0.2:
        walls.append(Material(bricks(rng, brick)))
    return tuple(walls)


def _shuffled(rng: Random, of: Sequence[T]) -> tuple[T, ...]:
    return tuple(of[n] for n in rng.permutation(len(of)))


def _warm(rng: Random, low: float, high: float, dull: float) -> Colour:
    """White to cream or beige; the less of a colour, the larger `dull` is."""
    return colorsys.hsv_to_rgb(
        rng.normal(0.1, 0.03) % 1, rng.beta(1, dull), rng.uniform(low, high)
    )


def _dyed(rng: Random) -> Colour:
    """As carpets, covers and one wall of a room are: blue, green, red or brown, not bright."""
    hue = rng.choice([rng.normal(0.6, 0.05), rng.normal(0.04, 0.04), rng.uniform(0.1, 0.5)])
    return colorsys.hsv_to_rgb(hue % 1, rng.uniform(0.15, 0.65), rng.uniform(0.15, 0.7))


def _neutral(rng: Random, low: float, high: float) -> Colour:
    """White, grey or black with a trace of colour."""
    return colorsys.hsv_to_rgb(rng.random(), rng.beta(1, 8), rng.uniform(low, high))


def _vivid(rng: Random) -> Colour:
    return colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.3, 0.95), rng.uniform(0.15, 0.85))


def _early(rng: Random, of: Sequence[T]) -> T:
    """The first of six 35 times in a hundred, the last 10 times."""
    return of[int(len(of) * rng.random() ** 1.7)]


def _wood(rng: Random, files: Sequence[np.ndarray]) -> Material:
    tile = rng.uniform(0.8, 1.6)
    if files and rng.random() < 0.5:
        return Material(files[int(rng.integers(len(files)))], tile=tile)
    return Material(boards(rng, 1), tile=tile)


def _floor(rng: Random, wood: Material, mid: Colour, pale: Colour, vivid: bool = True) -> Material:
    """Boards of 8 to 20 cm, carpet tiles of 50, tiles of 20 to 60, linoleum."""
    kind = rng.integers(5)
    if kind == 0:
        return replace(wood, tile=rng.uniform(0.8, 1.4))
    if kind == 1:
        return Material(boards(rng, 8), tile=8 * rng.uniform(0.08, 0.2))
    colour = _vivid(rng) if vivid and rng.random() >= 0.6 else mid
    if kind == 2:
        return Material(cloth(rng, colour, checks=4), tile=2.0)
    if kind == 3:
        return Material(tiled(rng, pale, 4), tile=4 * rng.choice([0.2, 0.3, 0.45, 0.6]))
    return Material(speckled(rng, colour), tile=rng.uniform(0.5, 1.0))


def _ceiling(rng: Random, white: Colour) -> Material:
    """Paint, or panels of 60 or 62.5 cm."""
    if rng.random() < 0.5:
        return Material(paint(rng, white), tile=2.0)
    return Material(tiled(rng, white, 4), tile=4 * rng.choice([0.6, 0.625]))
