"""Live topics are calibrated from as a bag is, over ROS."""

from __future__ import annotations

import array
import json
import math
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('rosbags')
pytest.importorskip('h5py')
pytest.importorskip('rclpy')

from rclpy.context import Context
from rclpy.node import Node
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
    from fastdepth_ros.tools import live_topics

    monkeypatch.setattr(live_topics, 'DISCOVERY', 0.3)
    with pytest.raises(UserError, match="nobody publishes '/none': is it running"):
        live_topics.record_topics(['/none'], '', 1.0, 5, [])
