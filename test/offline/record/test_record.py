from __future__ import annotations

import re
import resource
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

pytest.importorskip('rosbags')
pytest.importorskip('h5py')

import bag_writer
from bag_writer import COLOUR, DEPTH, SENSOR, BagWriter, camera_info, compressed, image
from recorded_scene import (
    CAMERA,
    DEPTH_INFO,
    INFO,
    add_colour,
    millimetres,
    picture,
    plane,
    write_registered,
)
from rosbags.rosbag2 import CompressionFormat, CompressionMode
from support import killed_while_writing

from fastdepth_ros.__main__ import main
from fastdepth_ros.geometry.projection import pinhole_rays
from fastdepth_ros.offline.data.frame_file import write_frame
from fastdepth_ros.offline.data.frames import list_frames, read_frame
from fastdepth_ros.offline.record import recording

Record = Callable[..., Any]


def frames(out: Path, split: str = 'train') -> list[Any]:
    return [read_frame(path) for path in list_frames(out, split)]


@pytest.mark.parametrize('storage', ['sqlite3', 'mcap'])
def test_an_rgbd_bag_becomes_frames(tmp_path: Path, record: Record, storage: str) -> None:
    result = record(write_registered(tmp_path / 'drive', storage=storage))
    assert (result['train'], result['val']) == (8, 3)
    assert result['left_out'] == {'by --val-gap': 19}
    assert result['how'] == 'registered, by its frame_id and K'
    assert result['offset_ms']['max'] == pytest.approx(4)
    depth = millimetres(plane(pinhole_rays(CAMERA))) / np.float32(1000)
    train, val = frames(tmp_path / 'out'), frames(tmp_path / 'out', 'val')
    for i, frame in [*enumerate(train), *enumerate(val, 27)]:
        np.testing.assert_array_equal(frame.rgb, picture(i).transpose(2, 0, 1))
        np.testing.assert_array_equal(frame.depth, depth)
        assert (frame.intrinsics, frame.scene) == (CAMERA, 'drive')


def test_no_frame_is_lost_to_the_authors_holdout_names(tmp_path: Path, record: Record) -> None:
    record(write_registered(tmp_path / 'drive'), '--val-gap', 0)
    assert len(list_frames(tmp_path / 'out', 'train')) == 27


def test_compressed_images_and_compressed_depth(tmp_path: Path, record: Record) -> None:
    depth = plane(pinhole_rays(CAMERA))
    a = 100.0 * 101
    b = 1 - a / 10
    with BagWriter(tmp_path / 'drive') as bag:
        for topic in (INFO, DEPTH_INFO):
            bag.add(topic, camera_info(CAMERA))
        for i in range(10):
            jpeg = cv2.imencode('.jpg', picture(i)[..., ::-1])[1].tobytes()
            bag.add(COLOUR + '/compressed', compressed(jpeg, 'rgb8; jpeg compressed bgr8', i), i)
            stored = (a / depth + b).astype(np.uint16)
            message = bag_writer.compressed_depth(stored, '32FC1', a, b, i)
            bag.add(DEPTH + '/compressedDepth', message, i)
    assert record(tmp_path / 'drive')['train'] == 8  # the 9th is in the gap of 2 s
    for i, frame in enumerate(frames(tmp_path / 'out')):
        np.testing.assert_allclose(frame.depth, depth, rtol=3e-3)
        assert np.abs(frame.rgb.astype(int) - picture(i).transpose(2, 0, 1)).mean() < 3


def test_raw_is_taken_before_its_compressed_copy(tmp_path: Path, record: Record) -> None:
    with BagWriter(tmp_path / 'drive') as bag:
        bag.add(INFO, camera_info(CAMERA))
        jpeg = cv2.imencode('.jpg', picture(0))[1].tobytes()
        bag.add(COLOUR + '/compressed', compressed(jpeg, 'jpeg', 0))
        add_colour(bag, 0, 0)
        bag.add(DEPTH, image(np.full((60, 80), 900, np.uint16), '16UC1', 0))
    result = record(tmp_path / 'drive', '--val-share', 0)
    assert (result['image'], result['how']) == (COLOUR, 'registered, by its frame_id')


