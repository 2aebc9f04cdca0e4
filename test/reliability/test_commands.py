"""The commands `soak` and `faults` on real processes, small and short."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip('rclpy')

from fastdepth_ros.__main__ import main
from fastdepth_ros.reliability.faults import FAULTS

pytestmark = pytest.mark.ros
SMALL = ('--rate', '20', '--threads', '1')


def command(*arguments: object) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, '-m', 'fastdepth_ros', *map(str, arguments)]
    return subprocess.run(words, capture_output=True, text=True, timeout=250)


def test_a_soak_hears_every_listener_and_tells_its_figures(
    stub_onnx: Path, tmp_path: Path
) -> None:
    out = tmp_path / 'soak.json'
    size = ('--size', '160x120')
    done = command('soak', *SMALL, *size, '--minutes', 0.05, '--model', stub_onnx, '--json', out)
    figures = json.loads(out.read_text())
    assert done.returncode == bool(figures['missed_goals']), done.stderr
    assert set(figures['lost']) == {'the node', 'depth/image', 'depth/points', 'depth/scan'}
    assert 0 < figures['answered'] <= figures['sent']
    assert figures['threads'] > 3
    assert figures['fds'] > 3
    assert f' s: sent {figures["sent"]}, lost in transport ' in done.stdout.splitlines()[-1]
    assert 'Traceback' not in done.stderr


def test_cheap_faults_are_survived(stub_onnx: Path, tmp_path: Path) -> None:
    """With more time than is promised: other tests may have both cores."""
    names = ['camera_info_gone', 'clock_jumps', 'lifecycle_random', 'random_parameters']
    out = tmp_path / 'faults.json'
    few = ('--count', 20, '--limit', 60, '--size', '160x120', '--model', stub_onnx)
    done = command('faults', *SMALL, *few, '--only', *names, '--json', out)
    assert done.returncode == 0, done.stderr + done.stdout
    outcomes = json.loads(out.read_text())
    assert list(outcomes) == names
    assert all(outcome['ok'] and outcome['recovered_s'] for outcome in outcomes.values())
    assert [line.split()[0] for line in done.stdout.splitlines()] == ['fault', *names]


def test_a_node_that_ends_is_a_fault_that_is_not_survived(tmp_path: Path) -> None:
    done = command('faults', '--only', 'flood', '--model', tmp_path / 'absent.onnx')
    assert done.returncode == 1
    assert 'depth_node ended with exit code 2: error: ' in done.stdout
    assert 'absent.onnx' in done.stdout


@pytest.mark.parametrize(
    ('words', 'message'),
    [
        (('soak', '--minutes', 0), '--minutes is 0: 0.05 to'),
        (('soak', '--size', '5x480'), "--size is '5x480'"),
        (('soak', '--transport', 'udp'), "unknown transport 'udp'"),
        (('faults', '--only', 'earthquake'), "unknown fault 'earthquake': choose one of camera_"),
        (('faults', '--count', 0), '--count is 0: 1 to'),
        (('faults', '--rate', 100), '--rate is 100: 0.1 to 24 Hz'),
    ],
)
def test_what_cannot_be_asked_for_is_one_line(
    words: tuple[object, ...], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(word) for word in words]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith('error: ')
    assert message in line


def test_every_fault_is_there() -> None:
    import importlib

    for name, module in FAULTS.items():
        fault = getattr(importlib.import_module(f'fastdepth_ros.reliability.ros.{module}'), name)
        assert fault.__doc__
