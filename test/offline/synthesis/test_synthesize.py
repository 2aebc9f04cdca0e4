"""The command: frames in the layout that training reads, the same every time, resumed."""

import json
from pathlib import Path

import numpy as np
import pytest
from support import killed_while_writing

from fastdepth_ros.__main__ import main
from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.data.frames import list_frames, read_frame

SMALL = ['--width', '64', '--height', '48', '--samples', '1', '--views', '2']


def synthesize(out: Path, *flags: str) -> int:
    return main(['synthesize', str(out), *SMALL, *flags])


@pytest.fixture(scope='module')
def rooms(tmp_path_factory):
    out = tmp_path_factory.mktemp('synthesis') / 'rooms'
    assert synthesize(out, '--rooms', '10', '--seed', '3') == 0
    return out


def test_frames_are_read_as_any_data_root(rooms):
    train, val = list_frames(rooms, 'train'), list_frames(rooms, 'val')
    assert (len(train), len(val)) == (18, 2)
    for ref in (*train, *val):
        frame = read_frame(ref)
        assert frame.rgb.shape == (3, 48, 64)
        assert frame.depth.shape == (48, 64)
        assert (frame.depth > 0.05).mean() > 0.95
        assert frame.depth.max() < 40
        assert 40 < frame.intrinsics.fx * 320 / 64 < 500
        assert frame.scene.startswith('room_3_')


def test_pictures_show_something(rooms):
    spread = [read_frame(ref).rgb.std() for ref in list_frames(rooms, 'train')]
    assert np.median(spread) > 20
    depths = [np.median(read_frame(ref).depth) for ref in list_frames(rooms, 'train')]
    assert max(depths) > 2 * min(depths)


def test_no_frame_is_a_holdout_of_the_layout(rooms):
    with pytest.raises(UserError, match='no holdout frames'):
        list_frames(rooms, 'holdout')


def test_a_room_is_the_same_again(rooms, tmp_path):
    assert synthesize(tmp_path / 'again', '--rooms', '1', '--first', '4', '--seed', '3') == 0
    for ref in list_frames(tmp_path / 'again', 'train'):
        path = Path('train') / 'room_3_000004' / ref.path.name
        one, other = (
            read_frame(ref),
            next(read_frame(r) for r in list_frames(rooms, 'train') if r.path == rooms / path),
        )
        assert np.array_equal(one.depth, other.depth)
        assert np.abs(one.rgb.astype(int) - other.rgb).max() <= 2


def test_what_is_there_is_left_and_what_is_missing_made(rooms, capsys):
    frames = sorted((rooms / 'train' / 'room_3_000002').iterdir())
    kept = sorted((rooms / 'train' / 'room_3_000001').iterdir())[0]
    before = kept.stat().st_mtime_ns
    content = frames[1].read_bytes()
    frames[1].unlink()
    assert synthesize(rooms, '--rooms', '10', '--seed', '3', '--json') == 0
    told = json.loads(capsys.readouterr().out)
    assert told == {'rooms': 1, 'frames': 2, 'there_before': 9}
    assert len(frames[1].read_bytes()) == pytest.approx(len(content), rel=0.05)
    assert kept.stat().st_mtime_ns == before


def test_after_a_kill_frames_are_whole_and_the_same_command_goes_on(rooms, tmp_path):
    out = tmp_path / 'rooms'
    killed_while_writing(3, 'synthesize', out, *SMALL, '--rooms', '2', '--seed', '3')
    (kept,) = {ref.path.parent for ref in list_frames(out, 'train')}
    before = [path.stat().st_mtime_ns for path in sorted(kept.iterdir())]
    assert len(before) == 2
    assert len(list(out.rglob('.*.h5.part-*'))) == 1
    assert synthesize(out, '--rooms', '2', '--seed', '3') == 0
    assert [path.stat().st_mtime_ns for path in sorted(kept.iterdir())] == before
    assert len(list_frames(out, 'train')) == 4
    assert all(path.suffix == '.h5' for path in out.rglob('*.h5*'))


def test_processes_share_the_work(tmp_path):
    assert synthesize(tmp_path / 'rooms', '--rooms', '3', '--jobs', '2') == 0
    assert len(list_frames(tmp_path / 'rooms', 'train')) == 6


@pytest.mark.parametrize(
    ('flags', 'words'),
    [
        (['--rooms', '0'], 'rooms is 0'),
        (['--seed', '-1'], 'seed is -1'),
        (['--assets', 'nowhere'], "assets 'nowhere' cannot be used"),
    ],
)
def test_a_mistake_is_one_line(tmp_path, capsys, flags, words):
    assert synthesize(tmp_path / 'rooms', *flags) != 0
    error = capsys.readouterr().err
    assert words in error
    assert error.count('\n') == 1
    assert not (tmp_path / 'rooms').exists()


@pytest.mark.shared_data
def test_models_and_textures_of_a_folder_are_used(shared_data, tmp_path):
    flags = ['--rooms', '1', '--assets', str(shared_data / 'room_assets')]
    assert synthesize(tmp_path / 'rooms', *flags) == 0
    assert len(list_frames(tmp_path / 'rooms', 'train')) == 2
