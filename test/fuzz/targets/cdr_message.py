"""One serialised message of a bag, of each type that is read."""

from __future__ import annotations

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import bag_writer
import numpy as np
from fuzz.targets.bag import look

from fastdepth_ros.bags.bag import Bag
from fastdepth_ros.bags.static_transforms import StaticTransforms
from fastdepth_ros.geometry.camera_info import CameraModel

TFS = 'tf2_msgs/msg/TFMessage'
KINDS = (
    *(f'sensor_msgs/msg/{name}' for name in ('Image', 'CompressedImage', 'CameraInfo')),
    *(f'sensor_msgs/msg/{name}' for name in ('LaserScan', 'PointCloud2', 'Imu', 'Range')),
    TFS,
)
NATIVE = True


def seeds() -> Iterator[bytes]:
    pixels = np.arange(144, dtype=np.uint8).reshape(6, 8, 3)
    messages: tuple[Any, ...] = (
        bag_writer.image(pixels, 'rgb8', 0),
        bag_writer.compressed(b'\x89PNG', 'png', 0),
        bag_writer.camera_info(CameraModel(8, 6, d=(0.0,) * 5)),
        bag_writer.scan(np.ones(4), 0, 0.1, 0, 'lidar'),
        bag_writer.cloud(np.ones((3, 3)), 0, 'lidar'),
        bag_writer.tf('a', 'b', (0, 0, 0), (0, 0, 0, 1)),
    )
    for message in messages:
        kind = message.__msgtype__
        data = bag_writer.STORE.serialize_cdr(message, kind)
        yield bytes([KINDS.index(kind)]) + bytes(data)


def harness(data: bytes) -> None:
    """Right: the readers take or refuse it."""
    kind = KINDS[data[0] % len(KINDS)] if data else KINDS[0]
    reader = SimpleNamespace(connections=[])
    bag = Bag(cast(Any, None), cast(Any, reader))
    bag.topics['/t'] = kind
    message = bag.decode('/t', data[1:])
    look(message, kind)
    if kind == TFS:
        with np.errstate(all='ignore'):
            StaticTransforms().add_message(message)
