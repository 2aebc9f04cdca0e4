"""Which piece comes next: a model of the assets' folder, or one that is drawn, by the style."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.furnishing.piece import Maker, Piece, Surface
from fastdepth_ros.offline.synthesis.materials import Random
from fastdepth_ros.offline.synthesis.meshes import bounds
from fastdepth_ros.offline.synthesis.styles import Style

# By words in the names of models: what hangs on walls, and what is in no room.
ON_WALLS = ('Portrait', 'Horologe', 'TV_0', 'RoomWindow', 'Board', 'Curtain', 'Aircon')
UNFIT = ('Chandelier', 'ramp', 'dumpster', 'ClutteringA', 'hydrant', 'mailbox', 'postbox')


def next_piece(
    rng: Random,
    assets: Assets,
    style: Style,
    any_size: Sequence[Maker],
    as_sold: Sequence[Maker],
    footprint: float,
    height: float,
) -> Piece:
    """A model of at most `footprint` squared and `height` m, or what is drawn; by the style."""
    if assets.models and rng.random() < style.files:
        piece = _model(rng, assets, footprint, height)
        if piece:
            return piece
    return drawn(rng, assets, style, any_size, as_sold)


def drawn(
    rng: Random,
    assets: Assets,
    style: Style,
    any_size: Sequence[Maker],
    as_sold: Sequence[Maker],
) -> Piece:
    """One of these kinds; the style's share of them of the second."""
    kinds = as_sold if style.household and rng.random() < style.household else any_size
    return kinds[int(rng.integers(len(kinds)))](rng, assets)


def _model(rng: Random, assets: Assets, footprint: float, height: float) -> Piece | None:
    """A model of the folder that is not larger, at up to 15 % another size."""
    small = footprint < 0.5
    names = [
        name
        for name, entry in assets.models.items()
        if max(entry['size'][:2]) <= footprint
        and (entry['size'][2] <= height)
        and (small or max(entry['size']) > 0.4)
        and not any(word in name for word in (*ON_WALLS, *UNFIT))
    ]
    if not names:
        return None
    meshes = assets.model(rng, names[rng.integers(len(names))])
    scale = np.diag(rng.uniform(0.85, 1.15, 3))
    meshes = [mesh.transformed(scale) for mesh in meshes]
    low, high = bounds(meshes)
    w, d, h = (float(v) for v in high - low)
    tops = [Surface(0, 0, w * 0.7, d * 0.7, h)] if 0.3 < h < 1.1 and w * d > 0.15 else []
    return Piece(meshes, w, d, tops)
