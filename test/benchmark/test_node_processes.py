"""The processes of `benchmark --node`: what they are given, and that they end."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import psutil
import pytest

from fastdepth_ros.benchmark.bare import BARE, ENGINE, run_paced
from fastdepth_ros.benchmark.busy import busy_processes
from fastdepth_ros.benchmark.node_path import add_node_arguments, run_node
from fastdepth_ros.benchmark.node_setup import SHM, Setup, environment
from fastdepth_ros.engines.registry import ENGINES
from fastdepth_ros.errors import UserError
from fastdepth_ros.processes.transport import NEW_VARIABLE, OLD_VARIABLE


def parse(*words: str, threads: list[int] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_node_arguments(parser)
    parser.set_defaults(model='default', threads=threads or [1], rounds=None)
    return parser.parse_args(words)


@pytest.mark.parametrize(
    ('words', 'message'),
    [
        (('--rate', '0'), '--rate is 0: 0.1 to 240 Hz are allowed'),
        (('--size', '640'), "--size is '640': WIDTHxHEIGHT"),
        (('--duration', '0.5'), '--duration is 0.5: 1 to 3600 s are allowed'),
        (('--transport', 'udp'), "unknown transport 'udp': choose one of shm, default"),
    ],
)
def test_values_out_of_range_are_refused(words: tuple[str, ...], message: str) -> None:
    with pytest.raises(UserError, match=message):
        run_node(parse(*words))


@pytest.mark.parametrize(
    ('threads', 'message'),
    [([1, 2], '--threads is 1 2: --node takes one number'), ([0], 'num_threads is 0: 1 to')],
)
def test_one_number_of_threads_is_needed(threads: list[int], message: str) -> None:
    with pytest.raises(UserError, match=message):
        run_node(parse(threads=threads))


@pytest.mark.parametrize(('distro', 'name'), [('jazzy', OLD_VARIABLE), ('kilted', NEW_VARIABLE)])
def test_the_profile_is_given_or_taken_away(
    distro: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv('ROS_DISTRO', distro)
    monkeypatch.setenv(OLD_VARIABLE, '/elsewhere.xml')
    found = environment(SHM)
    assert Path(found[name]).name == 'fastdds_shm.xml'
    assert Path(found[name]).is_file()
    assert {OLD_VARIABLE, NEW_VARIABLE} & found.keys() == {name}
    assert not {OLD_VARIABLE, NEW_VARIABLE} & environment('default').keys()


def test_busy_processes_take_their_cores_and_end_whatever_happens() -> None:
    processes: list[psutil.Process] = []

    def fail_beside_them() -> None:
        with busy_processes(2) as started:
            processes.extend(map(psutil.Process, started))
            end = time.monotonic() + 60
            while min(p.cpu_times().user for p in processes) < 0.05 and time.monotonic() < end:
                time.sleep(0.05)
            assert min(p.cpu_times().user for p in processes) >= 0.05
            assert {p.nice() for p in processes} == {psutil.Process().nice()}
            raise RuntimeError('in the middle')

    with pytest.raises(RuntimeError, match='in the middle'):
        fail_beside_them()
    assert not any(p.is_running() for p in processes)


@pytest.mark.parametrize('kind', [ENGINE, BARE])
def test_the_bare_engine_is_called_at_the_camera_s_rate(kind: str, stub_onnx: Path) -> None:
    paced = run_paced(kind, Setup(str(stub_onnx), size=(160, 120), rate=20), 1.0, [])
    assert 10 <= paced.frames <= 20  # fewer where the machine is slower than that
    assert paced.cpu > 0
    assert paced.said['engine'] in ENGINES
    assert paced.said['threads'] == 1


def test_a_model_that_does_not_run_is_one_line_and_a_signal_ends_the_wait() -> None:
    with pytest.raises(UserError, match='/absent.onnx'):
        run_paced(ENGINE, Setup('/absent.onnx'), 1.0, [])
    with pytest.raises(KeyboardInterrupt):
        run_paced(ENGINE, Setup('/absent.onnx'), 1.0, [2])
