from __future__ import annotations

import os
from pathlib import Path

import pytest

from fastdepth_ros.__main__ import main
from fastdepth_ros.simulation.camera import parse_size


@pytest.mark.parametrize(
    ('arguments', 'words'),
    [
        (['--rate', '0'], '--rate is 0: 0.1 to 240 Hz are allowed'),
        (['--rate', 'nan'], '--rate is nan'),
        (['--hfov', '180'], '--hfov is 180: 1 to 170 degrees'),
        (['--seed', '-1'], '--seed is -1'),
        (['--frames', '1'], '--frames is 1'),
        (['--truth-rate', '-3'], '--truth-rate is -3'),
        (['--size', '640'], "--size is '640': WIDTHxHEIGHT"),
        (['--size', '8x8'], "--size is '8x8'"),
    ],
)
def test_the_camera_names_a_bad_value(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(['simulated_camera', *arguments]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f'error: {words}')


def test_a_size_is_width_by_height() -> None:
    assert parse_size('640x480') == (640, 480)


@pytest.mark.parametrize(
    ('arguments', 'words'),
    [
        (['--duration', '-1'], '--duration is -1'),
        (['--duration', 'inf'], '--duration is inf'),
        (['--rate', '1000'], '--rate is 1000'),
        (['--model', 'missing.onnx'], "model file 'missing.onnx' does not exist"),
        (['--input', 'missing.mp4'], "input 'missing.mp4' does not exist"),
        (['--out', '{file}/demo'], "cannot make the folder '"),
    ],
)
def test_the_demo_names_a_bad_value(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip('rclpy')
    file = tmp_path / 'file'
    file.touch()
    given = [argument.format(file=file) for argument in arguments]
    assert main(['demo', '--out', str(tmp_path / 'demo'), *given]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(f'error: {words}')


@pytest.mark.parametrize(('distribution', 'fastdds'), [('humble', 'FASTRTPS'), ('', 'FASTDDS')])
def test_the_demos_images_go_through_the_shipped_profile_unless_the_user_has_one(
    distribution: str, fastdds: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip('rclpy')
    from fastdepth_ros.demo.ros.session import set_environment

    variable = f'{fastdds}_DEFAULT_PROFILES_FILE'
    monkeypatch.setattr('os.environ', {'ROS_DISTRO': distribution})
    set_environment()
    assert Path(os.environ[variable]).name == 'fastdds_shm.xml'
    assert Path(os.environ[variable]).is_file()
    os.environ[variable] = '/mine.xml'
    set_environment()
    assert os.environ[variable] == '/mine.xml'
