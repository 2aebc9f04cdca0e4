"""The colour images of a bag (rosbag2, sqlite3 or mcap), with the camera_info beside them."""

from __future__ import annotations

from collections.abc import Generator
from fractions import Fraction
from pathlib import Path

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.bags.bag import Bag, open_bag, whole_messages
from fastdepth_ros.bags.topics import base, find_colour, sibling
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.camera_info import CameraModel, camera_of_message
from fastdepth_ros.geometry.distortion import is_rectified_topic, rectified
from fastdepth_ros.messages.colour_image import read_colour
from fastdepth_ros.pictures.frames import RATE
from fastdepth_ros.predict.sources.source import Sample, Source
from fastdepth_ros.stamps import stamp_ns

NANOSECONDS = 10**9


class BagSource(Source):
    """One image topic."""

    moving = True

    def __init__(self, path: Path, topic: str | None) -> None:
        """`topic` may be left out where the bag has one colour topic."""
        self._path = path
        self.label = str(path)
        self.name = self.folder = path.resolve().name if path.is_dir() else path.stem
        with open_bag(path) as bag:
            self.topic = find_colour(bag, topic or '', '--topic')
            self.count = bag.counts[self.topic]
            self._camera = camera_beside(bag, self.topic)
            seconds = bag.duration_ns / NANOSECONDS
        steady = (self.count - 1) / seconds if self.count > 1 and seconds > 0 else RATE
        self.rate = Fraction(steady).limit_denominator(1001)

    def samples(self, bad: BadFrames) -> Generator[Sample, None, None]:
        """In the order of the bag, timed by the messages' stamps."""
        start: int | None = None
        with open_bag(self._path) as bag:
            for _, index, message in whole_messages(bag, [self.topic], bad):
                if message is None:
                    continue
                try:
                    rgb = read_colour(message)
                except UserError as error:
                    bad.handle(UserError(f"image {index} of '{self.topic}': {error}"))
                    continue
                stamp = stamp_ns(message)
                start = stamp if start is None else start
                seconds, rest = divmod(stamp, NANOSECONDS)
                name = f'{index:06d}_{seconds}.{rest:09d}'
                yield Sample(name, Fraction(stamp - start, NANOSECONDS), rgb, self._camera)
        if start is None:
            raise UserError(f"bag '{self._path}': topic '{self.topic}' has no image to be read")


def camera_beside(bag: Bag, topic: str) -> CameraModel | None:
    """From the camera_info beside the image topic; None if there is none, or uncalibrated."""
    name = sibling(bag, topic)
    message = bag.first(name) if name else None
    camera = None if message is None else camera_of_message(message)
    if camera is None or camera.intrinsics is None:
        return None
    return rectified(camera) if is_rectified_topic(base(topic)) else camera
