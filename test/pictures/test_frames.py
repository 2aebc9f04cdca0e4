from __future__ import annotations

import itertools
import json
import math
from pathlib import Path

import cv2
import numpy as np
import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.pictures.frames import Frame, open_input, read_image

RED = np.zeros((24, 32, 3), np.uint8) + np.array((0, 0, 200), np.uint8)  # BGR, as OpenCV writes


def take(name: Path, count: int, hfov: float | None = None) -> list[Frame]:
    return list(itertools.islice(open_input(str(name), hfov).frames, count))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three images, brighter and brighter, and a text."""
    for n in range(3):
        cv2.imwrite(str(tmp_path / f'{n}.png'), RED // 2 + 20 * n)
    (tmp_path / 'notes.txt').write_text('no image')
    return tmp_path


def test_a_folder_plays_its_images_in_order_and_again(folder: Path) -> None:
    frames = take(folder, 5)
    assert [int(frame.rgb[0, 0, 1]) for frame in frames] == [0, 20, 40, 0, 20]
    assert frames[0].rgb[0, 0].tolist() == [100, 0, 0]  # RGB
    assert frames[0].depth is None
    assert frames[0].intrinsics is None


def test_an_unreadable_image_is_named_once_and_skipped(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / '1.png').write_bytes(b'not a PNG')
    assert [int(frame.rgb[0, 0, 1]) for frame in take(folder, 4)] == [0, 40, 0, 40]
    assert capsys.readouterr().err.count('1.png') == 1


@pytest.mark.parametrize('suffix', ['.jpg', '.png'])
def test_an_image_that_is_cut_off_is_not_filled_up_with_grey(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f'a{suffix}'
    cv2.imwrite(str(path), np.random.default_rng(0).integers(0, 255, (64, 64, 3), np.uint8))
    whole = path.read_bytes()
    for size in (0, 1, 3, 10, 200, len(whole) // 2, len(whole) - 20):
        path.write_bytes(whole[:size])
        with pytest.raises(UserError, match='cannot be read'):
            read_image(path)
    path.write_bytes(whole + b'a telephone writes a film after the picture')
    read_image(path)


def test_the_thumbnail_in_a_jpeg_does_not_make_it_whole(tmp_path: Path) -> None:
    path = tmp_path / 'a.jpg'
    cv2.imwrite(str(path), RED)
    whole = path.read_bytes()
    exif = b'Exif' + whole  # holds an end of its own
    length = (len(exif) + 2).to_bytes(2, 'big')
    both = whole[:2] + b'\xff\xe1' + length + exif + whole[2:]
    path.write_bytes(both)
    read_image(path)
    path.write_bytes(both[:-30])
    with pytest.raises(UserError, match='is cut off'):
        read_image(path)


def test_a_field_of_view_gives_intrinsics(folder: Path) -> None:
    camera = take(folder, 1, hfov=90)[0].intrinsics
    assert camera == Intrinsics.from_hfov(32, 24, 90)
    assert camera.fx == pytest.approx(16)
    assert (camera.cx, camera.cy) == (15.5, 11.5)


def test_a_video_plays_at_its_own_rate_and_again(tmp_path: Path) -> None:
    path = tmp_path / 'video.avi'
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*'MJPG'), 25, (32, 24))
    for n in range(3):
        writer.write(np.full((24, 32, 3), 80 * n, np.uint8))
    writer.release()
    assert open_input(str(path)).rate == pytest.approx(25)
    levels = [int(frame.rgb.mean()) for frame in take(path, 7)]
    assert np.abs(np.array(levels) - [0, 80, 160, 0, 80, 160, 0]).max() < 8


def test_rgbd_frames_have_metres_and_intrinsics(rgbd_folder: Path) -> None:
    frame = take(rgbd_folder, 1)[0]
    assert frame.depth is not None
    assert frame.depth.dtype == np.float32
    assert math.isnan(frame.depth[0, 0])
    expected = 0.5 + 4 / 255 * float(frame.rgb[60, 80, 0])
    assert frame.depth[60, 80] == pytest.approx(expected, abs=6e-4)
    assert frame.intrinsics is not None
    assert frame.intrinsics.fx == pytest.approx(80 * 160 / 96)


def test_intrinsics_by_frame_win(rgbd_folder: Path) -> None:
    path = rgbd_folder / 'meta.json'
    meta = json.loads(path.read_text())
    meta['intrinsics_by_frame'] = {'1': {**meta['intrinsics'], 'fx': 99.0}}
    path.write_text(json.dumps(meta))
    cameras = [frame.intrinsics for frame in take(rgbd_folder, 3)]
    assert [camera and round(camera.fx) for camera in cameras] == [133, 99, 133]


def test_a_folder_with_a_stray_meta_json_plays_as_images(folder: Path) -> None:
    (folder / 'meta.json').write_text('{}')
    assert take(folder, 1)[0].depth is None


@pytest.mark.parametrize('text', ['[]', '{', '{"intrinsics": {"fx": "wide"}}'])
def test_a_damaged_meta_json_is_named(rgbd_folder: Path, text: str) -> None:
    (rgbd_folder / 'meta.json').write_text(text)
    with pytest.raises(UserError, match=r"meta\.json' is not"):
        open_input(str(rgbd_folder))


@pytest.mark.parametrize(
    ('name', 'words'),
    [
        ('missing.mp4', "missing.mp4' does not exist"),
        ('junk.mp4', "junk.mp4' cannot be played"),
        ('empty', "empty' holds no images"),
        ('broken', "none of the 1 images in '.*broken' can be read"),
    ],
)
def test_what_cannot_be_played_is_named(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / 'junk.mp4').write_text('no video')
    for folder in ('empty', 'broken'):
        (tmp_path / folder).mkdir()
    (tmp_path / 'broken' / 'a.jpg').write_text('no image')
    with pytest.raises(UserError, match=words) as error:
        open_input(str(tmp_path / name))
    assert '\n' not in str(error.value)


def test_a_camera_that_is_not_there_is_named() -> None:
    with pytest.raises(UserError, match='camera 97 cannot be opened'):
        open_input('97')
