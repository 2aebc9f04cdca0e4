"""A camera whose metres are wrong by a factor gets them right over ROS, by each source."""

from __future__ import annotations

import array
import math
from typing import Any

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticStatus
from ros_harness import Peer, make_image, make_info
from sensor_msgs.msg import Image, LaserScan, PointCloud2, PointField, Range

pytestmark = pytest.mark.ros
OK, WARN = DiagnosticStatus.OK, DiagnosticStatus.WARN

WIDTH, HEIGHT, FOCAL = 96, 64, 80.0  # of the stub's input, whose f is 80: no scale by the lens
CAMERA_HEIGHT, FAR = 0.8, 4.0  # m: the floor, and a wall behind it
WRONG = 1.6  # the stub's depth is the true one times this
RATE = 20.0  # Hz of the stamps
FAST = ('-p', 'scale_max_rate:=10.0', '-p', 'scale_hold:=1.0')


def true_depth() -> np.ndarray:
    """(h, w) m of a level camera above a floor, before a wall."""
    rows = (np.arange(HEIGHT) - HEIGHT / 2) / FOCAL
    floor = np.where(rows > 0, CAMERA_HEIGHT / np.maximum(rows, 1e-6), np.inf)
    return np.repeat(np.minimum(floor, FAR)[:, None], WIDTH, 1)


def picture_of(depth: np.ndarray) -> Image:
    """The picture of which the stub makes this depth, to its 16 mm a grey level."""
    grey = np.clip((depth - 0.5) / 4 * 255, 0, 255).round().astype(np.uint8)
    return make_image(np.repeat(grey[..., None], 3, 2))


def shown(scale: float) -> Image:
    """A scene that fits into the stub's 0.5 to 4.5 m, seen `scale` times as far."""
    return picture_of(np.minimum(true_depth() * scale, 4.5))


class Robot:
    """A camera, whose clock is stamps, and the sensors beside it."""

    def __init__(self, peer: Peer, image: Image) -> None:
        self.peer, self.image, self.time = peer, image, 1000.0
        self._publishers: dict[str, Any] = {}
        peer.send_info(make_info(WIDTH, HEIGHT, FOCAL))
        assert peer.spin_until(lambda: peer.image.get_subscription_count() > 0)

    def stamp(self, message: Any, frame: str = 'laser') -> Any:
        message.header.stamp.sec = int(self.time)
        message.header.stamp.nanosec = int(self.time % 1 * 1e9)
        message.header.frame_id = frame
        return message

    def say(self, topic: str, message: Any) -> None:
        if topic not in self._publishers:
            made = self.peer.node.create_publisher(type(message), topic, 10)
            self._publishers[topic] = made
            assert self.peer.spin_until(lambda: made.get_subscription_count() > 0)
        self._publishers[topic].publish(self.stamp(message))

    def see(self, **sensors: Any) -> np.ndarray:
        """The depth of the next image, before which these sensors speak."""
        for _ in range(100):
            self.time += 1 / RATE
            for topic, message in sensors.items():
                self.say(topic, message)
            if sensors:
                self.peer.spin(0.01)
            before = len(self.peer.depths)
            self.peer.image.publish(self.stamp(self.image, 'camera_optical_frame'))
            if self.peer.spin_until(lambda: len(self.peer.depths) > before, 1.0):  # noqa: B023
                break
        depth = self.peer.depths[-1]
        return np.frombuffer(depth.data, np.float32).reshape(depth.height, depth.width)

    def figures(self, done: Any) -> dict[str, str]:
        self.peer.diagnosis(done)
        return {v.key: v.value for v in self.peer.statuses[-1].values}