def test_pictures_of_a_robot_that_stands_still_are_left_out(
    tmp_path: Path, record: Record, rng: np.random.Generator
) -> None:
    depth = np.full((60, 80), 900, np.uint16)
    with BagWriter(tmp_path / 'drive') as bag:
        bag.add(INFO, camera_info(CAMERA))
        for i in range(30):
            still = picture(min(max(i - 5, 0), 10))  # moves from the 5th to the 15th
            noisy = (still + rng.normal(0, 5, still.shape)).clip(0, 255).astype(np.uint8)
            bag.add(COLOUR, image(noisy, 'rgb8', i), i)
            bag.add(DEPTH, image(depth, '16UC1', i), i)
    result = record(tmp_path / 'drive', '--val-gap', 0)
    assert result['train'] + result['val'] == 11
    assert result['left_out']['near-duplicates'] == 19
    shutil.rmtree(tmp_path / 'out')
    assert record(tmp_path / 'drive', '--val-gap', 0, '--min-change', 0)['train'] == 27


def test_every_nth_and_at_most_so_many(tmp_path: Path, record: Record) -> None:
    bag = write_registered(tmp_path / 'drive')
    result = record(bag, '--every', 3, '--max-frames', 4, '--val-share', 0)
    assert result['left_out'] == {'by --every': 20, 'by --max-frames': 6}
    stamps = [int(p.path.stem) for p in list_frames(tmp_path / 'out', 'train')]
    assert [round((s - stamps[0]) / 1e8) for s in stamps] == [0, 9, 18, 27]  # spread over it all


def test_depth_beyond_max_depth_is_none(tmp_path: Path, record: Record) -> None:
    record(write_registered(tmp_path / 'drive'), '--max-depth', 2)
    truth = millimetres(plane(pinhole_rays(CAMERA))) / np.float32(1000)
    depth = frames(tmp_path / 'out')[0].depth
    np.testing.assert_array_equal(depth, np.where(truth > 2, 0, truth))
    assert 0.2 < (depth > 0).mean() < 0.9


def test_stamps_that_do_not_match_are_refused_with_how_far_they_are(
    tmp_path: Path, record: Record
) -> None:
    with BagWriter(tmp_path / 'drive') as bag:
        bag.add(INFO, camera_info(CAMERA))
        for i in range(5):
            add_colour(bag, i, i)
            bag.add(DEPTH, image(np.ones((60, 80), np.uint16), '16UC1', i + 0.25), i)
    assert 'within 20 ms (the closest two are 250.0 ms apart)' in record(tmp_path / 'drive')
    assert not (tmp_path / 'out').exists()
    assert record(tmp_path / 'drive', '--max-offset', 260)['train'] == 3


def test_stamps_of_0_are_refused(tmp_path: Path, record: Record) -> None:
    with BagWriter(tmp_path / 'drive') as bag:
        bag.add(INFO, camera_info(CAMERA))
        for i in range(3):
            for topic, pixels, name in (
                (COLOUR, picture(i), 'rgb8'),
                (DEPTH, np.ones((60, 80), np.uint16), '16UC1'),
            ):
                message = image(pixels, name, 0)
                message.header.stamp.sec = 0
                bag.add(topic, message, i)
    assert f'every stamp of {COLOUR} is 0' in record(tmp_path / 'drive')


