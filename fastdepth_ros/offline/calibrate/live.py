"""Live topics read as a bag is: what was recorded of them into memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from fastdepth_ros.bags.bag import Bag
from fastdepth_ros.bags.topics import beside
from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.record.options import Options
from fastdepth_ros.signals import noted_signals


class LiveBag(Bag):
    """Serialised messages by topic, in the order in which they came."""

    def __init__(self, types: dict[str, str], messages: list[tuple[str, bytes]]) -> None:
        self.path = Path('live topics')
        self.topics = types
        self.counts = dict(Counter(topic for topic, _ in messages))
        self._messages = messages

    def messages(self, topics: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """(topic, serialised message)."""
        chosen = set(topics)
        return ((topic, data) for topic, data in self._messages if topic in chosen)


def record_live(options: Options, seconds: float, bursts: int) -> LiveBag:
    """Hears --image, its camera_info and --depth; ROS is imported only here.

    UserError where ROS, a name or a topic is missing.
    """
    if not (options.image and options.depth):
        raise UserError('--live needs --image TOPIC and --depth TOPIC')
    try:
        from fastdepth_ros.ros.live_topics import record_topics
    except ModuleNotFoundError as error:
        raise UserError(f'--live needs ROS 2, which is not sourced: {error}') from error
    topics = (options.image, options.depth, options.camera_info or beside(options.image))
    info = options.depth_camera_info or beside(options.depth)
    with noted_signals() as received:
        found = record_topics(topics, info, seconds, bursts, received)
    return LiveBag(found.types, found.messages)
