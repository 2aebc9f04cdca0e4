from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from fastdepth_ros.__main__ import main
from fastdepth_ros.geometry.pose import up_of_mount
from fastdepth_ros.navigation import drive as costmap_drive
from fastdepth_ros.scale.evidence import Evidence, KnownFloor
from fastdepth_ros.simulation.room.path import robot_path
from fastdepth_ros.simulation.room.scene import Room
from fastdepth_ros.simulation.sensors import SensorOptions, lidar_row

EXACT = SensorOptions(noise=0.0, outliers=0.0)


@pytest.fixture
def few_frames(monkeypatch: pytest.MonkeyPatch, small_room: Room) -> None:
    """The drive in the small room, which is quickly built."""
    monkeypatch.setattr(costmap_drive, 'build_room', lambda _: small_room)


def test_the_true_depth_finds_all_and_the_settings_are_told(
    few_frames: None, stub_onnx: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    picture = tmp_path / 'map.png'
    given = ['costmap', '--model', str(stub_onnx), '--seeds', '3', '--frames', '6']
    assert main([*given, '--json', '--picture', str(picture)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found['settings']['resolution'] == 0.05
    assert found['settings']['seeds'] == [3]
    maps = found['maps']
    assert list(maps) == [
        *('network', 'network, by height', 'network, by lidar', 'network, scaled', 'constant'),
        'true depth',
    ]
    assert maps['true depth']['absrel'] == 0
    assert maps['constant']['absrel'] > 0
    true = maps['true depth']
    assert (true['recall'], true['invented']) == (1, 0)
    assert true['found'] > 50
    total = {m['found'] + m['missed'] for m in maps.values()}
    assert total == {true['found']}
    image = cv2.imread(str(picture))
    assert image.shape[1] > 5 * 3.0 / 0.05 * 4
    assert main(given) == 0
    assert 'true depth' in capsys.readouterr().out


def test_points_lie_in_the_room(few_frames: None, stub_onnx: Path, small_room: Room) -> None:
    from fastdepth_ros.geometry.point_cloud import CloudOptions, PointCloudBuilder
    from fastdepth_ros.simulation.room.render import RoomRenderer

    renderer = RoomRenderer(small_room, costmap_drive.CAMERA, 0)
    for pose in robot_path(small_room.size, 4, 0.4):
        _, truth = renderer.render(pose)
        points = costmap_drive.points_in_room(
            PointCloudBuilder(CloudOptions(stride=8)), truth, pose
        )
        low, high = points.reshape(-1, 3).min(0), points.reshape(-1, 3).max(0)
        assert (low > -0.02).all()
        assert (high < np.array(small_room.size) + 0.02).all()


@pytest.mark.parametrize('source', ['ground', 'scan'])
def test_a_source_that_knows_metres_puts_the_depth_right(small_room: Room, source: str) -> None:
    from fastdepth_ros.simulation.room.render import RoomRenderer

    renderer, height = RoomRenderer(small_room, costmap_drive.CAMERA, 0), 0.4
    by_source, rng = costmap_drive.NodeScale(source), np.random.default_rng(0)
    floor = Evidence(KnownFloor(up_of_mount(0.0, 0.0), height))
    errors = []
    for pose in robot_path(small_room.size, 12, height):
        truth = renderer.render(pose)[1].astype(np.float32)
        scan = Evidence(points={'scan': lidar_row(truth, costmap_drive.CAMERA, EXACT, rng)})
        scaled = by_source(truth / np.float32(1.15), floor if source == 'ground' else scan)
        errors.append(costmap_drive.absrel(scaled, truth))
    assert errors[0] == pytest.approx(0.13, abs=0.01)
    assert errors[-1] < 0.03


@pytest.mark.parametrize(
    ('arguments', 'message'),
    [
        (['--camera-height', '9'], '--camera-height is 9: 0.1 to 1.5 m are allowed'),
        (['--frames', '1'], '--frames is 1: at least 2'),
        (['--seeds', '-4'], '--seeds has -4: whole numbers from 0'),
    ],
)
def test_settings_that_make_no_drive(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(['costmap', *arguments]) == 2
    assert message in capsys.readouterr().err
