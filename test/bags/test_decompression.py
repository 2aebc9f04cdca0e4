"""What a bag decompresses to has limits; rosbags itself has none."""

from __future__ import annotations

from pathlib import Path

import bag_writer
import numpy as np
import pytest
from bag_writer import BagWriter
from rosbags.rosbag2 import CompressionFormat, CompressionMode

from fastdepth_ros.bags import decompression
from fastdepth_ros.bags.bag import open_bag
from fastdepth_ros.errors import UserError

ZSTD = CompressionFormat.ZSTD
WAYS = [
    ('mcap', CompressionMode.STORAGE),
    ('mcap', CompressionMode.MESSAGE),
    ('sqlite3', CompressionMode.MESSAGE),
    ('sqlite3', CompressionMode.FILE),
    ('mcap', CompressionMode.FILE),
]
ZEROS = np.zeros((500, 700, 3), np.uint8)  # a megabyte that zstd makes a hundred bytes of


def write(path: Path, storage: str, mode: CompressionMode) -> Path:
    writer = BagWriter(path, storage)
    writer.compress(mode, ZSTD)
    with writer as bag:
        bag.add('/image', bag_writer.image(ZEROS, 'rgb8', 0))
    return path


def count(path: Path) -> int:
    with open_bag(path) as bag:
        return sum(len(data) for _, data in bag.messages(['/image']))


@pytest.mark.parametrize(('storage', 'mode'), WAYS)
def test_compressed_bags_are_read(tmp_path: Path, storage: str, mode: CompressionMode) -> None:
    assert count(write(tmp_path / 'bag', storage, mode)) > ZEROS.nbytes


@pytest.mark.parametrize(('storage', 'mode'), WAYS)
def test_a_bomb_is_refused(tmp_path, storage, mode, monkeypatch) -> None:
    path = write(tmp_path / 'bag', storage, mode)
    monkeypatch.setattr(decompression, 'LARGEST', ZEROS.nbytes // 2)
    monkeypatch.setattr(decompression, 'SHARE_OF_DISK', 1e-9)
    with pytest.raises(UserError, match=r'allowed|decompresses to more than'):
        count(path)


@pytest.mark.parametrize('frame', [decompression.zstd_frame, decompression.lz4_frame])
def test_frames_are_inflated_up_to_a_limit(frame) -> None:
    import lz4.frame

    pack = lz4.frame.compress if frame is decompression.lz4_frame else decompression.zstd.compress
    inflate, data = decompression.inflate, pack(bytes(1000))
    assert inflate(frame, data * 2, 2000) == bytes(2000)
    with pytest.raises(decompression.ReaderError, match='more than 1999 bytes'):
        inflate(frame, data * 2, 1999)
    with pytest.raises(decompression.ReaderError, match='cut off'):
        inflate(frame, data[:-1], 2000)
    assert inflate(frame, b'', 5) == b''


def test_metadata_whose_counts_are_no_numbers_are_damage(tmp_path: Path) -> None:
    path = write(tmp_path / 'bag', 'mcap', CompressionMode.STORAGE)
    metadata = path / 'metadata.yaml'
    for wrong in ('message_count: x', 'message_count: [1]'):
        text = metadata.read_text()
        metadata.write_text(text.replace('- message_count: 1', f'- {wrong}'))
        assert wrong in metadata.read_text()
        with pytest.raises(UserError, match='is damaged'):
            count(path)
        metadata.write_text(text)