def error(depth: np.ndarray) -> float:
    """Of the floor and the wall; the stub's farthest is not what is measured."""
    true = true_depth()[HEIGHT // 2 + 24 :]
    return float(np.median(np.abs(depth[HEIGHT // 2 + 24 :] / true - 1)))


def wall_points() -> np.ndarray:
    """(n, 3) of what a lidar in the camera sees of the floor ahead, x forward, y left, z up."""
    z = true_depth()[HEIGHT // 2 + 26, 0]
    y = np.linspace(-0.4, 0.4, 60) * z
    return np.stack([np.full(60, z), y, np.full(60, -z * 26 / FOCAL)], -1)


def cloud(points: np.ndarray) -> PointCloud2:
    points = points.astype(np.float32)
    message = PointCloud2(height=1, width=len(points), point_step=12, row_step=12 * len(points))
    message.fields = [
        PointField(name=n, offset=4 * i, datatype=PointField.FLOAT32, count=1)
        for i, n in enumerate('xyz')
    ]
    message.data = array.array('B', points.tobytes())
    return message


def scan(factor: float = 1.0) -> LaserScan:
    """Tilted down onto the row of the floor that wall_points() are on."""
    points = wall_points() * factor
    angles = np.linspace(-0.3, 0.3, 61)
    slant = math.hypot(points[0, 0], points[0, 2])
    return LaserScan(
        angle_min=-0.3,
        angle_increment=0.01,
        range_min=0.05,
        range_max=20.0,
        ranges=array.array('f', (slant / np.cos(angles)).tolist()),
    )


TILT = math.atan2(26, FOCAL)


def test_the_camera_s_height_puts_the_metres_right_and_the_change_is_gradual(start) -> None:
    _, peer = start('-p', 'camera_height:=0.8', '-p', 'scale_max_rate:=1.0')
    robot = Robot(peer, shown(1 / WRONG))
    first = robot.see()
    assert error(first) == pytest.approx(1 - 1 / WRONG, abs=0.03)
    middles = [float(np.median(first))]
    for _ in range(40):
        middles.append(float(np.median(robot.see())))
    assert error(robot.see()) < 0.04
    steps = np.abs(np.diff(np.log(middles)))
    assert steps.max() < math.log(2) / RATE * 2 + 0.005, 'two stamps at most, where one was lost'
    values = robot.figures(lambda _, v: v.get('scale state') == 'tracking')
    assert float(values['scale factor']) == pytest.approx(WRONG, rel=0.04)
    assert values['scale source'] == 'ground'
    assert float(values['scale confidence']) > 0.3


@pytest.mark.parametrize('source', ['scan', 'range', 'cloud'])
def test_each_kind_of_range_puts_the_metres_right(start, source: str) -> None:
    pose = f'0 0 0 0 {TILT} 0' if source in ('scan', 'range') else '0 0 0 0 0 0'
    _, peer = start(
        *('-p', f'{source}_topic:=sensor', '-p', f"{source}_extrinsics:='{pose}'", *FAST)
    )
    robot = Robot(peer, shown(1 / WRONG))
    slant = float(np.linalg.norm(wall_points()[0, [0, 2]]))
    message = {
        'scan': scan(),
        'range': Range(range=slant, min_range=0.05, max_range=10.0),
        'cloud': cloud(wall_points()),
    }[source]
    for _ in range(30):
        depth = robot.see(sensor=message)
    assert error(depth) < 0.05
    values = robot.figures(lambda _, v: v.get('scale source') == source)
    assert values['scale state'] == 'tracking'


def test_a_lidar_that_disagrees_falls_silent_or_is_torn_off_leaves_the_last_good_scale(
    start,
) -> None:
    _, peer = start(
        *('-p', 'scan_topic:=sensor', '-p', f"scan_extrinsics:='0 0 0 0 {TILT} 0'", *FAST)
    )
    robot = Robot(peer, shown(1 / WRONG))
    for _ in range(30):
        good = robot.see(sensor=scan())
    nonsense = scan()
    rng = np.random.default_rng(0)
    nonsense.ranges = array.array('f', rng.uniform(0.2, 19, 61).tolist())
    for _ in range(10):
        depth = robot.see(sensor=nonsense)
    assert np.nanmedian(depth) == pytest.approx(np.nanmedian(good), rel=0.1)
    end = 0

    def told(status: DiagnosticStatus, values: dict[str, str]) -> bool:
        return status.level == WARN and 'no scale by scan' in status.message

    peer.statuses.clear()
    while not any(told(s, {}) for s in peer.statuses) and end < 400:
        depth, end = robot.see(sensor=nonsense), end + 1
    text = next(s.message for s in peer.statuses if told(s, {}))
    assert 'disagree with the depth' in text
    peer.statuses.clear()
    for _ in range(400):
        depth = robot.see()
        if any('nothing comes on' in s.message for s in peer.statuses):
            break
    assert any('nothing comes on' in s.message for s in peer.statuses)
    assert np.nanmedian(depth) == pytest.approx(np.nanmedian(good), rel=0.1)


def test_without_a_source_nothing_is_subscribed_and_diagnostics_say_off(start) -> None:
    _, peer = start()
    robot = Robot(peer, shown(1 / WRONG))
    assert error(robot.see()) == pytest.approx(1 - 1 / WRONG, abs=0.03)
    values = robot.figures(lambda _, v: v.get('state') == 'active')
    assert values['scale state'] == 'off'
    topics = {name.rpartition('/')[2] for name, _ in peer.node.get_topic_names_and_types()}
    assert not topics & {'imu', 'scan', 'sensor'}
