"""What the demo says when a process that it watches has gone."""

from __future__ import annotations

import json
import subprocess
from types import SimpleNamespace

import pytest

pytest.importorskip('rclpy')

from fastdepth_ros.demo.report import Model, to_json, to_table
from fastdepth_ros.demo.ros.live import LiveDemo, _show


def test_the_cpu_of_a_node_that_has_gone_is_not_known(
    capsys: pytest.CaptureFixture[str],
) -> None:
    gone = subprocess.Popen(['true'])
    gone.wait()
    listener = SimpleNamespace(count=SimpleNamespace(answers=2, lost=0), latencies=[9.0, 9.5])
    live = LiveDemo(listener, None, [None, gone], received=[2])
    run = live.measure(5.0)
    model = Model('default', 'openvino', 'f32', 1, 2.0)
    values = to_json('room', model, run, None)
    assert json.loads(json.dumps(values, allow_nan=False))['cpu_share'] is None
    assert 'CPU        - % of one core' in to_table('room', model, run, None)
    _show(1.0, run)
    assert '| CPU   - % |' in capsys.readouterr().err
