from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

pytest.importorskip('rosbags')
from predict_files import CAMERA, BagFile, read_video

GREY = [51, 102, 153]
DEPTHS = [0.5 + 4 * grey / 255 for grey in GREY]
TOPIC = '/camera/image_raw'


def write_grey(bag: BagFile, topic: str = TOPIC, encoding: str = 'rgb8', pad: int = 0) -> None:
    channels = 1 if encoding == 'mono8' else 3
    for n, grey in enumerate(GREY):
        bag.image(topic, n, np.full((120, 160, channels), grey, np.uint8), encoding, pad)


def depths(tmp_path: Path) -> list[float]:
    paths = sorted((tmp_path / 'out/npy/drive').iterdir())
    return [float(np.median(np.load(path))) for path in paths]


@pytest.mark.parametrize('storage', ['sqlite3', 'mcap'])
def test_a_bag_is_read_with_its_camera_info(predict: Any, tmp_path: Path, storage: str) -> None:
    with BagFile(tmp_path / 'drive', storage) as bag:
        bag.camera_info('/camera/camera_info', CAMERA)  # twice the stub's focal length
        write_grey(bag)
    result = predict(tmp_path / 'drive', '--write', 'npy')
    assert result['inputs'][0]['metric']
    assert depths(tmp_path) == pytest.approx([2 * depth for depth in DEPTHS], abs=0.01)


def test_a_bags_file_alone_is_read_too(predict: Any, tmp_path: Path) -> None:
    with BagFile(tmp_path / 'recorded', 'mcap') as bag:
        write_grey(bag)
    (tmp_path / 'recorded/recorded.mcap').rename(tmp_path / 'drive.mcap')
    predict(tmp_path / 'drive.mcap', '--write', 'npy')
    assert depths(tmp_path) == pytest.approx(DEPTHS, abs=0.01)


@pytest.mark.parametrize(('encoding', 'pad'), [('rgb8', 5), ('bgr8', 0), ('mono8', 7)])
def test_encodings_and_padded_rows(predict: Any, tmp_path: Path, encoding: str, pad: int) -> None:
    with BagFile(tmp_path / 'drive') as bag:
        write_grey(bag, TOPIC, encoding, pad)
    predict(tmp_path / 'drive', '--write', 'npy')
    assert depths(tmp_path) == pytest.approx(DEPTHS, abs=0.01)


def test_a_bayer_image_has_its_colours(tmp_path: Path) -> None:
    """Red, at the first pixel of rggb, is red."""
    from fastdepth_ros.bad_frames import BadFrames
    from fastdepth_ros.predict.sources import open_sources

    mosaic = np.zeros((40, 40, 1), np.uint8)
    mosaic[::2, ::2] = 200
    with BagFile(tmp_path / 'drive') as bag:
        bag.image(TOPIC, 0, mosaic, 'bayer_rggb8')
    (source,) = open_sources([str(tmp_path / 'drive')], 15)
    rgb = next(source.samples(BadFrames(False))).rgb
    assert rgb[10:30, 10:30].mean((0, 1)).tolist() == [200, 0, 0]


def test_the_stamps_time_the_video(predict: Any, tmp_path: Path) -> None:
    with BagFile(tmp_path / 'drive_2026.11.25') as bag:
        for seconds in (100.0, 100.1, 100.75):
            image = np.full((48, 64, 3), 90, np.uint8)
            bag.image(TOPIC, seconds, image, 'rgb8', received=3 * seconds)
    predict(tmp_path / 'drive_2026.11.25', '--write', 'video,npy')
    assert read_video(tmp_path / 'out/video/drive_2026.11.25.mp4')[0] == pytest.approx(
        [0, 0.1, 0.75]
    )
    names = sorted(path.name for path in (tmp_path / 'out/npy/drive_2026.11.25').iterdir())
    assert names[2] == '000002_100.750000000.npy'


