"""Some seconds of live topics in memory, serialised, as a bag would hold them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import sensor_msgs.msg
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy

from fastdepth_ros.errors import UserError
from fastdepth_ros.ros.qos import AUTO, choose_reliability
from fastdepth_ros.tools.ros_session import WAIT, ros, spinning

DISCOVERY = 10.0  # s that a topic may need to appear
BURST = 0.12  # s of all messages, so that a picture and its depth are both among them
TF_STATIC = '/tf_static'
KEPT = 50  # messages of a queue


@dataclass
class Recording:
    """What was heard."""

    types: dict[str, str] = field(default_factory=dict)  # topic -> sensor_msgs/msg/Image
    messages: list[tuple[str, bytes]] = field(default_factory=list)


def record_topics(
    topics: Sequence[str], optional: str, seconds: float, bursts: int, received: list[int]
) -> Recording:
    """Hears the topics in so many short bursts, and one more if it is there.

    A signal in `received` ends it early.

    UserError for a topic that does not appear.
    """
    with ros([]), spinning(node := Node('fastdepth_calibrate')) as executor:
        types = find_types(node, topics, received)
        types |= {n: t[0] for n, t in node.get_topic_names_and_types() if n == optional}
        recorder = Recorder(node, types, seconds / bursts)
        end = time.monotonic() + seconds
        while not received and time.monotonic() < end:
            executor.spin_once(timeout_sec=WAIT)
    return recorder.recording


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
    """Keeps what comes in bursts, and all that is latched."""

    def __init__(self, node: Node, types: dict[str, str], period: float) -> None:
        """`period`: s from one burst to the next."""
        self.recording = Recording(types=dict(types))
        self._node, self._period, self._begin = node, period, time.monotonic()
        for topic, name in types.items():
            self._subscribe(topic, name)
        tf = tf_type()
        if tf is not None:
            self.recording.types[TF_STATIC] = 'tf2_msgs/msg/TFMessage'
            latched = QoSProfile(
                depth=KEPT,
                reliability=ReliabilityPolicy.RELIABLE,
                durability=DurabilityPolicy.TRANSIENT_LOCAL,
            )
            node.create_subscription(tf, TF_STATIC, self._keeper(TF_STATIC), latched, raw=True)

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
        callback = self._keeper(topic) if info else self._keeper_of_bursts(topic)
        self._node.create_subscription(message_type, topic, callback, qos, raw=True)

    def _keeper(self, topic: str) -> Callable[[bytes], None]:
        return lambda data: self.recording.messages.append((topic, data))

    def _keeper_of_bursts(self, topic: str) -> Callable[[bytes], None]:
        def keep(data: bytes) -> None:
            if (time.monotonic() - self._begin) % self._period < BURST:
                self.recording.messages.append((topic, data))

        return keep


def tf_type() -> type | None:
    """tf2_msgs/TFMessage, where tf is installed."""
    try:
        from tf2_msgs.msg import TFMessage
    except ImportError:
        return None
    return TFMessage
