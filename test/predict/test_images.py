from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from predict_files import read_video

from fastdepth_ros.__main__ import main
from fastdepth_ros.predict.sources import open_sources
from fastdepth_ros.predict.writers.depth_files import millimetres

DEPTHS = [0.5 + 4 * 51 * n / 255 for n in (1, 2, 3)]  # m, of the three photos


def test_a_folder_becomes_depth_in_metres_and_in_millimetres(
    predict: Any, photos: Path, tmp_path: Path
) -> None:
    result = predict(photos, '--write', 'npy,depth_png')
    (summary,) = result['inputs']
    assert (summary['frames'], summary['skipped'], summary['metric']) == (3, 0, False)
    assert summary['median_depth'] == pytest.approx(DEPTHS[1], abs=0.02)
    for name, metres in zip('abc', DEPTHS, strict=True):
        depth = np.load(tmp_path / f'out/npy/photos/{name}.npy')
        assert (depth.dtype, depth.shape) == (np.float32, (64, 96))
        assert depth == pytest.approx(metres, abs=0.02)
        png = cv2.imread(str(tmp_path / f'out/depth_png/photos/{name}.png'), cv2.IMREAD_UNCHANGED)
        assert png.dtype == np.uint16
        assert png == pytest.approx(np.rint(1000 * depth), abs=0.5)


def test_millimetres_have_0_for_none_and_end_at_16_bits() -> None:
    depth = np.array([[np.nan, 1.2344, 1.2346, 65.534, 70.0]], np.float32)
    assert millimetres(depth).tolist() == [[0, 1234, 1235, 65534, 65535]]


def test_pixels_of_more_expected_error_than_asked_have_no_depth(
    photos: Path, doubtful_onnx: Path, tmp_path: Path
) -> None:
    """The error that it expects is the brightness: 0.2, 0.4 and 0.6."""
    options = ['--model', str(doubtful_onnx), '--max-error', '0.5', '--write', 'npy,depth_png']
    assert main(['predict', str(photos), '--out', str(tmp_path / 'out'), *options]) == 0
    a, b, c = (np.load(tmp_path / f'out/npy/photos/{name}.npy') for name in 'abc')
    assert np.isfinite(a).all()
    assert np.isfinite(b).all()
    assert np.isnan(c).all()


def test_the_unknown_camera_is_told_once(predict: Any, photos: Path) -> None:
    assert predict(photos)['stderr'].count('the camera is unknown') == 1
    assert 'the camera is unknown' not in predict(photos, '--hfov', 60, '--overwrite')['stderr']


def test_depth_of_the_images_size_is_registered_to_it(
    predict: Any, photos: Path, tmp_path: Path
) -> None:
    half = np.zeros((120, 160, 3), np.uint8)
    half[:, 80:] = 255
    cv2.imwrite(str(photos / 'a.png'), half)
    predict(photos / 'a.png', '--write', 'npy', '--size', 'source')
    depth = np.load(tmp_path / 'out/npy/a.npy')
    assert depth.shape == (120, 160)
    assert np.abs(np.flatnonzero(np.diff(depth[60] > 2.5)) - 79.5).max() <= 1
    predict(photos / 'a.png', '--write', 'npy', '--size', '48x40', '--overwrite')
    assert np.load(tmp_path / 'out/npy/a.npy').shape == (40, 48)


def test_single_images_lie_flat_and_default_to_pictures(
    predict: Any, photos: Path, tmp_path: Path
) -> None:
    predict(photos / 'a.png', photos / 'b.jpg')
    assert sorted(p.name for p in (tmp_path / 'out/overlay').iterdir()) == ['a.jpg', 'b.jpg']
    assert [p.name for p in (tmp_path / 'out').iterdir()] == ['overlay']


def test_folders_in_folders_keep_their_paths(predict: Any, photos: Path, tmp_path: Path) -> None:
    (photos / 'deep').mkdir()
    (photos / 'c.png').rename(photos / 'deep' / 'c.png')
    assert predict(photos, '--write', 'npy')['inputs'][0]['frames'] == 2
    predict(photos, '--write', 'npy', '--recursive', '--overwrite')
    assert (tmp_path / 'out/npy/photos/deep/c.npy').is_file()


def test_an_rgbd_folder_brings_its_intrinsics(predict: Any, photos: Path, tmp_path: Path) -> None:
    folder = tmp_path / 'rgbd'
    (folder / 'depth').mkdir(parents=True)
    photos.rename(folder / 'rgb')
    camera = {'fx': 160 * 160 / 96, 'fy': 160 * 120 / 64, 'cx': 80, 'cy': 60}
    meta = {'intrinsics': {**camera, 'width': 160, 'height': 120}}  # 2 x the stub's focal length
    (folder / 'meta.json').write_text(json.dumps(meta))
    result = predict(folder, '--write', 'npy')
    assert result['inputs'][0]['metric']
    assert np.load(tmp_path / 'out/npy/rgbd/a.npy') == pytest.approx(2 * DEPTHS[0], abs=0.02)


