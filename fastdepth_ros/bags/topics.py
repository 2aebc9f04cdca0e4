"""Which topics of a bag are the colour image, the depth, and their CameraInfo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from fastdepth_ros.bags.bag import Bag
from fastdepth_ros.errors import UserError
from fastdepth_ros.messages.depth_image import is_depth

IMAGE, COMPRESSED = 'sensor_msgs/msg/Image', 'sensor_msgs/msg/CompressedImage'
CAMERA_INFO = 'sensor_msgs/msg/CameraInfo'
TRANSPORTS = ('/compressed', '/compressedDepth')  # what image_transport puts after a topic


class Kind(Enum):
    """What a topic can be used for."""

    COLOUR = 'colour image'
    DEPTH = 'depth image'
    SCAN = 'sensor_msgs/msg/LaserScan'
    CLOUD = 'sensor_msgs/msg/PointCloud2'


@dataclass(frozen=True)
class Streams:
    """The topics that a recording is made of; '' for a CameraInfo that the bag does not have."""

    image: str
    camera_info: str
    depth: str
    depth_camera_info: str
    kind: Kind  # of depth


def find_streams(
    bag: Bag, image: str = '', depth: str = '', camera_info: str = '', depth_camera_info: str = ''
) -> Streams:
    """The streams named, and for '' the only one of its kind.

    Depth is a depth image where the bag has one, else a LaserScan or a PointCloud2; of an image
    and its compressed copy the raw one is taken. UserError lists the topics of the bag.
    """
    check_topics(bag, image, depth, camera_info, depth_camera_info)
    kinds = kinds_of(bag)
    image = image or only(bag, kinds, (Kind.COLOUR,), '--image')
    if not depth:
        images = Kind.DEPTH in kinds.values()
        depth = only(bag, kinds, (Kind.DEPTH,) if images else (Kind.SCAN, Kind.CLOUD), '--depth')
    check_kind(bag, kinds, image, (Kind.COLOUR,))
    check_kind(bag, kinds, depth, (Kind.DEPTH, Kind.SCAN, Kind.CLOUD))
    return Streams(
        image,
        camera_info or sibling(bag, image),
        depth,
        depth_camera_info or sibling(bag, depth),
        kinds[depth],
    )


def find_colour(bag: Bag, image: str = '', option: str = '--image') -> str:
    """The colour image named, or the only one; UserError, which names `option`, otherwise."""
    check_topics(bag, image)
    kinds = kinds_of(bag)
    image = image or only(bag, kinds, (Kind.COLOUR,), option)
    check_kind(bag, kinds, image, (Kind.COLOUR,))
    return image


def check_topics(bag: Bag, *names: str) -> None:
    """UserError for one that the bag does not have; '' is none."""
    for name in filter(None, names):
        if name not in bag.topics:
            raise UserError(f"'{bag.path}' has no topic '{name}': {listing(bag)}")


def kinds_of(bag: Bag) -> dict[str, Kind]:
    """Topic -> kind, of those that can be used for something."""
    return {topic: kind for topic in bag.topics if (kind := kind_of(bag, topic))}


def kind_of(bag: Bag, topic: str) -> Kind | None:
    """By its type and, of images, by what its first message says that it is."""
    kind = bag.topics[topic]
    if kind in (Kind.SCAN.value, Kind.CLOUD.value):
        return Kind(kind)
    if kind not in (IMAGE, COMPRESSED):
        return None
    message = bag.first(topic)
    if message is None:
        return None
    return Kind.DEPTH if is_depth(message) else Kind.COLOUR


def only(bag: Bag, kinds: dict[str, Kind], wanted: tuple[Kind, ...], option: str) -> str:
    """The one topic of the kinds wanted; UserError where there is none or a choice."""
    found = [topic for topic, kind in kinds.items() if kind in wanted]
    found = [topic for topic in found if not (base(topic) != topic and base(topic) in found)]
    if len(found) == 1:
        return found[0]
    names = ' or '.join(kind.value for kind in wanted)
    if not found:
        raise UserError(f"'{bag.path}' has no {names} with messages: {listing(bag)}")
    raise UserError(
        f"'{bag.path}' has {len(found)} topics of kind {names}: name one by {option}: "
        f'{", ".join(found)}; {listing(bag)}'
    )


def check_kind(bag: Bag, kinds: dict[str, Kind], topic: str, wanted: tuple[Kind, ...]) -> None:
    """UserError where a topic that was named is something else."""
    if kinds.get(topic) not in wanted:
        names = ' or '.join(kind.value for kind in wanted)
        raise UserError(f"'{topic}' is no {names} with messages: {listing(bag)}")


def base(topic: str) -> str:
    """The image's topic without what image_transport appends."""
    for suffix in TRANSPORTS:
        topic = topic.removesuffix(suffix)
    return topic


def beside(topic: str) -> str:
    """The name of the camera_info that every driver publishes with an image's topic."""
    return base(topic).rpartition('/')[0] + '/camera_info'


def sibling(bag: Bag, topic: str) -> str:
    """The camera_info beside an image's topic; '' without."""
    name = beside(topic)
    return name if bag.topics.get(name) == CAMERA_INFO else ''


def listing(bag: Bag) -> str:
    """The topics of a bag for an error's one line."""
    lines: Iterable[str] = (
        f'{topic} ({kind.rpartition("/")[2]}, {bag.counts[topic]})'
        for topic, kind in sorted(bag.topics.items())
    )
    return f'its topics are {", ".join(lines) or "none"}'
