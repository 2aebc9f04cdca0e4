from __future__ import annotations

import pytest

from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.field_of_view import horizontal_fov, lens_warning
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.view import plan_view


@pytest.mark.parametrize('hfov', [20.0, 65.0, 150.0])
def test_the_field_of_view_is_the_one_it_was_made_of(hfov: float) -> None:
    assert horizontal_fov(Intrinsics.from_hfov(640, 480, hfov)) == pytest.approx(hfov)


def test_usual_lenses_get_no_warning_and_an_unknown_camera_neither() -> None:
    assert lens_warning(Intrinsics.from_hfov(640, 480, 65)) is None
    assert lens_warning(None) is None


@pytest.mark.parametrize(('hfov', 'said'), [(20, '20 deg'), (150, '150 deg')])
def test_a_lens_far_from_what_was_learned_gets_one_line(hfov: float, said: str) -> None:
    warning = lens_warning(Intrinsics.from_hfov(640, 480, hfov))
    assert warning is not None
    assert said in warning
    assert '\n' not in warning


def test_a_crop_mends_a_wide_lens() -> None:
    camera = CameraModel.pinhole(Intrinsics.from_hfov(1280, 480, 110))
    whole = plan_view(camera, (1280, 480), (256, 192))
    middle = plan_view(camera, (1280, 480), (256, 192), 'crop')
    assert 'set fit: crop' in str(lens_warning(whole.intrinsics))
    assert lens_warning(middle.intrinsics) is None
