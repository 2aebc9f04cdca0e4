"""Some seconds of live topics in memory, serialised, as a bag would hold them."""

from __future__ import annotations

import itertools
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import sensor_msgs.msg
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy

from fastdepth_ros.errors import UserError
from fastdepth_ros.ros.qos import AUTO, choose_reliability
from fastdepth_ros.ros.session import WAIT, ros, spinning
from fastdepth_ros.stamps import serialised_stamp_ns

DISCOVERY = 10.0  # s that a topic may need to appear
RECENT = 0.25  # s of all messages, so that a picture and its depth are both among them
TF_STATIC = '/tf_static'
KEPT = 50  # messages of a queue
STAMP_END = 12  # bytes: CDR's head, and the stamp that a Header begins with


@dataclass
class Recording:
    """What was kept of what was heard."""

    types: dict[str, str] = field(default_factory=dict)  # topic -> sensor_msgs/msg/Image
    messages: list[tuple[str, bytes]] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class Heard:
    """One message of a picture or of depth."""

    came: float  # s, monotonic
    stamp: int  # ns, of its header
    data: bytes


def record_topics(
    topics: Sequence[str], optional: str, seconds: float, pairs: int, received: list[int]
) -> Recording:
    """Hears the topics, and one more if it is there; keeps so many pictures with their depth.

    A signal in `received` ends it early.

    UserError for a topic that does not appear, or sends nothing.
    """
    with ros([]), spinning(node := Node('fastdepth_calibrate')) as executor:
        types = find_types(node, topics, received)
        types |= {n: t[0] for n, t in node.get_topic_names_and_types() if n == optional}
        recorder = Recorder(node, types, seconds / pairs)
        end = time.monotonic() + seconds
        while not received and time.monotonic() < end:
            executor.spin_once(timeout_sec=WAIT)
    recording = recorder.finish()
    for topic in topics:
        if topic not in recording.types:
            raise UserError(f"'{topic}' is there, but sent nothing: is its sensor running?")
    return recording


def find_types(node: Node, topics: Iterable[str], received: list[int]) -> dict[str, str]:
    """The types of all topics, waited for."""
    end = time.monotonic() + DISCOVERY
    while True:
        known = {name: types[0] for name, types in node.get_topic_names_and_types()}
        missing = [topic for topic in topics if topic not in known]
        if not missing:
            return {topic: known[topic] for topic in topics}
        if received or time.monotonic() > end:
            shown = ', '.join(sorted(known)) or 'none'
            raise UserError(
                f"nobody publishes '{missing[0]}': is it running, and in this ROS_DOMAIN_ID? "
                f'topics that are there: {shown}'
            )
        time.sleep(WAIT)


class Recorder:
    """Keeps a picture and its depth from time to time, and all CameraInfo and what is latched."""

    def __init__(self, node: Node, types: dict[str, str], period: float) -> None:
        """`types`: topic -> type, two of them no CameraInfo; `period`: s from pair to pair."""
        self._types, self._messages = dict(types), list[tuple[str, bytes]]()
        self._recent: dict[str, deque[Heard]] = {}
        self._node, self._period, self._due = node, period, time.monotonic() + period
        for topic, name in types.items():
            self._subscribe(topic, name)
        tf = tf_type()
        if tf is not None:
            self._types[TF_STATIC] = 'tf2_msgs/msg/TFMessage'
            latched = QoSProfile(
                depth=KEPT,
                reliability=ReliabilityPolicy.RELIABLE,
                durability=DurabilityPolicy.TRANSIENT_LOCAL,
            )
            node.create_subscription(tf, TF_STATIC, self._keeper(TF_STATIC), latched, raw=True)

    def finish(self) -> Recording:
        """What was kept, with a message at least of each topic that was heard."""
        self._keep_pair()
        known = {topic for topic, _ in self._messages}
        for topic, recent in self._recent.items():
            if recent and topic not in known:  # its partner was not heard
                self._messages.append((topic, recent[-1].data))
        types = {topic: self._types[topic] for topic, _ in self._messages}
        return Recording(types, self._messages)

    def _subscribe(self, topic: str, name: str) -> None:
        package, _, kind = name.partition('/msg/')
        message_type = getattr(sensor_msgs.msg, kind, None)
        if package != 'sensor_msgs' or message_type is None:
            raise UserError(f"'{topic}' is a {name}: a topic of sensor_msgs is needed")
        offered = [
            p.qos_profile.reliability for p in self._node.get_publishers_info_by_topic(topic)
        ]
        reliability = choose_reliability(AUTO, offered, ReliabilityPolicy.BEST_EFFORT)
        qos = QoSProfile(depth=KEPT, reliability=reliability)
        info = kind == 'CameraInfo'
        callback = self._keeper(topic) if info else self._keeper_of_pairs(topic)
        self._node.create_subscription(message_type, topic, callback, qos, raw=True)

    def _keeper(self, topic: str) -> Callable[[bytes], None]:
        return lambda data: self._messages.append((topic, data))

    def _keeper_of_pairs(self, topic: str) -> Callable[[bytes], None]:
        recent = self._recent[topic] = deque[Heard]()

        def keep(data: bytes) -> None:
            if len(data) < STAMP_END:
                return
            now = time.monotonic()
            recent.append(Heard(now, serialised_stamp_ns(data), data))
            while recent[0].came < now - RECENT:
                recent.popleft()
            if now >= self._due:
                self._due += self._period
                self._keep_pair()

        return keep

    def _keep_pair(self) -> None:
        """Of what came lately, the picture and the depth that are nearest in time; once each."""
        if len(self._recent) < 2 or not all(self._recent.values()):
            return
        pairs = itertools.product(*self._recent.values())
        nearest = min(pairs, key=lambda pair: abs(pair[0].stamp - pair[1].stamp))
        for (topic, recent), message in zip(self._recent.items(), nearest, strict=True):
            recent.remove(message)
            self._messages.append((topic, message.data))


def tf_type() -> type | None:
    """tf2_msgs/TFMessage, where tf is installed."""
    try:
        from tf2_msgs.msg import TFMessage
    except ImportError:
        return None
    return TFMessage
