from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('rclpy')

import rclpy
from sensor_msgs.msg import CameraInfo, Image

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.ros.session import reliable, ros

pytestmark = pytest.mark.ros


def command(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, '-m', 'fastdepth_ros', *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def camera() -> Iterator[subprocess.Popen[str]]:
    process = command(
        'simulated_camera', '--size', '160x120', '--frames', 4, '--hfov', 80, '--rate', 20
    )
    yield process
    process.kill()
    process.communicate()


def receive(camera: subprocess.Popen[str]) -> dict[str, list[Image | CameraInfo]]:
    """Five messages of each of the camera's topics."""
    messages: dict[str, list[Image | CameraInfo]] = {}
    types = {'image_raw': Image, 'camera_info': CameraInfo, 'depth_true': Image}
    with ros([]):
        node = rclpy.create_node('listener')
        for name, kind in types.items():
            found = messages.setdefault(name, [])
            node.create_subscription(kind, f'/camera/{name}', found.append, reliable(50))
        end = time.monotonic() + 60
        while min(map(len, messages.values())) < 5 and time.monotonic() < end:
            assert camera.poll() is None
            rclpy.spin_once(node, timeout_sec=0.1)
    return messages


def test_the_camera_publishes_a_room_and_its_depth(camera: subprocess.Popen[str]) -> None:
    messages = receive(camera)
    stamps = {
        name: {(m.header.stamp.sec, m.header.stamp.nanosec) for m in found}
        for name, found in messages.items()
    }
    assert len(stamps['image_raw'] & stamps['camera_info'] & stamps['depth_true']) >= 3
    image, info, depth = (messages[n][0] for n in ('image_raw', 'camera_info', 'depth_true'))
    assert {m.header.frame_id for m in (image, info, depth)} == {'camera_optical_frame'}
    assert (image.encoding, image.width, image.height, image.step) == ('rgb8', 160, 120, 480)
    assert (depth.encoding, depth.width, depth.height, depth.step) == ('32FC1', 160, 120, 640)
    assert np.frombuffer(image.data, np.uint8).std() > 10
    metres = np.frombuffer(depth.data, np.float32)
    assert 0.3 < metres.min() < metres.max() < 10
    expected = Intrinsics.from_hfov(160, 120, 80)
    assert (info.width, info.height) == (160, 120)
    assert info.k[0] == info.p[0] == pytest.approx(expected.fx)
    assert info.k[2] == info.p[2] == pytest.approx(79.5)
    camera.send_signal(signal.SIGINT)
    _, errors = camera.communicate(timeout=20)
    assert camera.returncode == 0, errors
    assert 'Traceback' not in errors


def test_the_camera_ends_at_once_while_it_renders() -> None:
    process = command('simulated_camera', '--frames', 2000)
    assert process.stderr is not None
    assert 'building' in process.stderr.readline()
    process.send_signal(signal.SIGTERM)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 0, errors
    assert 'Traceback' not in errors


def test_the_demo_measures_the_depth_it_is_shown(
    rgbd_folder: Path, stub_onnx: Path, tmp_path: Path
) -> None:
    out = tmp_path / 'demo'
    given = ('--model', stub_onnx, '--input', rgbd_folder, '--duration', 3, '--out', out)
    process = command('demo', *given, '--json')
    output, errors = process.communicate(timeout=100)
    assert process.returncode == 0, errors
    values = json.loads((out / 'demo.json').read_text())
    assert values == json.loads(output)
    assert values['rate_hz'] > 0
    assert values['frames'] > 0
    assert 0 < values['latency_p50_ms'] <= values['latency_p95_ms']
    assert values['cpu_share'] > 0
    assert values['engine'] in ('openvino', 'onnxruntime')
    network, constant = (values['accuracy'][name]['metric'] for name in ('network', 'constant'))
    assert network['delta1'] == 1  # the stub's depth is the folder's truth
    assert network['absrel'] < 0.02
    assert constant['delta1'] < 0.8
    assert (out / 'demo.png').read_bytes()[1:4] == b'PNG'
    assert ' Hz | latency p50' in errors
    assert 'Traceback' not in errors


def test_ctrl_c_ends_the_demo_cleanly_with_its_results(
    rgbd_folder: Path, stub_onnx: Path, tmp_path: Path
) -> None:
    out = tmp_path / 'demo'
    given = ('--model', stub_onnx, '--input', rgbd_folder / 'rgb', '--duration', 0, '--out', out)
    process = command('demo', *given)
    assert process.stderr is not None
    lines = []
    for line in process.stderr:
        lines.append(line)
        if line.startswith('   4 s |'):  # by then images have come, too
            break
    process.send_signal(signal.SIGINT)
    output, errors = process.communicate(timeout=60)
    assert process.returncode == 0, errors
    assert 'not measured' in output  # plain images have no truth
    assert (out / 'demo.png').is_file()
    assert json.loads((out / 'demo.json').read_text())['accuracy'] is None
    assert 'Traceback' not in ''.join(lines) + errors


def test_the_demo_says_why_its_camera_ended(stub_onnx: Path, tmp_path: Path) -> None:
    process = command('demo', '--model', stub_onnx, '--input', 99, '--out', tmp_path)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    last = errors.splitlines()[-1]
    assert last.startswith('error: camera ended with exit code 2: camera 99 cannot be opened')


def test_a_process_that_does_not_listen_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    from fastdepth_ros.processes import child as child_process

    monkeypatch.setattr(child_process, 'PATIENCE', 0.5)
    child = child_process.ChildProcess('camera', ['simulated_camera', '--frames', '2000'])
    end = time.monotonic() + 30
    while not child.last_lines and time.monotonic() < end:  # its handlers are there
        time.sleep(0.05)
    os.kill(child.pid, signal.SIGSTOP)
    assert child.end() == -signal.SIGKILL
