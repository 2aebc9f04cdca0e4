from __future__ import annotations

import numpy as np
import pytest

from fastdepth_ros.simulation.room.atlas import LEVELS, pack
from fastdepth_ros.simulation.room.canvas import Canvas
from fastdepth_ros.simulation.room.paints import PAINTS


def canvas(seed: int = 0) -> Canvas:
    return Canvas(1.2, 0.9, (180, 240), np.random.default_rng(seed))


@pytest.mark.parametrize('kind', PAINTS)
def test_every_paint_covers_its_canvas_with_something_to_see(kind: str) -> None:
    image = PAINTS[kind](canvas(), (0.6, 0.5, 0.4))
    assert image.shape == (180, 240, 3)
    assert np.isfinite(image).all()
    assert image.std(axis=(0, 1)).max() > 0.004
    assert 0 <= np.median(image) <= 1


@pytest.mark.parametrize('kind', PAINTS)
def test_paints_depend_on_nothing_but_their_random_numbers(kind: str) -> None:
    first, again = (PAINTS[kind](canvas(seed=7), (0.6, 0.5, 0.4)) for _ in range(2))
    np.testing.assert_array_equal(first, again)


@pytest.mark.parametrize('kind', PAINTS)
def test_paints_fit_on_the_smallest_faces(kind: str) -> None:
    tiny = Canvas(0.012, 0.3, (60, 2), np.random.default_rng(0))
    assert PAINTS[kind](tiny, (0.6, 0.5, 0.4)).shape == (60, 2, 3)


def test_the_atlas_holds_each_texture_and_its_smaller_copies() -> None:
    rng = np.random.default_rng(0)
    shapes = [(64, 48), (3, 700), (500, 2), (64, 4000)]
    textures = [rng.integers(1, 255, (*shape, 3)).astype(np.uint8) for shape in shapes]
    atlas = pack(textures)
    covered = np.zeros(atlas.image.shape[:2], int)
    for face, texture in enumerate(textures):
        for level in range(LEVELS):
            tables = (atlas.top, atlas.rows, atlas.left, atlas.columns)
            top, rows, left, columns = (int(table[face, level]) for table in tables)
            part = atlas.image[top : top + rows, left : left + columns]
            covered[top : top + rows, left : left + columns] += 1
            assert part.shape[:2] == (rows, columns)
            assert (part > 0).all()
            if level == 0:
                np.testing.assert_array_equal(part, texture)
    assert covered.max() == 1
