from __future__ import annotations

from pathlib import Path

import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.calibration_file import read_calibration

pytest.importorskip('yaml')

TEXT = """\
image_width: 640
image_height: 480
camera_name: head
camera_matrix: {rows: 3, cols: 3, data: [500, 0, 320, 0, 510.5, 240, 0, 0, 1]}
distortion_model: plumb_bob
distortion_coefficients: {rows: 1, cols: 5, data: [-0.2, 0.1, 0, 0, 0]}
rectification_matrix: {rows: 3, cols: 3, data: [1, 0, 0, 0, 1, 0, 0, 0, 1]}
projection_matrix: {rows: 3, cols: 4, data: [490, 0, 321, 0, 0, 500, 241, 0, 0, 0, 1, 0]}
"""


def nowhere(name: str) -> str:
    raise UserError(f"package '{name}' is not found")


@pytest.mark.parametrize('form', ['{}', 'file://{}', 'package://robot/calibration.yaml'])
def test_a_calibration_is_read(tmp_path: Path, form: str) -> None:
    path = tmp_path / 'calibration.yaml'
    path.write_text(TEXT)
    camera = read_calibration(form.format(path), {'robot': str(tmp_path)}.__getitem__)
    assert (camera.width, camera.height) == (640, 480)
    assert camera.k[4] == 510.5
    assert camera.p[:3] == [490, 0, 321]
    assert camera.d == [-0.2, 0.1, 0, 0, 0]
    assert camera.distortion_model == 'plumb_bob'


@pytest.mark.parametrize(
    ('old', 'new', 'message'),
    [
        ('image_width: 640', 'image_width: -1', 'image_width is -1: a whole number'),
        ('image_height: 480', '', 'image_height is None'),
        ('[500, 0, 320,', '[500, 320,', 'camera_matrix is .*: data of 9 finite numbers'),
        ('[500,', '[.nan,', 'camera_matrix is .*: data of 9 finite numbers'),
        ('[500,', '[0,', 'camera_matrix has the focal lengths 0 and 510.5'),
        ('data: [-0.2, 0.1', 'data: [a, 0.1', 'distortion_coefficients is .*: data of finite'),
        ('projection_matrix', 'projection', 'projection_matrix is None'),
        (TEXT, '[1, 2]', 'it has no image_width'),
        (TEXT, '{', 'is no YAML'),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = tmp_path / 'calibration.yaml'
    path.write_text(TEXT.replace(old, new))
    with pytest.raises(UserError, match=f"camera_info_url '.*calibration.yaml'.*{message}"):
        read_calibration(str(path), nowhere)


def test_no_code_in_a_calibration_is_run(tmp_path: Path) -> None:
    path = tmp_path / 'calibration.yaml'
    path.write_text(f'!!python/object/apply:os.mkdir [{tmp_path}/made]')
    with pytest.raises(UserError, match='is no YAML'):
        read_calibration(str(path), nowhere)
    assert not (tmp_path / 'made').exists()


def test_other_urls_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match='cannot be read: No such file'):
        read_calibration(str(tmp_path / 'none.yaml'), nowhere)
    with pytest.raises(UserError, match='a path, file:// or package:// is allowed'):
        read_calibration('http://robot/calibration.yaml', nowhere)
    with pytest.raises(UserError, match="package 'robot' is not found"):
        read_calibration('package://robot/a.yaml', nowhere)
