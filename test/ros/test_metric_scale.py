"""A camera whose metres are wrong by a factor gets them right over ROS, by each source."""

from __future__ import annotations

import array
import math
import re
import time
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticStatus
from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from rcl_interfaces.srv import SetParametersAtomically
from rclpy.node import Node
from rclpy.parameter import Parameter
from ros_harness import Peer, make_image, make_info
from sensor_msgs.msg import Image, Imu, LaserScan, PointCloud2, PointField, Range
from std_msgs.msg import Header

from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.view import plan_view
from fastdepth_ros.ros import metric_scale
from fastdepth_ros.ros.metric_scale import MetricScale
from fastdepth_ros.ros.scale_parameters import ScaleParameters
from fastdepth_ros.scale.calibration import ScaleCalibration

pytestmark = pytest.mark.ros
OK, WARN = DiagnosticStatus.OK, DiagnosticStatus.WARN

WIDTH, HEIGHT, FOCAL = 96, 64, 80.0  # of the stub's input, whose f is 80: no scale by the lens
CAMERA_HEIGHT, FAR = 0.8, 4.0  # m: the floor, and a wall behind it
WRONG = 1.6  # the stub's depth is the true one times this
RATE = 20.0  # Hz of the stamps
PATIENCE = 20.0  # s of real time, in which diagnostics come at 1 Hz
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
            self.peer.repeat_info()
            before = len(self.peer.depths)
            self.peer.image.publish(self.stamp(self.image, 'camera_optical_frame'))
            if self.peer.spin_until(lambda: len(self.peer.depths) > before, 1.0):  # noqa: B023
                break
        depth = self.peer.depths[-1]
        return np.frombuffer(depth.data, np.float32).reshape(depth.height, depth.width)

    def figures(self, done: Any) -> dict[str, str]:
        self.peer.diagnosis(done)
        return {v.key: v.value for v in self.peer.statuses[-1].values}


def set_parameters(peer: Peer, **values: Any) -> str:
    """'' where the node took them, else its reason."""
    request = SetParametersAtomically.Request(
        parameters=[Parameter(n, value=v).to_parameter_msg() for n, v in values.items()]
    )
    name = 'depth_node/set_parameters_atomically'
    result = peer.call(SetParametersAtomically, name, request).result
    return '' if result.successful else result.reason


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


def test_each_kind_of_range_puts_the_metres_right(start) -> None:
    _, peer = start(*FAST)
    robot = Robot(peer, shown(1 / WRONG))
    slant = float(np.linalg.norm(wall_points()[0, [0, 2]]))
    messages = {
        'scan': scan(),
        'range': Range(range=slant, min_range=0.05, max_range=10.0),
        'cloud': cloud(wall_points()),
    }
    for source, message in messages.items():
        tilt = 0 if source == 'cloud' else TILT
        pose = {f'{source}_topic': source, f'{source}_extrinsics': f'0 0 0 0 {tilt} 0'}
        assert not set_parameters(peer, **pose)
        assert error(robot.see()) > 0.3, 'nothing is left of the last source'
        for _ in range(30):
            depth = robot.see(**{source: message})
        assert error(depth) < 0.05, source
        values = robot.figures(lambda _, v: v.get('scale source') == source)  # noqa: B023
        assert values['scale state'] == 'tracking'
        assert not set_parameters(peer, **{f'{source}_topic': ''})


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

    def told(status: DiagnosticStatus, values: dict[str, str]) -> bool:
        return status.level == WARN and 'no scale by scan' in status.message

    peer.statuses.clear()
    end = time.monotonic() + PATIENCE
    while not any(told(s, {}) for s in peer.statuses) and time.monotonic() < end:
        depth = robot.see(sensor=nonsense)
    text = next(s.message for s in peer.statuses if told(s, {}))
    assert 'disagree with the depth' in text
    peer.statuses.clear()
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
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
    mine = peer.node.get_namespace()
    topics = {n for n, _ in peer.node.get_topic_names_and_types() if n.startswith(mine + '/')}
    assert not topics & {f'{mine}/imu', f'{mine}/sensor'}


def test_the_imu_tells_up_and_its_silence_is_said(start) -> None:
    mount = ('-p', 'camera_height:=0.8', '-p', 'up_source:=imu')
    _, peer = start(*mount, '-p', "imu_extrinsics:='0 0 0 1.5707963 0 0'", *FAST)
    robot = Robot(peer, shown(1 / WRONG))
    imu = Imu()
    imu.orientation_covariance[0] = -1.0
    imu.linear_acceleration.y = 9.81  # rolled by a quarter: its y is up
    depth, end = robot.see(imu=imu), time.monotonic() + PATIENCE
    while error(depth) > 0.05 and time.monotonic() < end:
        depth = robot.see(imu=imu)
    assert error(depth) < 0.05
    peer.statuses.clear()
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        depth = robot.see()
        if any('no scale by ground' in s.message for s in peer.statuses):
            break
    text = next(s.message for s in peer.statuses if 'no scale by ground' in s.message)
    assert re.search(r'the last Imu on .*/imu is [0-9.]+ s old', text)
    assert error(depth) < 0.05, 'the last good scale holds'


