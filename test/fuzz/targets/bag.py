"""A rosbag2 by rosbags: mcap, sqlite3 (both C below) and a folder's metadata.yaml."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import bag_writer
import numpy as np
from fuzz.taken import folder

from fastdepth_ros.bags.bag import open_bag
from fastdepth_ros.bags.topics import find_streams
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.camera_info import CameraModel, camera_of_message
from fastdepth_ros.messages.colour_image import read_colour
from fastdepth_ros.messages.points import read_cloud, read_scan

NATIVE = True
MCAP, SQLITE, METADATA = range(3)
MOST = 50  # messages that are looked at


def write(path: Path, storage: str, *how: object) -> None:
    writer = bag_writer.BagWriter(path, storage)
    if how:
        writer.compress(*how)
    with writer as bag:
        pixels = np.zeros((6, 8, 3), np.uint8)
        bag.add('/image', bag_writer.image(pixels, 'rgb8', 0))
        bag.add('/depth', bag_writer.image(np.ones((6, 8), np.uint16), '16UC1', 0))
        bag.add('/camera_info', bag_writer.camera_info(CameraModel(8, 6)))
        bag.add('/scan', bag_writer.scan(np.ones(4), 0, 0.1, 0, 'lidar'))
        bag.add('/cloud', bag_writer.cloud(np.ones((3, 3)), 0, 'lidar'))
        bag.add('/tf_static', bag_writer.tf('a', 'b', (0, 0, 0), (0, 0, 0, 1)))


def seeds() -> Iterator[bytes]:
    from rosbags.rosbag2 import CompressionFormat, CompressionMode

    for kind, storage, suffix in ((MCAP, 'mcap', '.mcap'), (SQLITE, 'sqlite3', '.db3')):
        with tempfile.TemporaryDirectory() as place:
            path = Path(place, 'bag')
            write(path, storage)
            yield bytes([kind]) + next(path.glob(f'*{suffix}')).read_bytes()
            if kind == MCAP:
                yield bytes([METADATA]) + (path / 'metadata.yaml').read_bytes()
                packed = Path(place, 'packed')
                write(packed, storage, CompressionMode.STORAGE, CompressionFormat.ZSTD)
                yield bytes([kind]) + next(packed.glob(f'*{suffix}')).read_bytes()


def harness(data: bytes) -> None:
    """Right: every message is read, or refused by itself."""
    kind, body = data[0] % 3 if data else 0, data[1:]
    path = folder() / ('bag.mcap', 'bag.db3', 'bag')[kind]
    if kind == METADATA:
        if not path.exists():
            write(path, 'mcap')
        (path / 'metadata.yaml').write_bytes(body)
    else:
        path.write_bytes(body)
    with open_bag(path) as bag:
        for number, (topic, message) in enumerate(bag.messages(bag.topics)):
            if number == MOST:
                break
            look(bag.decode(topic, message), bag.topics[topic])
        find_streams(bag)


def look(message: object, kind: str) -> None:
    """A damaged message is refused alone."""
    readers = {
        'sensor_msgs/msg/Image': read_colour,
        'sensor_msgs/msg/LaserScan': read_scan,
        'sensor_msgs/msg/PointCloud2': read_cloud,
        'sensor_msgs/msg/CameraInfo': camera_of_message,
    }
    try:
        readers.get(kind, id)(message)
    except UserError:
        return