@pytest.mark.parametrize(
    ('arguments', 'reason'),
    [
        (['--image', '/front'], "has no topic '/front': its topics are /camera/color/camera_info"),
        (['--image', DEPTH], f"'{DEPTH}' is no colour image with messages: its topics are"),
        (['--depth', COLOUR], 'is no depth image or'),
        (['--depth', '/empty'], "has no topic '/empty'"),
        (['--every', '0'], '--every is 0: at least 1 is needed'),
        (['--val-share', '1.5'], '--val-share is 1.5: 0 to 1 is needed'),
        (['--scene', 'a/b'], "--scene is 'a/b': a plain name"),
        (['--extrinsics', '1', '2'], 'are 2 numbers: --extrinsics takes x y z'),
        (['--camera-info-url', 'gone.yaml'], "camera_info_url 'gone.yaml' cannot be read"),
        (['--val-gap', '99'], 'are within its gap of 99 s'),
    ],
)
def test_mistakes_are_one_line_and_nothing_is_written(
    tmp_path: Path, record: Record, arguments: list[str], reason: str
) -> None:
    assert reason in record(write_registered(tmp_path / 'drive', 5), *arguments)
    assert not (tmp_path / 'out').exists()


def test_topics_are_asked_for_where_there_are_several_or_none(
    tmp_path: Path, record: Record
) -> None:
    with BagWriter(tmp_path / 'drive') as bag:
        bag.add(INFO, camera_info(CAMERA))
        add_colour(bag, 0, 0)
        bag.add('/rear/image_raw', image(picture(0), 'rgb8', 0))
    line = record(tmp_path / 'drive')
    assert f'2 topics of kind colour image: name one by --image: {COLOUR}, /rear' in line
    line = record(tmp_path / 'drive', '--image', COLOUR)
    assert 'has no sensor_msgs/msg/LaserScan or sensor_msgs/msg/PointCloud2 with messages' in line
    assert '/rear/image_raw (Image, 1)' in line


def test_a_camera_that_nobody_describes_is_refused(tmp_path: Path, record: Record) -> None:
    with BagWriter(tmp_path / 'drive') as bag:
        add_colour(bag, 0, 0)
        bag.add(DEPTH, image(np.ones((60, 80), np.uint16), '16UC1', 0))
        bag.add('/lost/camera_info', camera_info(CAMERA))
    line = record(tmp_path / 'drive')
    assert f'no CameraInfo for {COLOUR} in the bag: name its topic by --camera-info' in line
    done = record(tmp_path / 'drive', '--camera-info', '/lost/camera_info', '--val-share', 0)
    assert done['train'] == 1


@pytest.mark.parametrize(
    ('infos', 'reason'),
    [
        ([0.0], 'is uncalibrated'),
        ([60.0, 70.0], f'{INFO} changes during the bag, at the stamp'),
        ([0.0, 60.0], ''),
    ],
)
def test_calibrations_that_are_none_or_several(
    tmp_path: Path, record: Record, infos: list[float], reason: str
) -> None:
    with BagWriter(tmp_path / 'drive') as bag:
        for i, fx in enumerate(infos):
            message = camera_info(CAMERA, i)
            message.k[0] = fx
            bag.add(INFO, message, i)
        add_colour(bag, 0, 0)
        bag.add(DEPTH, image(np.ones((60, 80), np.uint16), '16UC1', 0))
    result = record(tmp_path / 'drive', '--val-share', 0)
    assert reason in result if reason else result['train'] == 1


def test_images_of_another_size_than_their_camera_are_named(
    tmp_path: Path, record: Record
) -> None:
    with BagWriter(tmp_path / 'drive') as bag:
        bag.add(INFO, camera_info(CAMERA))
        for i, size in enumerate([80, 70, 80]):
            bag.add(COLOUR, image(picture(i)[:, :size], 'rgb8', i), i)
            bag.add(DEPTH, image(np.ones((60, 80), np.uint16), '16UC1', i), i)
    options = ('--val-share', 0, '--min-change', 0)
    line = record(tmp_path / 'drive', *options)
    assert f'message 1 of {COLOUR}: the image has 70x60 pixels, but the CameraInfo' in line
    assert len(list_frames(tmp_path / 'out', 'train')) == 1  # what was written stays
    result = record(tmp_path / 'drive', *options, '--append', '--skip-bad')
    assert (result['train'], result['there_already'], result['skipped']) == (1, 1, 1)


