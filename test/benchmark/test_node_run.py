"""A short real run of `benchmark --node`, and the naive node beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import psutil
import pytest

pytest.importorskip('rclpy')

import rclpy
from ros_harness import make_image
from sensor_msgs.msg import Image

from fastdepth_ros.benchmark import node_path
from fastdepth_ros.benchmark.node_path import measure_node
from fastdepth_ros.benchmark.node_setup import Setup
from fastdepth_ros.benchmark.node_table import node_table
from fastdepth_ros.benchmark.ros import session
from fastdepth_ros.errors import UserError

pytestmark = pytest.mark.ros


@pytest.fixture
def setup(stub_onnx: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Setup]:
    """Of a quick run without the naive node."""
    monkeypatch.setattr(node_path, 'find_naive_lacks', lambda: 'torch not installed')
    monkeypatch.setattr(node_path, 'note_signals', list)
    monkeypatch.setattr(session, 'SETTLE', 0.5)
    yield Setup(str(stub_onnx), size=(160, 120), rate=30)
    left = [child.cmdline() for child in psutil.Process().children(recursive=True)]
    # multiprocessing's own helper ends with this process
    assert not [words for words in left if 'resource_tracker' not in ' '.join(words)]


def test_a_run_measures_every_process_and_ends_it(setup: Setup) -> None:
    result = measure_node(setup, duration=2, rounds=1, busy=True)
    json.dumps(result, allow_nan=False)
    assert set(result['cpu_ms']) == {'engine', 'bare', 'receive', 'idle', 'depth_node'}
    assert all(value >= 0 for value in result['cpu_ms'].values())  # in ticks of 10 ms a turn
    assert all(result['cpu_ms'][name] > 0 for name in ('engine', 'bare', 'depth_node'))
    node, naive, busy, _ = result['rows']
    assert (node['node'], busy['node'], busy['busy']) == ('depth_node', 'depth_node', True)
    for row in (node, busy):
        assert row['sent'] == row['answered'] + row['lost'] + row['skipped']
        assert row['answered'] > 0
        assert 0 < row['latency_p50_ms'] <= row['latency_p99_ms']
    assert naive['latency_p50_ms'] is naive['sent'] is None
    assert 'torch not installed' in node_table(result)


def test_a_model_that_the_node_refuses_ends_the_run(setup: Setup) -> None:
    with pytest.raises(UserError, match="'/absent.onnx'"):
        measure_node(Setup('/absent.onnx', size=(160, 120), rate=10), duration=1, rounds=1)


def test_the_naive_node_answers_with_depth(stub_onnx: Path) -> None:
    pytest.importorskip('torch')
    pytest.importorskip('cv_bridge')
    from fastdepth_ros.benchmark.ros.naive_node import NaiveNode

    rclpy.init()
    try:
        node, sent = NaiveNode(str(stub_onnx), 1), list[Image]()
        node._publisher.publish = sent.append
        node._on_image(make_image(np.full((48, 80, 3), 90, np.uint8)))
    finally:
        rclpy.try_shutdown()
    (depth,) = sent
    assert (depth.width, depth.height, depth.encoding, depth.step) == (96, 64, '32FC1', 4 * 96)
    assert depth.header.frame_id == 'camera_optical_frame'
    assert np.isfinite(np.frombuffer(depth.data, np.float32)).sum() == 96 * 64
