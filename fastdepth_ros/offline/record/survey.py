"""The first pass over a bag: when each message was taken, the cameras and the fixed frames."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tqdm import tqdm

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.bags import static_transforms
from fastdepth_ros.bags.bag import Bag, whole_messages
from fastdepth_ros.bags.static_transforms import StaticTransforms
from fastdepth_ros.bags.topics import Streams
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.camera_info import CameraModel, camera_of_message
from fastdepth_ros.stamps import stamp_ns


@dataclass
class Track:
    """The whole messages of one topic."""

    numbers: list[int] = field(default_factory=list)  # which one of the topic's it is
    stamps: list[int] = field(default_factory=list)  # ns
    frame: str = ''  # frame_id of the first

    def add(self, number: int, message: Any) -> None:
        """The next one."""
        if not self.numbers:
            self.frame = message.header.frame_id
        self.numbers.append(number)
        self.stamps.append(stamp_ns(message))


@dataclass
class Survey:
    """What is known of a bag before any picture is looked at."""

    image: Track = field(default_factory=Track)
    depth: Track = field(default_factory=Track)
    cameras: dict[str, CameraModel] = field(default_factory=dict)  # by topic of CameraInfo
    tf: StaticTransforms = field(default_factory=StaticTransforms)


def survey_bag(bag: Bag, streams: Streams, bad: BadFrames) -> Survey:
    """Reads every message of the streams once; damaged ones go to `bad`."""
    found = Survey()
    tracks = {streams.image: found.image, streams.depth: found.depth}
    infos = {name for name in (streams.camera_info, streams.depth_camera_info) if name}
    topics = [*tracks, *infos, static_transforms.TOPIC]
    total = sum(bag.counts.get(topic, 0) for topic in topics)
    messages = whole_messages(bag, topics, bad)
    for topic, number, message in tqdm(messages, 'stamps', total, unit='message', leave=False):
        if message is None:
            continue
        if topic in tracks:
            tracks[topic].add(number, message)
        elif topic in infos:
            add_camera(found.cameras, topic, message)
        else:
            found.tf.add_message(message)
    return found


def add_camera(cameras: dict[str, CameraModel], topic: str, message: Any) -> None:
    """Keeps the first calibrated CameraInfo of a topic; UserError for one that differs later."""
    camera, known = camera_of_message(message), cameras.get(topic)
    if known is None or known.intrinsics is None:
        cameras[topic] = camera
    elif camera.intrinsics is not None and camera != known:
        raise UserError(
            f'{topic} changes during the bag, at the stamp {stamp_ns(message) / 1e9:.3f} s: split '
            'the bag there (ros2 bag convert) and record its parts'
        )
