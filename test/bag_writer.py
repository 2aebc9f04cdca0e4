"""Writes rosbag2s for tests, by the rosbags library: any topic, from known scenes."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_typestore

from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.intrinsics import Intrinsics

SENSOR = 'sensor_msgs/msg/'
STORE = get_typestore(Stores.LATEST)
TYPES = STORE.types
STORAGE = {'sqlite3': StoragePlugin.SQLITE3, 'mcap': StoragePlugin.MCAP}
START = 1_700_000_000  # s
COLOUR, DEPTH = '/camera/color/image_raw', '/camera/depth/image_raw'
FRAME = 'camera_color_optical_frame'


def header(seconds: float, frame: str) -> Any:
    ns = round(seconds * 1e9)
    stamp = TYPES['builtin_interfaces/msg/Time'](START + ns // 10**9, ns % 10**9)
    return TYPES['std_msgs/msg/Header'](stamp, frame)


def image(pixels: np.ndarray, encoding: str, seconds: float, frame: str = FRAME) -> Any:
    data = np.frombuffer(np.ascontiguousarray(pixels).tobytes(), np.uint8)
    big = int(pixels.dtype.byteorder == '>')
    height, width = pixels.shape[:2]
    step = data.size // height
    return TYPES[SENSOR + 'Image'](
        header(seconds, frame), height, width, encoding, big, step, data
    )


def compressed(data: bytes, name: str, seconds: float, frame: str = FRAME) -> Any:
    data = np.frombuffer(data, np.uint8)
    return TYPES[SENSOR + 'CompressedImage'](header(seconds, frame), name, data)


def compressed_depth(
    stored: np.ndarray, encoding: str, a: float, b: float, seconds: float, body: bytes = b''
) -> Any:
    """What compressed_depth_image_transport writes around a PNG, or around `body` as RVL."""
    png = cv2.imencode('.png', stored)[1].tobytes()
    name = f'{encoding}; compressedDepth {"rvl" if body else "png"}'
    return compressed(struct.pack('<iff', 0, a, b) + (body or png), name, seconds)


def encode_rvl(pixels: list[int]) -> bytes:
    """RVL as the paper's appendix has it, nibble by nibble."""
    nibbles: list[int] = []

    def put(value: int) -> None:
        while True:
            low, value = value & 7, value >> 3
            nibbles.append(low | (8 if value else 0))
            if not value:
                return

    at, previous = 0, 0
    while at < len(pixels):
        zeros = at
        while zeros < len(pixels) and pixels[zeros] == 0:
            zeros += 1
        end = zeros
        while end < len(pixels) and pixels[end] != 0:
            end += 1
        put(zeros - at)
        put(end - zeros)
        for value in pixels[zeros:end]:
            delta = value - previous
            put((delta << 1) ^ (delta >> 31))
            previous = value
        at = end
    nibbles += [0] * (-len(nibbles) % 8)
    words = [nibbles[i : i + 8] for i in range(0, len(nibbles), 8)]
    values = [sum(n << 4 * (7 - i) for i, n in enumerate(word)) for word in words]
    return np.array(values, '<u4').tobytes()


def camera_info(camera: CameraModel | Intrinsics, seconds: float = 0, frame: str = FRAME) -> Any:
    if isinstance(camera, Intrinsics):
        camera = CameraModel.pinhole(camera)
    d, k, r, p = (np.array(m, np.float64) for m in (camera.d, camera.k, camera.r, camera.p))
    roi = TYPES[SENSOR + 'RegionOfInterest'](0, 0, 0, 0, do_rectify=False)
    return TYPES[SENSOR + 'CameraInfo'](
        header(seconds, frame),
        *(camera.height, camera.width, camera.distortion_model),
        *(d, k, r, p, 0, 0, roi),
    )


def scan(ranges: np.ndarray, low: float, step: float, seconds: float, frame: str) -> Any:
    ranges = ranges.astype(np.float32)
    return TYPES[SENSOR + 'LaserScan'](
        *(header(seconds, frame), low, low + step * (len(ranges) - 1), step, 0.0, 0.1, 0.05, 30.0),
        *(ranges, np.zeros(0, np.float32)),
    )


def cloud(points: np.ndarray, seconds: float, frame: str) -> Any:
    """Unorganised points of 16 bytes, as lidars have: x, y, z and intensity."""
    field = TYPES[SENSOR + 'PointField']
    fields = [field(name, 4 * i, 7, 1) for i, name in enumerate(('x', 'y', 'z', 'intensity'))]
    data = np.concatenate([points, np.zeros((len(points), 1))], 1).astype('<f4')
    bytes_ = np.frombuffer(data.tobytes(), np.uint8)
    return TYPES[SENSOR + 'PointCloud2'](
        *(header(seconds, frame), 1, len(points), fields, False, 16, 16 * len(points), bytes_),
        is_dense=True,
    )


def tf(parent: str, child: str, xyz: Sequence[float], xyzw: Sequence[float]) -> Any:
    geometry = 'geometry_msgs/msg/'
    pose = TYPES[geometry + 'Transform'](
        TYPES[geometry + 'Vector3'](*xyz), TYPES[geometry + 'Quaternion'](*xyzw)
    )
    item = TYPES[geometry + 'TransformStamped'](header(0, parent), child, pose)
    return TYPES['tf2_msgs/msg/TFMessage']([item])


class BagWriter:
    """A bag to be: give it messages with their topics and the time at which they arrive."""

    def __init__(self, path: Path, storage: str = 'sqlite3') -> None:
        self.path = path
        self._writer = Writer(path, version=9, storage_plugin=STORAGE[storage])
        self._connections: dict[str, Any] = {}

    def compress(self, *how: Any) -> None:
        self._writer.set_compression(*how)

    def __enter__(self) -> BagWriter:
        self._writer.open()
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()

    def add(self, topic: str, message: Any, seconds: float = 0) -> None:
        kind = message.__msgtype__
        self.add_bytes(topic, kind, STORE.serialize_cdr(message, kind), seconds)

    def add_bytes(self, topic: str, kind: str, data: bytes, seconds: float = 0) -> None:
        if topic not in self._connections:
            self._connections[topic] = self._writer.add_connection(topic, kind, typestore=STORE)
        stamp = START * 10**9 + round(seconds * 1e9)
        self._writer.write(self._connections[topic], stamp, data)