def test_damaged_messages_are_refused_or_counted(tmp_path: Path, record: Record) -> None:
    with BagWriter(tmp_path / 'drive') as bag:
        bag.add(INFO, camera_info(CAMERA))
        png = cv2.imencode('.png', np.full((60, 80), 900, np.uint16))[1].tobytes()
        for i in range(8):
            add_colour(bag, i, i) if i != 2 else bag.add_bytes(COLOUR, SENSOR + 'Image', b'x', i)
            body = bytes(12) + (png[:-30] if i == 4 else png)
            message = compressed(body, '16UC1; compressedDepth png', i)
            bag.add(DEPTH + '/compressedDepth', message, i)
    line = record(tmp_path / 'drive')
    assert f'message 2 of {COLOUR}: it is damaged' in line
    assert line.endswith('(--skip-bad leaves such frames out)')
    result = record(tmp_path / 'drive', '--skip-bad', '--val-share', 0)
    assert result['skipped'] >= 1
    assert result['train'] + result['left_out'].get('damaged', 0) == 7


def test_what_comes_before_the_damage_of_a_bag_is_recorded_with_skip_bad(
    tmp_path: Path, record: Record, rng: np.random.Generator
) -> None:
    writer = BagWriter(tmp_path / 'drive', 'mcap')
    writer.compress(CompressionMode.STORAGE, CompressionFormat.ZSTD)
    with writer as bag:
        bag.add(INFO, camera_info(CAMERA))
        for i in range(200):
            noise = rng.integers(1, 5000, (60, 80)).astype(np.uint16)
            bag.add(COLOUR, image(picture(i), 'rgb8', i), i)
            bag.add(DEPTH, image(noise, '16UC1', i), i)
    file = tmp_path / 'drive/drive.mcap'
    data = bytearray(file.read_bytes())
    start = len(data) * 4 // 5
    data[start : start + 100] = bytes(100)
    file.write_bytes(data)
    assert re.search(r"the bag '.*drive' is damaged: .*--skip-bad", record(tmp_path / 'drive'))
    assert not (tmp_path / 'out').exists()
    result = record(tmp_path / 'drive', '--skip-bad')
    assert result['skipped'] == 1
    assert 50 < result['train'] + result['val'] < 190


