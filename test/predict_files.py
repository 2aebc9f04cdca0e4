"""Videos and bags that tests write and read."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest


def write_video(
    path: Path, ticks: Sequence[int], size: tuple[int, int] = (160, 120), content: str = 'grey'
) -> Path:
    """An H.264 MP4 with a picture at each of `ticks` (of 1 / 12800 s).

    'grey': brighter and brighter; 'corner': with a white upper left quarter; 'noise'.
    """
    av = pytest.importorskip('av')
    rng, base = np.random.default_rng(0), Fraction(1, 12800)
    with av.open(str(path), 'w', options={'movflags': 'faststart'}) as container:
        stream = container.add_stream('h264', rate=25, options={'preset': 'ultrafast', 'bf': '0'})
        stream.width, stream.height, stream.pix_fmt = *size, 'yuv420p'
        stream.codec_context.time_base = stream.time_base = base
        for n, tick in enumerate(ticks):
            rgb = np.full((size[1], size[0], 3), 40 + 150 * n // len(ticks), np.uint8)
            if content == 'corner':
                rgb[: size[1] // 2, : size[0] // 2] = 255
            elif content == 'noise':
                rgb = rng.integers(0, 255, rgb.shape, np.uint8)
            frame = av.VideoFrame.from_ndarray(rgb, format='rgb24')
            frame.pts, frame.time_base = tick, base
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def read_video(path: Path) -> tuple[list[float], list[np.ndarray]]:
    """Times in s and pictures (BGR) of a video, as far as it can be decoded."""
    av = pytest.importorskip('av')
    times, pictures = [], []
    with av.open(str(path)) as container:
        try:
            for frame in container.decode(video=0):
                times.append(float(frame.pts * frame.time_base))
                pictures.append(frame.to_ndarray(format='bgr24'))
        except av.error.InvalidDataError:
            pass
    return times, pictures


# K of a 160 x 120 camera with twice the focal length of the stub's (80 px at 96 x 64)
CAMERA = (160 * 160 / 96, 160 * 120 / 64, 80.0, 60.0)


class BagFile:
    """A rosbag2 being written; times in s."""

    def __init__(self, path: Path, storage: str = 'sqlite3') -> None:
        rosbag2 = pytest.importorskip('rosbags.rosbag2')
        typesys = pytest.importorskip('rosbags.typesys')
        plugin = rosbag2.StoragePlugin[storage.upper()]
        self._writer = rosbag2.Writer(path, version=9, storage_plugin=plugin)
        self._store = typesys.get_typestore(typesys.Stores.ROS2_HUMBLE)
        self._types = self._store.types
        self._connections: dict[str, object] = {}

    def __enter__(self) -> BagFile:
        self._writer.open()
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()

    def _write(self, topic: str, message: object, seconds: float) -> None:
        name = message.__msgtype__
        if topic not in self._connections:
            connection = self._writer.add_connection(topic, name, typestore=self._store)
            self._connections[topic] = connection
        data = self._store.serialize_cdr(message, name)
        self._writer.write(self._connections[topic], round(seconds * 1e9), data)

    def _header(self, seconds: float) -> object:
        sec, nanosec = divmod(round(seconds * 1e9), 10**9)
        time = self._types['builtin_interfaces/msg/Time'](sec, nanosec)
        return self._types['std_msgs/msg/Header'](stamp=time, frame_id='camera')

    def image(
        self,
        topic: str,
        seconds: float,
        pixels: np.ndarray,
        encoding: str,
        pad: int = 0,
        short: int = 0,
        received: float | None = None,
    ) -> None:
        """(h, w, bytes a pixel) uint8, `pad` bytes after each row, `short` bytes too few."""
        rows = np.pad(pixels.reshape(len(pixels), -1), ((0, 0), (0, pad)), constant_values=255)
        data = rows.ravel()
        message = self._types['sensor_msgs/msg/Image'](
            header=self._header(seconds),
            height=pixels.shape[0],
            width=pixels.shape[1],
            encoding=encoding,
            is_bigendian=0,
            step=rows.shape[1],
            data=data[: len(data) - short],
        )
        self._write(topic, message, seconds if received is None else received)

    def compressed(self, topic: str, seconds: float, data: np.ndarray) -> None:
        """A JPEG."""
        compressed = self._types['sensor_msgs/msg/CompressedImage']
        self._write(topic, compressed(self._header(seconds), 'rgb8; jpeg', data.ravel()), seconds)

    def camera_info(
        self, topic: str, k: tuple[float, float, float, float], d: Sequence[float] = ()
    ) -> None:
        """Of 160 x 120 pixels; `k` is fx, fy, cx, cy."""
        fx, fy, cx, cy = k
        roi = self._types['sensor_msgs/msg/RegionOfInterest'](0, 0, 0, 0, False)
        message = self._types['sensor_msgs/msg/CameraInfo'](
            header=self._header(0),
            height=120,
            width=160,
            distortion_model='plumb_bob',
            d=np.array(d, float),
            k=np.array([fx, 0, cx, 0, fy, cy, 0, 0, 1]),
            r=np.eye(3).ravel(),
            p=np.array([fx, 0, cx, 0, 0, fy, cy, 0, 0, 0, 1, 0]),
            binning_x=0,
            binning_y=0,
            roi=roi,
        )
        self._write(topic, message, 0)
