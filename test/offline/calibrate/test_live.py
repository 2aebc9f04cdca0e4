"""Live topics are calibrated from as a bag is, over ROS."""

from __future__ import annotations

import array
import json
import math
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip('rosbags')
pytest.importorskip('h5py')
pytest.importorskip('rclpy')

from rclpy.context import Context
from rclpy.node import Node
from rclpy.serialization import serialize_message
from ros_harness import PATIENCE, make_image, make_info
from sensor_msgs.msg import CameraInfo, Image, LaserScan

pytestmark = pytest.mark.ros
WRONG, FOCAL = 1.5, 80.0
POSE = ('0', '0', '0', '0.5', '-0.5', '0.5', '0.5')  # a level scanner in an optical frame


class Drive:
    """A camera before walls at other distances each time, and a scanner that measures them."""

    def __init__(self, node: Node) -> None:
        self._image = node.create_publisher(Image, '/cam/image', 5)
        self._info = node.create_publisher(CameraInfo, '/cam/camera_info', 5)
        self._scan = node.create_publisher(LaserScan, '/scan', 5)
        self._rng = np.random.default_rng(0)

    def step(self, i: int) -> None:
        grey = int(self._rng.integers(10, 240))
        image = make_image(np.full((64, 96, 3), grey, np.uint8))
        image.header.stamp.sec, image.header.stamp.nanosec = 1000 + i // 20, i % 20 * 50_000_000
        info = make_info(96, 64, FOCAL)
        z = WRONG * (0.5 + 4 * (grey / 255))
        angles = np.linspace(-0.3, 0.3, 61)
        scan = LaserScan(
            angle_min=-0.3,
            angle_increment=0.01,
            range_min=0.05,
            range_max=30.0,
            header=image.header,
        )
        scan.ranges = array.array('f', (z / np.cos(angles)).tolist())
        info.header = image.header
        scan.header.frame_id = image.header.frame_id
        for publisher, message in ((self._info, info), (self._image, image), (self._scan, scan)):
            publisher.publish(message)


def calibrate(*arguments: object) -> subprocess.Popen[str]:
    words = [sys.executable, '-m', 'fastdepth_ros', 'calibrate', '--live', '--json']
    return subprocess.Popen(
        [*words, *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_live_topics_give_the_factor(tmp_path: Path, stub_onnx: Path) -> None:
    context = Context()
    context.init()
    drive = Drive(Node('drive', context=context))
    topics = ('--image', '/cam/image', '--depth', '/scan', '--extrinsics', *POSE)
    model = ('--model', stub_onnx, '--threads', 1, '--out', tmp_path / 's.yaml')
    process = calibrate(*topics, *model, '--seconds', 4, '--max-frames', 20)
    end, i = time.monotonic() + PATIENCE, 0
    while process.poll() is None and time.monotonic() < end:
        drive.step(i)
        i += 1
        time.sleep(0.05)
    out, err = process.communicate(timeout=PATIENCE)
    context.try_shutdown()
    assert process.returncode == 0, err
    found = json.loads(out)
    assert found['factor'] == pytest.approx(WRONG, rel=0.03)
    assert found['frames'] >= 10
    assert math.isfinite(found['residual'])
    assert (tmp_path / 's.yaml').exists()


def test_a_topic_that_nobody_publishes_is_named(
    tmp_path: Path, stub_onnx: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fastdepth_ros.errors import UserError
    from fastdepth_ros.ros import live_topics

    monkeypatch.setattr(live_topics, 'DISCOVERY', 0.3)
    with pytest.raises(UserError, match="nobody publishes '/none': is it running"):
        live_topics.record_topics(['/none'], '', 1.0, 5, [])


class Ear:
    """A node whose subscriptions are called by hand, and the clock beside it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, period: float = 1.0) -> None:
        from fastdepth_ros.ros import live_topics

        self.now, self._callbacks = 0.0, dict[str, Callable[[bytes], None]]()
        monkeypatch.setattr(live_topics, 'time', SimpleNamespace(monotonic=lambda: self.now))
        monkeypatch.setattr(live_topics, 'tf_type', lambda: None)
        types = {'/image': Image, '/info': CameraInfo, '/scan': LaserScan}
        names = {topic: f'sensor_msgs/msg/{kind.__name__}' for topic, kind in types.items()}
        self.recorder = live_topics.Recorder(self, names, period)

    def create_subscription(
        self, _: type, topic: str, callback: Callable[[bytes], None], *__: object, **___: object
    ) -> None:
        self._callbacks[topic] = callback

    def get_publishers_info_by_topic(self, _: str) -> list[object]:
        return []

    def hear(self, topic: str, now: float, stamp: float) -> bytes:
        """A message of that stamp at that time, s; returns it, too."""
        self.now = now
        message = {'/image': Image, '/info': CameraInfo, '/scan': LaserScan}[topic]()
        message.header.stamp.sec = int(stamp)
        message.header.stamp.nanosec = round(stamp % 1 * 1e9)
        data = serialize_message(message)
        self._callbacks[topic](data)
        return data


def test_each_period_keeps_one_picture_and_the_depth_nearest_to_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ear = Ear(monkeypatch)
    info = ear.hear('/info', 0.0, 0.0)
    images, scans = [], []
    for i in range(90):  # 3 s at 30 Hz, and a scanner at 10 Hz whose scans come 70 ms late
        images.append(ear.hear('/image', i / 30, i / 30))
        if i % 3 == 2:
            scans.append(ear.hear('/scan', i / 30 + 0.003, i / 30 - 0.067))
    recording = ear.recorder.finish()
    assert recording.types.keys() == {'/image', '/info', '/scan'}
    assert recording.messages[0] == ('/info', info)
    pairs = recording.messages[1:]
    assert [topic for topic, _ in pairs] == ['/image', '/scan'] * 3
    for (_, image), (_, scan) in zip(pairs[::2], pairs[1::2], strict=True):
        assert images.index(image) == 3 * scans.index(scan)


def test_more_pairs_than_come_are_all_kept_and_none_is_kept_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ear = Ear(monkeypatch, period=0.01)
    for i in range(20):
        ear.hear('/image', i / 10, i / 10)
        ear.hear('/scan', i / 10 + 0.08, i / 10)  # behind its picture by 8 periods
    messages = ear.recorder.finish().messages
    assert len(messages) == len(set(messages)) == 40


def test_a_picture_whose_depth_is_silent_is_kept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    ear = Ear(monkeypatch)
    images = [ear.hear('/image', i / 30, i / 30) for i in range(90)]
    recording = ear.recorder.finish()
    assert recording.types == {'/image': 'sensor_msgs/msg/Image'}
    assert recording.messages == [('/image', images[-1])]


def test_a_topic_that_sends_nothing_is_named() -> None:
    from fastdepth_ros.errors import UserError
    from fastdepth_ros.ros import live_topics

    context = Context()
    context.init()
    node = Node('silent', context=context)
    node.create_publisher(LaserScan, '/silent', 5)
    try:
        with pytest.raises(UserError, match="'/silent' is there, but sent nothing"):
            live_topics.record_topics(['/silent'], '', 0.3, 5, [])
    finally:
        context.try_shutdown()
