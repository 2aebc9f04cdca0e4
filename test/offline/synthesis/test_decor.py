"""A room's decor: few materials, each with the size that its boards and tiles have."""

import numpy as np
import pytest

from fastdepth_ros.offline.synthesis import labels, surfaces
from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.decor import natural_decor, random_decor
from fastdepth_ros.offline.synthesis.materials import SIZE, Material

DRAWN = Assets.at(None)
GREY = (0.5, 0.5, 0.5)


def many(assets: Assets) -> list[Material]:
    rng = np.random.default_rng(1)
    return [assets.material(rng, 'thing') for _ in range(300)]


def test_things_share_six_materials_most_of_the_time():
    assets = DRAWN.decorated(np.random.default_rng(0), random_decor)
    textures = [id(material.texture) for material in many(assets)]
    shared = {id(material.texture) for material in assets.decor.things}
    assert len(shared) == 6
    assert np.mean([texture in shared for texture in textures]) == pytest.approx(
        assets.decor.share, abs=0.07
    )
    assert not any(id(material.texture) in shared for material in many(DRAWN))


def test_rooms_are_decorated_differently_and_a_seed_alike():
    first, again, other = (random_decor(np.random.default_rng(seed), ()) for seed in (1, 1, 2))
    assert first.colours == again.colours
    np.testing.assert_array_equal(first.floor.texture, again.floor.texture)
    assert first.colours != other.colours


def test_walls_and_ceilings_are_of_the_decor():
    assets = DRAWN.decorated(np.random.default_rng(3), random_decor)
    rng = np.random.default_rng(0)
    for role, of in (('ceiling', (assets.decor.ceiling,)), ('wall', assets.decor.walls)):
        found = [assets.material(rng, role).texture for _ in range(100)]
        ours = {id(material.texture) for material in of}
        assert np.mean([id(texture) in ours for texture in found]) > 0.6


def test_gloss_is_what_the_caller_says():
    assets = DRAWN.decorated(np.random.default_rng(3), random_decor)
    rng = np.random.default_rng(0)
    assert {assets.material(rng, 'thing', gloss=0.2).gloss for _ in range(40)} == {0.2}


def test_a_decor_is_more_muted_than_chance():
    def saturation(assets: Assets) -> float:
        rng = np.random.default_rng(0)
        tints = np.array([assets.plain(rng).tint for _ in range(200)])
        return float(np.median((tints.max(1) - tints.min(1)) / tints.max(1)))

    decorated = [
        saturation(DRAWN.decorated(np.random.default_rng(n), random_decor)) for n in range(12)
    ]
    assert np.mean(decorated) < 0.8 * saturation(DRAWN)


def test_natural_walls_are_pale_and_warm_and_many_things_are_white():
    made = [natural_decor(np.random.default_rng(n), ()) for n in range(40)]
    walls = np.array([decor.walls[0].texture.mean((0, 1)) for decor in made])
    assert np.median(walls) > 200
    assert np.mean(walls[:, 0] >= walls[:, 2]) > 0.9  # no more blue than red
    other = [random_decor(np.random.default_rng(n), ()) for n in range(40)]
    pale = np.array([decor.walls[0].texture.mean((0, 1)) for decor in other])
    assert np.mean(pale[:, 0] >= pale[:, 2]) < 0.8
    assert all(sum(min(colour) > 0.6 for colour in decor.colours) >= 2 for decor in made)


@pytest.mark.parametrize(
    'texture',
    [
        labels.label,
        lambda rng: surfaces.paint(rng, GREY),
        lambda rng: surfaces.speckled(rng, GREY),
        lambda rng: surfaces.cloth(rng, GREY, checks=4),
        lambda rng: surfaces.boards(rng, 8),
        lambda rng: surfaces.tiled(rng, GREY, 4),
        lambda rng: surfaces.bricks(rng, GREY),
    ],
)
def test_textures_are_pictures(texture):
    for seed in range(5):
        image = texture(np.random.default_rng(seed))
        assert image.shape == (SIZE, SIZE, 3)
        assert image.dtype == np.uint8
        assert image.std() > 0


def test_tiles_have_their_count_of_joints():
    for seed in range(10):
        image = surfaces.tiled(np.random.default_rng(seed), (0.9, 0.9, 0.9), 4)[..., 1]
        dark = np.median(image, axis=0) < 0.85 * np.median(image)
        assert np.count_nonzero(np.diff(dark.astype(int)) == 1) in (3, 4)  # the first at the edge


def test_boards_run_along_the_first_side():
    for seed in range(10):
        image = surfaces.boards(np.random.default_rng(seed), 1)[..., 1].astype(float)
        assert abs(np.diff(image, axis=1)).mean() < abs(np.diff(image, axis=0)).mean()
