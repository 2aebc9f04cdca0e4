from __future__ import annotations

import contextlib
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('rosbags')

from bag_writer import COLOUR, SENSOR, BagWriter, image
from rosbags.rosbag2 import CompressionFormat, CompressionMode

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.bags.bag import open_bag, whole_messages
from fastdepth_ros.errors import UserError
from fastdepth_ros.stamps import stamp_ns

COUNT = 40


def write(path: Path, storage: str = 'sqlite3', *compression: object) -> Path:
    """COUNT images of 20 x 10 pixels, each of its number's grey."""
    writer = BagWriter(path, storage)
    if compression:
        writer.compress(*compression)
    with writer as bag:
        for i in range(COUNT):
            bag.add(COLOUR, image(np.full((10, 20, 3), i, np.uint8), 'rgb8', i / 10), i / 10)
    return path


def greys(path: Path) -> list[int]:
    with open_bag(path) as bag:
        return [int(bag.decode(t, data).data[0]) for t, data in bag.messages([COLOUR])]


@pytest.mark.parametrize('storage', ['sqlite3', 'mcap'])
def test_messages_come_in_order_from_a_folder_and_from_its_file(
    tmp_path: Path, storage: str
) -> None:
    path = write(tmp_path / 'drive', storage)
    assert greys(path) == list(range(COUNT))
    file = next(p for p in path.iterdir() if p.suffix in ('.db3', '.mcap'))
    assert greys(file) == list(range(COUNT))
    with open_bag(path) as bag:
        assert bag.topics == {COLOUR: SENSOR + 'Image'}
        assert bag.counts == {COLOUR: COUNT}
        assert stamp_ns(bag.first(COLOUR)) == 1_700_000_000 * 10**9
        assert list(bag.messages(['/none'])) == []


@pytest.mark.parametrize(
    ('storage', 'mode'),
    [
        ('sqlite3', CompressionMode.FILE),
        ('sqlite3', CompressionMode.MESSAGE),
        ('mcap', CompressionMode.MESSAGE),
        ('mcap', CompressionMode.STORAGE),
    ],
)
def test_compressed_bags_are_read(tmp_path: Path, storage: str, mode: CompressionMode) -> None:
    path = write(tmp_path / 'drive', storage, mode, CompressionFormat.ZSTD)
    assert greys(path) == list(range(COUNT))


@pytest.mark.parametrize('storage', ['sqlite3', 'mcap'])
@pytest.mark.parametrize('file', [False, True])
def test_a_truncated_bag_is_one_line(tmp_path: Path, storage: str, file: bool) -> None:
    path = write(tmp_path / 'drive', storage)
    data = next(p for p in path.iterdir() if p.suffix in ('.db3', '.mcap'))
    whole = data.read_bytes()
    for end in (0, 5, 100, 5000, len(whole) // 2, len(whole) * 3 // 4):
        data.write_bytes(whole[:end])
        with pytest.raises(UserError, match=r"(cannot read the bag|the bag) '.*drive") as error:
            greys(data if file else path)
        assert '\n' not in str(error.value)


@pytest.mark.parametrize('storage', ['sqlite3', 'mcap'])
def test_any_damage_is_one_line_or_a_bag(
    tmp_path: Path, storage: str, rng: np.random.Generator
) -> None:
    path = write(tmp_path / 'drive', storage)
    data = next(p for p in path.iterdir() if p.suffix in ('.db3', '.mcap'))
    whole = data.read_bytes()
    for _ in range(30):
        bad = bytearray(whole)
        start = int(rng.integers(len(bad)))
        bad[start : start + 40] = rng.bytes(len(bad[start : start + 40]))
        data.write_bytes(bad)
        with contextlib.suppress(UserError), open_bag(data) as bag:
            numbers = [n for _, n, _ in whole_messages(bag, [COLOUR], BadFrames(skip=True))]
            assert numbers == list(range(len(numbers)))


def test_what_is_no_bag_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = write(tmp_path / 'drive')
    (tmp_path / 'empty').mkdir()
    (tmp_path / 'notes.txt').write_text('hello')
    (path / 'metadata.yaml').unlink()
    for name in ('gone', 'empty', 'drive', 'notes.txt'):
        with pytest.raises(UserError, match=f"'.*{name}'.*ros2 bag reindex"):
            greys(tmp_path / name)
    with pytest.raises(UserError, match='is of ROS 1: rosbags-convert --src'):
        greys(tmp_path / 'old.bag')


def test_damaged_messages_are_refused_or_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with BagWriter(tmp_path / 'drive') as writer:
        for i in range(6):
            if i % 2:
                writer.add_bytes(COLOUR, SENSOR + 'Image', b'\0\1\0\0' + bytes(i), i)
            else:
                writer.add(COLOUR, image(np.zeros((4, 4), np.uint8), 'mono8', i), i)
    with open_bag(tmp_path / 'drive') as bag:
        bad = BadFrames(skip=True)
        found = [(n, m is None) for _, n, m in whole_messages(bag, [COLOUR], bad)]
        assert found == [(i, i % 2 == 1) for i in range(6)]
        assert len(bad.seen) == 3
        with pytest.raises(
            UserError, match=rf'drive.*message 1 of {COLOUR}: it is damaged: .*\(--skip-bad'
        ):
            list(whole_messages(bag, [COLOUR], BadFrames(skip=False)))
    assert capsys.readouterr().err.count('skipped: ') == 3