def test_compressed_images_are_read(predict: Any, tmp_path: Path) -> None:
    with BagFile(tmp_path / 'drive') as bag:
        for n, grey in enumerate(GREY):
            _, data = cv2.imencode('.jpg', np.full((120, 160, 3), grey, np.uint8))
            bag.compressed(f'{TOPIC}/compressed', n, data)
    predict(tmp_path / 'drive', '--write', 'npy')
    assert depths(tmp_path) == pytest.approx(DEPTHS, abs=0.03)


def test_the_colour_topic_is_found_and_two_have_to_be_chosen_from(
    predict: Any, tmp_path: Path
) -> None:
    with BagFile(tmp_path / 'drive') as bag:
        for n in range(2):
            bag.image('/depth/image', n, np.ones((120, 160, 2), np.uint8), '16UC1')
        write_grey(bag)
    assert predict(tmp_path / 'drive', '--write', 'npy')['inputs'][0]['frames'] == 3
    with BagFile(tmp_path / 'two') as bag:
        write_grey(bag, '/left/image')
        write_grey(bag, '/right/image')
    error = predict(tmp_path / 'two', expect=2)['stderr']
    assert 'name one by --topic: /left/image, /right/image' in error
    result = predict(tmp_path / 'two', '--topic', '/right/image', '--write', 'npy')
    assert result['inputs'][0]['frames'] == 3
    assert "no topic '/up'" in predict(tmp_path / 'two', '--topic', '/up', expect=2)['stderr']


def test_a_bag_without_colour_images_is_named(predict: Any, tmp_path: Path) -> None:
    with BagFile(tmp_path / 'drive') as bag:
        bag.camera_info('/camera/camera_info', CAMERA)
    assert (
        'no colour image with messages: its topics are /camera/camera_info (CameraInfo, 1)'
        in predict(tmp_path / 'drive', expect=2)['stderr']
    )


def test_a_malformed_image_is_named_or_skipped(predict: Any, tmp_path: Path) -> None:
    with BagFile(tmp_path / 'drive') as bag:
        write_grey(bag)
        bag.image(TOPIC, 3, np.ones((120, 160, 3), np.uint8), 'rgb8', short=100)
    error = predict(tmp_path / 'drive', '--write', 'npy', expect=2)['stderr']
    assert f"image 3 of '{TOPIC}': it has 57500 bytes" in error
    result = predict(tmp_path / 'drive', '--write', 'npy', '--overwrite', '--skip-bad')
    assert (result['inputs'][0]['frames'], result['inputs'][0]['skipped']) == (3, 1)


@pytest.mark.parametrize('storage', ['sqlite3', 'mcap'])
def test_a_damaged_bag_is_named(predict: Any, tmp_path: Path, storage: str) -> None:
    with BagFile(tmp_path / 'drive', storage) as bag:
        write_grey(bag)
    (path,) = (p for p in (tmp_path / 'drive').iterdir() if p.suffix != '.yaml')
    whole = path.read_bytes()
    for size in (0, 10, len(whole) // 3):
        path.write_bytes(whole[:size])
        error = predict(tmp_path / 'drive', '--write', 'npy', '--overwrite', expect=2)['stderr']
        assert error.count('error: ') == 1
        assert 'Traceback' not in error
    path.unlink()
    assert "cannot read the bag '" in predict(tmp_path / 'drive', expect=2)['stderr']


def test_a_rectified_topic_is_not_undistorted_again(predict: Any, tmp_path: Path) -> None:
    from fastdepth_ros.predict.sources import open_sources

    for topic in ('/camera/image_raw', '/camera/image_rect'):
        with BagFile(tmp_path / topic[8:]) as bag:
            bag.camera_info('/camera/camera_info', CAMERA, d=[-0.3, 0.1, 0.0, 0.0, 0.0])
            write_grey(bag, topic)
    sources = open_sources([str(tmp_path / 'image_raw'), str(tmp_path / 'image_rect')], 15)
    assert [any(source._camera.d) for source in sources] == [True, False]