def test_frames_below_the_rgb_folder_have_the_camera_of_their_name(
    predict: Any, photos: Path, tmp_path: Path
) -> None:
    folder = tmp_path / 'rgbd'
    (folder / 'depth').mkdir(parents=True)
    (folder / 'rgb').mkdir()
    photos.rename(folder / 'rgb' / 'walk')
    camera = {'fx': 160 * 160 / 96, 'fy': 160 * 120 / 64, 'cx': 80, 'cy': 60}
    meta = {'intrinsics_by_frame': {'walk/a': {**camera, 'width': 160, 'height': 120}}}
    (folder / 'meta.json').write_text(json.dumps(meta))
    predict(folder, '--write', 'npy', '--recursive')
    depth = np.load(tmp_path / 'out/npy/rgbd/walk/a.npy')
    assert depth == pytest.approx(2 * DEPTHS[0], abs=0.02)


def test_an_input_is_never_written_over(predict: Any, photos: Path, tmp_path: Path) -> None:
    predict(photos / 'b.jpg')
    picture = tmp_path / 'out/overlay/b.jpg'
    before = picture.read_bytes()
    result = predict(picture, '--overwrite', expect=2)
    assert f"'{picture}' is an input: give another --out" in result['stderr']
    assert picture.read_bytes() == before


def test_a_video_of_images_is_in_the_order_of_their_numbers(photos: Path, tmp_path: Path) -> None:
    for name, number in (('a.png', 2), ('b.jpg', 10), ('c.png', 9)):
        (photos / name).rename((photos / f'frame{number}').with_suffix((photos / name).suffix))
    (source,) = open_sources([str(photos)], Fraction(15))
    assert source.names == ['frame2', 'frame9', 'frame10']


def test_every_nth_and_at_most(predict: Any, photos: Path, tmp_path: Path) -> None:
    predict(photos, '--write', 'npy', '--every', 2)
    assert sorted(p.name for p in (tmp_path / 'out/npy/photos').iterdir()) == ['a.npy', 'c.npy']
    result = predict(photos, '--write', 'npy', '--max-frames', 1, '--overwrite')
    assert result['inputs'][0]['frames'] == 1


def damage_jpeg(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-20])


def damage_all(path: Path) -> None:
    path.write_bytes(b'no image')


@pytest.mark.parametrize('damage', [damage_jpeg, damage_all])
def test_an_image_that_cannot_be_read_is_named_and_what_was_written_stays(
    predict: Any, photos: Path, tmp_path: Path, damage: Any
) -> None:
    damage(photos / 'b.jpg')
    result = predict(photos, '--write', 'npy', expect=2)
    lines = [line for line in result['stderr'].splitlines() if line.startswith('error')]
    assert len(lines) == 1
    assert "b.jpg' cannot be read" in lines[0]
    assert '--skip-bad' in lines[0]
    assert result['inputs'][0]['frames'] == 1
    assert [p.name for p in (tmp_path / 'out/npy/photos').iterdir()] == ['a.npy']


def test_bad_images_are_skipped_and_counted_on_request(
    predict: Any, photos: Path, tmp_path: Path
) -> None:
    damage_jpeg(photos / 'b.jpg')
    result = predict(photos, '--write', 'npy', '--skip-bad')
    assert result['inputs'][0]['skipped'] == 1
    assert 'skipped: ' in result['stderr']
    assert sorted(p.name for p in (tmp_path / 'out/npy/photos').iterdir()) == ['a.npy', 'c.npy']


def test_nothing_that_is_there_is_replaced_unless_asked(
    predict: Any, photos: Path, tmp_path: Path
) -> None:
    predict(photos / 'c.png', '--write', 'npy')
    before = (tmp_path / 'out/npy/c.npy').stat().st_mtime_ns
    result = predict(photos / 'a.png', photos / 'c.png', '--write', 'npy', expect=2)
    assert "c.npy' is there already" in result['stderr']
    assert '--overwrite' in result['stderr']
    assert not (tmp_path / 'out/npy/a.npy').exists()
    assert (tmp_path / 'out/npy/c.npy').stat().st_mtime_ns == before
    predict(photos / 'a.png', photos / 'c.png', '--write', 'npy', '--overwrite')
    assert (tmp_path / 'out/npy/c.npy').stat().st_mtime_ns > before


def test_two_images_never_become_one_file(predict: Any, photos: Path) -> None:
    (photos / 'c.png').rename(photos / 'a.jpg')
    assert "would both be written as 'a'" in predict(photos, expect=2)['stderr']


def test_images_become_a_video_at_the_rate_asked(
    predict: Any, photos: Path, tmp_path: Path
) -> None:
    predict(photos, '--write', 'video', '--fps', 8)
    times, pictures = read_video(tmp_path / 'out/video/photos.mp4')
    assert times == [0, 0.125, 0.25]
    assert len({picture.shape for picture in pictures}) == 1
