"""The colour images of a bag (rosbag2, sqlite3 or mcap), by rosbags; no ROS is needed."""

from __future__ import annotations

import struct
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import Any

from rosbags.highlevel import AnyReader, AnyReaderError
from rosbags.interfaces import Connection
from rosbags.rosbag2 import ReaderError
from rosbags.rosbag2.storage_mcap import zstd
from rosbags.rosbag2.storage_sqlite3 import apsw
from rosbags.serde import SerdeError
from rosbags.typesys import Stores, get_typestore

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.camera_info import CameraModel, as_delivered
from fastdepth_ros.geometry.distortion import is_rectified_topic, rectified
from fastdepth_ros.predict.sources.bag_images import decode_image, is_colour
from fastdepth_ros.predict.sources.source import Sample, Skips, Source
from fastdepth_ros.tools.frames import RATE

IMAGE, COMPRESSED = 'sensor_msgs/msg/Image', 'sensor_msgs/msg/CompressedImage'
CAMERA_INFO = 'sensor_msgs/msg/CameraInfo'
# what rosbags lets through of the libraries that it reads by
DAMAGED = (
    AnyReaderError, ReaderError, SerdeError, apsw.Error, zstd.ZstdError, struct.error, OSError,
    EOFError, RuntimeError, MemoryError, ValueError, KeyError,
)  # fmt: skip
NANOSECONDS = 10**9


class BagSource(Source):
    """One image topic, with the camera_info beside it."""

    moving = True

    def __init__(self, path: Path, topic: str | None) -> None:
        """`topic` may be left out where the bag has one colour topic."""
        self._path = path
        self.label = str(path)
        self.name = self.folder = path.resolve().name if path.is_dir() else path.stem
        with self._open() as reader:
            connection = choose_topic(reader, path, topic)
            self.topic = connection.topic
            self.count = connection.msgcount
            self._camera = read_camera(reader, self.topic)
            seconds = reader.duration / NANOSECONDS
        steady = (self.count - 1) / seconds if self.count > 1 and seconds > 0 else RATE
        self.rate = Fraction(steady).limit_denominator(1001)

    @contextmanager
    def _open(self) -> Iterator[AnyReader]:
        store = get_typestore(Stores.ROS2_HUMBLE)  # for bags that hold no definitions
        try:
            with AnyReader([self._path], default_typestore=store) as reader:
                yield reader
        except DAMAGED as error:
            reason = ' '.join(str(error).split())[:200] or type(error).__name__
            raise UserError(f"bag '{self._path}' cannot be read: {reason}") from error

    def samples(self, skips: Skips) -> Generator[Sample, None, None]:
        """In the order of the bag, timed by the messages' stamps."""
        start: int | None = None
        with self._open() as reader:
            chosen = [c for c in reader.connections if c.topic == self.topic]
            for index, (connection, received, data) in enumerate(reader.messages(chosen)):
                try:
                    message: Any = reader.deserialize(data, connection.msgtype)
                    rgb = decode_image(message)
                except (UserError, *DAMAGED) as error:
                    skips.handle(UserError(f"image {index} of '{self.topic}': {error}"))
                    continue
                stamp = stamp_of(message) or received
                start = stamp if start is None else start
                seconds, rest = divmod(stamp, NANOSECONDS)
                name = f'{index:06d}_{seconds}.{rest:09d}'
                yield Sample(name, Fraction(stamp - start, NANOSECONDS), rgb, self._camera)
        if start is None:
            raise UserError(f"bag '{self._path}': topic '{self.topic}' has no image to be read")


def stamp_of(message: Any) -> int:
    """Nanoseconds; 0 where the driver set none."""
    return int(message.header.stamp.sec) * NANOSECONDS + int(message.header.stamp.nanosec)


def choose_topic(reader: AnyReader, path: Path, topic: str | None) -> Connection:
    """The image topic that was asked for, or the only colour one; UserError lists them."""
    images = {c.topic: c for c in reader.connections if c.msgtype in (IMAGE, COMPRESSED)}
    if topic is not None:
        if topic not in images:
            raise UserError(f"bag '{path}' has no image topic '{topic}': {_listed(images)}")
        return images[topic]
    colour = {name: c for name, c in images.items() if is_colour(_first(reader, c))}
    for name in [name for name in colour if name.removesuffix('/compressed') in colour]:
        if name.endswith('/compressed'):  # the same images, a little worse
            del colour[name]
    if len(colour) == 1:
        return next(iter(colour.values()))
    if colour:
        raise UserError(f"bag '{path}' has more than one colour topic: {_listed(colour)}")
    raise UserError(f"bag '{path}' has no colour image topic: {_listed(images)}")


def _listed(topics: dict[str, Connection]) -> str:
    return 'choose --topic ' + ' or '.join(sorted(topics)) if topics else 'it has no images'


def _first(reader: AnyReader, connection: Connection) -> Any:
    """The first message of a topic, None if there is none."""
    for _, _, data in reader.messages([connection]):
        return reader.deserialize(data, connection.msgtype)
    return None


def read_camera(reader: AnyReader, topic: str) -> CameraModel | None:
    """From the camera_info beside the image topic; None if there is none, or uncalibrated."""
    base = topic.removesuffix('/compressed')
    name = base.rpartition('/')[0] + '/camera_info'
    for connection in reader.connections:
        if connection.topic == name and connection.msgtype == CAMERA_INFO:
            message = _first(reader, connection)
            camera = message and camera_of(message)
            if not camera or camera.intrinsics is None:
                return None
            return rectified(camera) if is_rectified_topic(base) else camera
    return None


def camera_of(message: Any) -> CameraModel:
    """A CameraInfo message's camera, with ROI and binning folded in."""
    model = CameraModel(
        message.width,
        message.height,
        k=message.k.tolist(),
        p=message.p.tolist(),
        r=message.r.tolist(),
        d=message.d.tolist(),
        distortion_model=message.distortion_model,
    )
    roi = message.roi
    binning = message.binning_x, message.binning_y
    return as_delivered(model, (roi.x_offset, roi.y_offset, roi.width, roi.height), binning)
