"""sensor_msgs/Imu: which way is up; and tf2_msgs/TFMessage as the fixed frames of a bag."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
from fuzz.taken import Taken

from fastdepth_ros.bags.static_transforms import StaticTransforms
from fastdepth_ros.scale.gravity import Gravity

FRAMES = ('map', 'base', 'camera', '/camera', '')


def seeds() -> Iterator[bytes]:
    yield b'\0' + struct.pack('<2d8d', 0, 0, 1.0, 0, 0, 0, 1, 0, 0, 9.81)
    yield b'\0' + struct.pack('<2d8d', -1, 0, 1.0, 0, 0, 0, 1, 0, 0, 9.81) * 2
    pose = struct.pack('<7d', 1, 2, 3, 0, 0, 0, 1)
    yield b'\1' + b'\0\1' + pose + b'\1\2' + pose + b'\2\0' + pose
    yield b'\1' + b'\0\1' + struct.pack('<7d', 1e300, 2, 3, 1e300, 0, 0, 1e-300)


def harness(data: bytes) -> None:
    """Right: a unit vector; a transform that keeps lengths."""
    given = Taken(data)
    if given.integer(1) % 2 == 0:
        _imu(given)
    else:
        _tf(given)


def _imu(given: Taken) -> None:
    gravity = Gravity()
    for _ in range(3):
        flags = given.double(), given.double()
        stamp = given.double()
        turn = SimpleNamespace(**{axis: given.double() for axis in 'xyzw'})
        push = SimpleNamespace(**{axis: given.double() for axis in 'xyz'})
        message = SimpleNamespace(
            orientation_covariance=[flags[0]] * 9,
            linear_acceleration_covariance=[flags[1]] * 9,
            orientation=turn,
            linear_acceleration=push,
        )
        with np.errstate(all='ignore'):
            up = gravity.up(message, stamp if np.isfinite(stamp) else 0.0)
        assert abs(float(np.linalg.norm(up)) - 1) < 0.2


def _tf(given: Taken) -> None:
    tree, items = StaticTransforms(), []
    for _ in range(4):
        frames = given.choice(FRAMES), given.choice(FRAMES)
        t = SimpleNamespace(**{axis: given.double() for axis in 'xyz'})
        q = SimpleNamespace(**{axis: given.double() for axis in 'xyzw'})
        transform = SimpleNamespace(translation=t, rotation=q)
        header = SimpleNamespace(frame_id=frames[0])
        items.append(SimpleNamespace(header=header, child_frame_id=frames[1], transform=transform))
    with np.errstate(all='ignore'):
        tree.add_message(SimpleNamespace(transforms=items))
        for target in FRAMES:
            for source in FRAMES:
                found = tree.find(target, source)
                assert found is None or found.shape == (4, 4)
