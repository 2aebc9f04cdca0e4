from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from scale_rooms import CAMERA, HEIGHT, LEVEL, pitched, room
from support import write_frame

from fastdepth_ros.__main__ import main
from fastdepth_ros.offline.scale.observations import Observation
from fastdepth_ros.offline.scale.study import SOURCES, Scored, StudyOptions, study
from fastdepth_ros.offline.scale.table import rows, table
from fastdepth_ros.simulation.sensors import Mount, SensorOptions, lidar_row

EXACT = SensorOptions(noise=0, outliers=0, tilt_noise=0, height_noise=0)


def walk(count: int = 30, factor: float = 1.6, scene: str = 'hall') -> list[Observation]:
    """A room whose depth is predicted too small."""
    truth = room(pitched(10))
    depth = truth / np.float32(factor)
    return [Observation(scene, depth, CAMERA, truth, CAMERA) for _ in range(count)]


def mean(scored: list[Scored], kind: str, metric: str = 'absrel') -> float:
    return float(np.mean([getattr(s, kind)[metric] for s in scored]))


@pytest.mark.parametrize('running', [False, True])
@pytest.mark.parametrize('source', SOURCES)
def test_every_source_mends_a_wrong_scale(source: str, running: bool) -> None:
    scored = study(walk(), StudyOptions((source,), EXACT, running=running))
    assert mean(scored, 'before') == pytest.approx(1 - 1 / 1.6, abs=0.01)
    assert mean(scored[-10:], 'after') < 0.03
    assert mean(scored, 'best') < 0.01
    assert all(s.used for s in scored)


def test_calibration_is_scored_on_what_it_has_not_seen() -> None:
    frames = walk(10, 2.0) + walk(20, 1.0)  # the start of the scene misleads
    scored = study(frames, StudyOptions(('calibration',), EXACT))
    assert len(scored) == 20
    assert mean(scored, 'before') == pytest.approx(0, abs=1e-6)
    assert mean(scored, 'after') == pytest.approx(1, abs=0.05)


def test_the_mount_is_that_of_the_true_floor_and_a_table_is_none(rng: np.random.Generator) -> None:
    up, height = Mount(EXACT, rng).of(room(pitched(20)), CAMERA) or (LEVEL, 0)
    assert height == pytest.approx(HEIGHT, rel=0.01)
    assert up == pytest.approx(pitched(20), abs=0.01)
    assert Mount(EXACT, rng).of(np.full((192, 256), 2.0, np.float32), CAMERA) is None


def test_the_lidar_returns_true_points_and_none_from_holes(rng: np.random.Generator) -> None:
    truth = np.full((192, 256), 3.0, np.float32)
    truth[:, :128] = 0
    points = lidar_row(truth, CAMERA, EXACT, rng)
    assert len(points) == 32
    assert points[:, 2] == pytest.approx(3.0)
    assert (points[:, 0] > 0).all()
    wild = lidar_row(truth, CAMERA, SensorOptions(outliers=1.0), rng)
    assert np.std(wild[:, 2]) > 1


def test_rooms_of_a_kind_share_a_row() -> None:
    frames = walk(3, scene='rooms_s1') + walk(3, scene='rooms_s2') + walk(3, scene='office')
    found = rows(study(frames, StudyOptions(('ground',), EXACT)))
    assert [(r['scenes'], r['count']) for r in found] == [('rooms', 6), ('office', 3), ('all', 9)]
    assert table(found).count('\n') == 4


def test_the_command_prints_a_table_and_writes_json(
    tmp_path: Path, stub_onnx: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip('h5py')
    for i in range(3):
        path = tmp_path / f'root/val/official/0000{i}.h5'
        write_frame(path, i, (70.0, 70.0, 40.0, 30.0))
    options = ['--data', str(tmp_path / 'root'), '--model', str(stub_onnx)]
    out = tmp_path / 'out.json'
    assert main(['scale', *options, '--sources', 'ranges', '--json', str(out)]) == 0
    assert 'AbsRel' in capsys.readouterr().out
    result = json.loads(out.read_text())
    assert [row['count'] for row in result['rows'] if row['scenes'] == 'all'] == [3]


def test_rooms_are_driven_through(
    stub_onnx: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / 'out.json'
    options = ['--rooms', '3', '--frames', '2', '--model', str(stub_onnx), '--running']
    assert main(['scale', *options, '--sources', 'ranges', '--json', str(out)]) == 0
    assert 'simulated_room' in capsys.readouterr().out
    result = json.loads(out.read_text())
    assert (result['rooms'], result['data']) == ([3], None)
    assert [row['count'] for row in result['rows']] == [2, 2]


@pytest.mark.parametrize(
    ('options', 'said'),
    [
        (['--fps', '0'], '--fps is 0'),
        (['--seed', '-1'], '--seed is -1'),
        (['--beams', '0'], '--beams is 0'),
        (['--outliers', '2'], '--outliers is 2'),
        (['--noise', '-1'], 'noise is -1'),
        (['--scene', 'moon'], "starts with 'moon'"),
    ],
)
def test_bad_options_get_one_line(
    data_root: Path,
    stub_onnx: Path,
    capsys: pytest.CaptureFixture[str],
    options: list[str],
    said: str,
) -> None:
    assert main(['scale', '--data', str(data_root), '--model', str(stub_onnx), *options]) == 2
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert error.startswith('error: ')
    assert said in error