def test_parameters_take_effect_while_frames_flow_and_nonsense_is_refused(
    start, tmp_path: Path
) -> None:
    node, peer = start(*FAST)
    robot = Robot(peer, shown(1 / WRONG))
    wrong = float(np.median(robot.see()))
    refused = set_parameters(peer, up_source='tf')
    assert 'up_source needs tf2_ros: apt install' in refused
    assert 'set up_source: mount' in refused
    assert "scan_extrinsics is 'here': six numbers" in set_parameters(peer, scan_extrinsics='here')
    assert 'cannot be read' in set_parameters(peer, scale_file='/none.yaml')
    assert set_parameters(peer, camera_height=-1.0)
    assert float(np.median(robot.see())) == wrong, 'nothing has changed'

    ScaleCalibration(1.25, model='another').save(tmp_path / 's.yaml')
    assert not set_parameters(peer, scale_file=str(tmp_path / 's.yaml'))
    assert float(np.median(robot.see())) == pytest.approx(1.25 * wrong)
    assert "was measured with model 'another'" in node.wait_for('scale_file')

    assert not set_parameters(peer, camera_height=0.8)
    for _ in range(20):
        depth = robot.see()
    assert error(depth) < 0.05, 'the floor scales what the calibration has made'
    right = float(np.median(depth))
    assert not set_parameters(peer, scale_max_rate=0.01, scan_topic='sensor')
    assert float(np.median(robot.see())) == pytest.approx(right, rel=0.02), 'no jump'
    assert not set_parameters(peer, smoothing_frames=8)
    assert float(np.median(robot.see())) == pytest.approx(right, rel=0.02)
    assert not set_parameters(
        peer, camera_height=0.0, scan_topic='', scale_file='', smoothing_frames=1
    )
    assert float(np.median(robot.see())) == wrong, 'all off'


def test_a_scale_survives_deactivation_and_a_bad_file_fails_the_start(start) -> None:
    _, peer = start('-p', 'camera_height:=0.8', *FAST)
    robot = Robot(peer, shown(1 / WRONG))
    for _ in range(20):
        right = float(np.median(robot.see()))
    for transition in (Transition.TRANSITION_DEACTIVATE, Transition.TRANSITION_ACTIVATE):
        request = ChangeState.Request(transition=Transition(id=transition))
        assert peer.call(ChangeState, 'depth_node/change_state', request).success
    assert float(np.median(robot.see())) == pytest.approx(right, rel=0.02)
    node, _ = start('-p', 'scale_file:=/none.yaml')
    assert node.wait() == 2
    assert "calibration '/none.yaml' cannot be read" in node.output


def test_a_table_in_view_or_no_floor_at_all_makes_no_jump(start) -> None:
    _, peer = start('-p', 'camera_height:=0.8', *FAST)
    robot = Robot(peer, shown(1 / WRONG))
    for _ in range(20):
        depth = robot.see()
    before = float(np.median(depth))
    robot.image = picture_of(np.full((HEIGHT, WIDTH), 2.0))  # a wall alone
    values: list[float] = [float(np.median(robot.see())) for _ in range(10)]
    np.testing.assert_allclose(values, 2.0 * WRONG, rtol=0.05)
    told = robot.figures(lambda _, v: 'no floor' in v.get('scale last rejection', ''))
    assert told['scale source'] == 'ground'
    robot.image = shown(1 / WRONG)
    assert float(np.median(robot.see())) == pytest.approx(before, rel=0.05)


@pytest.mark.parametrize('sec', [0, 1000])
def test_images_whose_stamps_stand_still_are_measured_as_time_passes(
    node: Node, monkeypatch: pytest.MonkeyPatch, sec: int
) -> None:
    steady, asked = [5.0], ScaleParameters(camera_height=CAMERA_HEIGHT)
    monkeypatch.setattr(metric_scale, 'time', SimpleNamespace(monotonic=lambda: steady[0]))
    scale = MetricScale(node, asked, None, 'stub')
    scale.listen()
    camera = CameraModel.pinhole(Intrinsics(FOCAL, FOCAL, 48, 32, WIDTH, HEIGHT))
    view = plan_view(camera, (WIDTH, HEIGHT), (WIDTH, HEIGHT))
    header = Header(frame_id='camera_optical_frame')
    header.stamp.sec = sec
    factor = WRONG
    for i in range(120):
        steady[0] += 1 / RATE
        factor = factor if i < 60 else 1 / WRONG
        depth = (true_depth() * factor).astype(np.float32)
        scaled = scale.correct(depth, lambda: pytest.fail('rgb'), view, header)
        if i in (59, 119):
            assert error(scaled) < 0.04


def test_a_scale_file_may_be_at_home(
    node: Node, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('HOME', str(tmp_path))
    ScaleCalibration(1.25).save(tmp_path / 's.yaml')
    scale = MetricScale(node, ScaleParameters(scale_file='~/s.yaml'), None, 'stub')
    assert scale.figures()['scale calibration'] == 'file'


def test_a_lens_that_is_far_from_what_was_learned_is_warned_of_once(start) -> None:
    node, peer = start()
    peer.send_info(make_info(WIDTH, HEIGHT, 20.0))  # 135 degrees
    peer.depth_of(peer.image, shown(1))
    warned = peer.diagnosis(lambda s, _: 'set fit: crop' in s.message)
    assert 'the network sees 135 deg across' in warned
    peer.diagnosis(lambda s, v: 'set fit' not in s.message and 'set fit: crop' in v['lens'])
    peer.depth_of(peer.image, shown(1))
    assert node.output.count('the network sees 135') == 1
