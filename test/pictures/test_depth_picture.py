from __future__ import annotations

import numpy as np
import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.pictures.colour_bar import draw_colour_bar
from fastdepth_ros.pictures.depth_colours import DepthColours
from fastdepth_ros.pictures.depth_picture import DepthPicture

RGB = np.full((120, 160, 3), (200, 100, 0), np.uint8)
DEPTH = np.full((64, 96), 3.0, np.float32)


def colour(metres: float, far: float) -> list[int]:
    return DepthColours(far)(np.full((1, 1), metres, np.float32))[0, 0].tolist()


def test_side_by_side_is_the_image_its_depth_and_a_legend() -> None:
    picture = DepthPicture('side', 6).draw(RGB, DEPTH)
    assert picture.shape[0] == 120
    assert picture.shape[1] > 320
    assert picture[60, 80].tolist() == [0, 100, 200]  # BGR
    assert picture[60, 240].tolist() == colour(3, 6)


def test_depth_alone_and_depth_over_the_image() -> None:
    alone = DepthPicture('depth', 6).draw(RGB, DEPTH)
    assert alone[60, 80].tolist() == colour(3, 6)
    blend = DepthPicture('blend', 6).draw(RGB, DEPTH)
    assert blend.shape == alone.shape
    mixed = 0.4 * np.array([0, 100, 200]) + 0.6 * np.array(colour(3, 6))
    assert blend[60, 80] == pytest.approx(mixed, abs=1)


def test_colours_do_not_depend_on_what_else_is_in_the_picture() -> None:
    draw = DepthPicture('depth', 6).draw
    other = DEPTH.copy()
    other[:, 50:] = 5.9
    assert draw(RGB, other)[60, 20].tolist() == draw(RGB, DEPTH)[60, 20].tolist() == colour(3, 6)


@pytest.mark.parametrize(('rows', 'asked', 'height'), [
    (120, None, 120), (2160, None, 1080), (120, 240, 240), (2160, 2160, 2160),
])  # fmt: skip
def test_the_height_is_the_images_but_not_huge(rows: int, asked: int | None, height: int) -> None:
    rgb = np.zeros((rows, rows * 4 // 3, 3), np.uint8)
    picture = DepthPicture('depth', 6, asked).draw(rgb, DEPTH)
    assert picture.shape[0] == height
    assert 4 / 3 * height < picture.shape[1] < 1.8 * height


def test_an_unknown_layout_is_named() -> None:
    with pytest.raises(UserError, match="unknown layout 'top': choose one of side, blend, depth"):
        DepthPicture('top', 6)


@pytest.mark.parametrize('far', [0.5, 6.0, 80.0])
def test_the_legend_goes_from_near_at_the_bottom_to_far(far: float) -> None:
    bar = draw_colour_bar(400, far, header=20)
    assert bar.shape[0] == 420
    assert bar[20, 10].tolist() == colour(far, far)
    assert bar[-1, 10].tolist() == colour(0, far)
    assert (bar[20:, 40:] < 128).any()  # marks