def test_an_interrupted_recording_goes_on(
    tmp_path: Path, record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    bag = write_registered(tmp_path / 'drive')
    written: list[Path] = []

    def interrupted(path: Path, *rest: Any) -> None:
        if len(written) == 5:
            raise KeyboardInterrupt
        write_frame(path, *rest)
        written.append(path)

    monkeypatch.setattr(recording, 'write_frame', interrupted)
    assert main(['record', str(bag), str(tmp_path / 'out')]) == 130
    assert sorted((tmp_path / 'out').rglob('*.h5*')) == sorted(written)
    monkeypatch.undo()
    result = record(bag, '--append')
    assert (result['train'] + result['val'], result['there_already']) == (6, 5)


@pytest.mark.parametrize('number', [1, 2, 7])  # the manifest and two of its frames
def test_a_killed_recording_leaves_whole_frames_and_goes_on(
    number: int, tmp_path: Path, record: Record
) -> None:
    bag, out = write_registered(tmp_path / 'drive'), tmp_path / 'out'
    killed_while_writing(number, 'record', bag, out)
    frames = sorted(out.rglob('*.h5'))
    assert len(frames) == max(0, number - 2)
    for path in frames:
        assert (whole_depth(path) > 0).any()
    assert len(list(out.rglob('.*.h5.part-*')) + list(out.glob('.record.json.part-*'))) == 1
    result = record(bag, '--append')
    assert result['train'] + result['val'] == 11 - len(frames)
    assert result['there_already'] == len(frames)
    assert not list(out.rglob('.*.h5.part-*')) + list(out.glob('.record.json.part-*'))


def whole_depth(path: Path) -> np.ndarray:
    import h5py

    with h5py.File(path) as file:
        return file['depth'][:]


def test_an_out_in_use_is_refused_and_append_goes_on(tmp_path: Path, record: Record) -> None:
    bag = write_registered(tmp_path / 'drive')
    record(bag)
    before = {p: p.stat().st_mtime_ns for p in (tmp_path / 'out').rglob('*.h5')}
    assert 'is not empty: name another folder, or --append' in record(bag)
    next(iter(before)).unlink()  # as if it had been interrupted before it
    result = record(bag, '--append')
    assert (result['train'] + result['val'], result['there_already']) == (1, 10)
    after = {p: p.stat().st_mtime_ns for p in (tmp_path / 'out').rglob('*.h5')}
    assert after.keys() == before.keys()
    assert sum(after[p] != before[p] for p in after) == 1
    line = record(bag, '--append', '--val-share', 0.3)
    assert "has a scene 'drive' of another options: record it the same way" in line
    assert record(bag, '--append', '--val-share', 0.3, '--scene', 'again')['val'] == 9


def test_another_bag_of_the_same_name_is_refused(tmp_path: Path, record: Record) -> None:
    record(write_registered(tmp_path / 'drive'))
    (tmp_path / 'b').mkdir()
    other = write_registered(tmp_path / 'b/drive', 25)
    assert "has a scene 'drive' of another bag" in record(other, '--append')


def test_several_bags_are_scenes_of_their_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bags = [str(write_registered(tmp_path / name)) for name in ('one', 'two')]
    assert main(['record', *bags, str(tmp_path / 'out')]) == 0
    assert {p.name for p in (tmp_path / 'out/train').iterdir()} == {'one', 'two'}
    assert len(frames(tmp_path / 'out', 'val')) == 6
    out = capsys.readouterr().out
    assert 'one: /camera/color/image_raw (fx 60, fy 61' in out
    assert '  written: 8 train, 3 val; 100.0% of the pixels have depth' in out
    assert main(['record', bags[0], bags[0], str(tmp_path / 'more')]) == 2
    assert "would be the same scene 'one'" in capsys.readouterr().err


def test_frames_without_any_depth_are_left_out(tmp_path: Path, record: Record) -> None:
    with BagWriter(tmp_path / 'drive') as bag:
        bag.add(INFO, camera_info(CAMERA))
        for i in range(4):
            add_colour(bag, i, i)
            bag.add(DEPTH, image(np.full((60, 80), i % 2, np.uint16), '16UC1', i), i)
    result = record(tmp_path / 'drive', '--val-share', 0)
    assert (result['train'], result['left_out']) == (2, {'without depth': 2})
    with BagWriter(tmp_path / 'dark') as bag:
        bag.add(INFO, camera_info(CAMERA))
        add_colour(bag, 0, 0)
        bag.add(DEPTH, image(np.zeros((60, 80), np.uint16), '16UC1', 0))
    assert 'no frame was written' in record(tmp_path / 'dark', '--append', '--val-share', 0)


def test_a_full_disk_is_one_line_and_loses_nothing(tmp_path: Path, record: Record) -> None:
    bag = write_registered(tmp_path / 'drive')
    record(bag)
    kept = sorted((tmp_path / 'out').rglob('*.h5'))
    kept[-1].unlink()
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (9000, before[1]))
    try:
        line = record(bag, '--append', '--skip-bad')
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert f"cannot write '{kept[-1]}': File too large" in line
    assert [p for p in (tmp_path / 'out').rglob('*') if p.is_file() and p.suffix != '.json'] != []
    assert sorted((tmp_path / 'out').rglob('*.h5*')) == kept[:-1]
    assert record(bag, '--append')['there_already'] == len(kept) - 1


def test_a_damaged_record_json_is_named(tmp_path: Path, record: Record) -> None:
    bag = write_registered(tmp_path / 'drive')
    record(bag)
    (tmp_path / 'out/record.json').write_text('{')
    assert "record.json' is damaged" in record(bag, '--append')
    (tmp_path / 'file').write_text('')
    assert main(['record', str(bag), str(tmp_path / 'file')]) == 2
