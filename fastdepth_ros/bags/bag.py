"""One rosbag2, sqlite3 or mcap, by the rosbags library, with one line for what is wrong with it.

Message definitions come from rosbags: those of sensor_msgs and tf2_msgs that are read here are the
same in every ROS 2, and a bag's own may be of any quality.
"""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from rosbags.rosbag2 import Reader, ReaderError
from rosbags.rosbag2.reader import zstd
from rosbags.rosbag2.storage_sqlite3 import apsw
from rosbags.serde import SerdeError
from rosbags.typesys import Stores, TypesysError, get_typestore
from rosbags.typesys.store import Typestore

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.bags.decompression import limit_decompression
from fastdepth_ros.errors import UserError

# What rosbags and the libraries below it raise for damaged files; it wraps few of them.
DAMAGE = (
    *(ReaderError, SerdeError, TypesysError, apsw.Error, zstd.ZstdError, struct.error),
    *(OSError, EOFError, RuntimeError, ValueError, TypeError, LookupError),
    *(AssertionError, ArithmeticError, MemoryError),
)
REMEDY = (
    "give a rosbag2's folder, .mcap or .db3; one that was cut off is mended by 'ros2 bag "
    "reindex', 'mcap recover' or sqlite3's '.recover'"
)


class BagDamage(UserError):
    """The bag's storage is damaged: what comes after in it cannot be read."""


class Bag:
    """An open rosbag2."""

    def __init__(self, path: Path, reader: Reader) -> None:
        self.path = path
        self._reader = reader
        self.topics = {c.topic: c.msgtype for c in reader.connections}
        self.counts = dict.fromkeys(self.topics, 0)
        for c in reader.connections:
            if not (isinstance(c.topic, str) and isinstance(c.msgtype, str)):
                raise BagDamage(f"the bag '{path}' is damaged: a topic's name or type is no text")
            if type(c.msgcount) is not int:
                raise BagDamage(f"the bag '{path}' is damaged: {c.topic} has no count")
            self.counts[c.topic] += c.msgcount

    @property
    def start_ns(self) -> int:
        """When its first message was stored; with `counts` it tells one bag from another."""
        return self._reader.start_time

    @property
    def duration_ns(self) -> int:
        """From its first message to its last."""
        return self._reader.duration

    def messages(self, topics: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """(topic, serialised message) in the order stored; BagDamage where that cannot go on."""
        chosen = set(topics)
        connections = [c for c in self._reader.connections if c.topic in chosen]
        if not connections:
            return
        stored = self._guarded(lambda: self._reader.messages(connections))
        end = object()
        while (item := self._guarded(lambda: next(stored, end))) is not end:
            yield item[0].topic, item[2]

    def decode(self, topic: str, data: bytes) -> Any:
        """The message; UserError if its bytes are not of the topic's type."""
        try:
            return message_types().deserialize_cdr(data, self.topics[topic])
        except DAMAGE as error:
            raise UserError(f'it is damaged: {one_line(error)}') from error

    def first(self, topic: str) -> Any:
        """The first message of a topic that is whole; None where there is none."""
        for _, data in self.messages([topic]):
            try:
                return self.decode(topic, data)
            except UserError:
                continue
        return None

    def _guarded(self, action: Callable[[], Any]) -> Any:
        try:
            return action()
        except DAMAGE as error:
            raise BagDamage(f"the bag '{self.path}' is damaged: {one_line(error)}") from error


@cache
def message_types() -> Typestore:
    """Of the newest ROS 2; it compiles a reader for each type that it meets, so there is one."""
    return get_typestore(Stores.LATEST)


@contextmanager
def open_bag(path: Path) -> Iterator[Bag]:
    """The bag at `path`: a folder with metadata.yaml, or one .db3 or .mcap file."""
    if path.suffix == '.bag':
        raise UserError(f"'{path}' is of ROS 1: rosbags-convert --src {path} --dst FOLDER")
    limit_decompression()
    try:
        reader = Reader(path)
        reader.open()
    except DAMAGE as error:
        raise UserError(f"cannot read the bag '{path}': {one_line(error)}: {REMEDY}") from error
    try:
        yield Bag(path, reader)
    finally:
        reader.close()


def whole_messages(
    bag: Bag, topics: Iterable[str], bad: BadFrames
) -> Iterator[tuple[str, int, Any]]:
    """(topic, which message of it, the message); None for one that `bad` let pass as damaged."""
    numbers: Counter[str] = Counter()
    try:
        for topic, data in bag.messages(topics):
            number = numbers[topic]
            numbers[topic] += 1
            try:
                message = bag.decode(topic, data)
            except UserError as error:
                bad.handle(at_message(bag, topic, number, error))
                message = None
            yield topic, number, message
    except BagDamage as damage:
        bad.handle(damage)


def at_message(bag: Bag, topic: str, number: int, error: UserError) -> UserError:
    """The error with where in the bag it is."""
    return UserError(f"'{bag.path}', message {number} of {topic}: {error}")


def one_line(error: BaseException) -> str:
    """What it says, without line breaks, or its name where it says nothing."""
    return (' '.join(str(error).split()) or type(error).__name__).rstrip('.')
