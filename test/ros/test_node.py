"""The node in this process: what is set while it runs, and what it keeps."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from rclpy.lifecycle import TransitionCallbackReturn
from ros_harness import set_in_process

from fastdepth_ros.engines import registry
from fastdepth_ros.monitoring.camera_watch import Shown
from fastdepth_ros.monitoring.losses import Arrival
from fastdepth_ros.ros import node as module
from fastdepth_ros.ros.node import DepthNode
from fastdepth_ros.scale.calibration import ScaleCalibration

Make = Callable[..., DepthNode]


@pytest.mark.parametrize(
    ('name', 'value', 'message'),
    [
        ('camera_info_url', 'package://my.pkg/c.yaml', "'my.pkg' is no name of a package"),
        ('camera_info_url', 'package:///c.yaml', "'' is no name of a package: package://NAME"),
        ('camera_info_url', 'package://no_such/c.yaml', "package 'no_such' is not installed"),
        ('horizontal_fov', 5e-324, 'parameter horizontal_fov is 4.94066e-324: allowed are 0'),
    ],
)
def test_a_value_that_cannot_be_is_refused(
    make: Make, name: str, value: object, message: str
) -> None:
    node = make()
    node.autostart()
    before = node.get_parameter(name).value
    assert message in set_in_process(node, **{name: value})
    assert node.get_parameter(name).value == before


def test_an_engine_that_cannot_be_imported_is_refused_and_the_one_before_goes_on(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    def import_nothing(name: str) -> type:
        raise ImportError('libtbb.so.12: cannot open shared object file')

    node = make()
    node.autostart()
    before = node._pipeline.estimator
    monkeypatch.setattr(registry, '_engine_class', import_nothing)
    assert 'libtbb.so.12' in set_in_process(node, precision='f32')
    assert node._pipeline.estimator is before


def test_the_model_of_a_scale_file_is_looked_at_again_when_another_model_runs(
    make: Make, stub_onnx: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    ScaleCalibration(1.25, model='another').save(tmp_path / 's.yaml')
    copy = shutil.copy(stub_onnx, tmp_path / 'copy.onnx')
    node = make('-p', f'scale_file:={tmp_path / "s.yaml"}')
    node.autostart()
    warning = "was measured with model 'another', and 't' runs"
    assert warning in capfd.readouterr().err
    assert not set_in_process(node, model=str(copy))
    assert warning in capfd.readouterr().err
    assert not set_in_process(node, max_rate=5.0)
    assert warning not in capfd.readouterr().err


@pytest.mark.parametrize(
    ('own', 'asked', 'expected'), [(-10, 0, []), (-10, 5, [5]), (10, 0, []), (10, 5, [])]
)
def test_the_priority_that_the_operator_gave_is_never_raised_nor_undone(
    make: Make, monkeypatch: pytest.MonkeyPatch, own: int, asked: int, expected: list[int]
) -> None:
    given: list[int] = []
    monkeypatch.setattr(os, 'getpriority', lambda *_: own)
    monkeypatch.setattr(module, 'set_nice', given.append)
    node = make('-p', f'nice:={asked}')
    node.autostart()
    assert given == expected
    assert not set_in_process(node, nice=7)
    assert not set_in_process(node, nice=0)
    assert given == [*expected, 7, own], 'as it was started'


def test_a_pause_of_the_node_loses_no_image(make: Make) -> None:
    node, shown = make(), Shown('camera', 80, 48, 'rgb8')
    node.autostart()
    statistics = node._pipeline.statistics
    statistics.arrived(0.0, Arrival(0, 0, 0), shown)
    assert node.trigger_deactivate() == TransitionCallbackReturn.SUCCESS
    assert node.trigger_activate() == TransitionCallbackReturn.SUCCESS
    assert statistics.arrived(2.0, Arrival(2 * 10**9, 2 * 10**9, 60), shown) == []
    assert (statistics.losses.lost, statistics.losses.skipped) == (0, 0)
