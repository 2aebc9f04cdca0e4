"""Every YAML file that is read: calibrations, scale, mixes, sweeps, options, extrinsics."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fuzz.taken import numbered, written

from fastdepth_ros.geometry.calibration_file import read_calibration
from fastdepth_ros.offline.data.mix import Mix
from fastdepth_ros.offline.data.tum_sequence import TumSequence
from fastdepth_ros.offline.record import extrinsics
from fastdepth_ros.offline.sweep.plan import read_plan
from fastdepth_ros.offline.training import run_config
from fastdepth_ros.scale.calibration import KIND, ScaleCalibration

CAMERA = """\
image_width: 80
image_height: 60
camera_name: c
camera_matrix: {rows: 3, cols: 3, data: [70, 0, 40, 0, 71.0, 30, 0, 0, 1]}
distortion_model: plumb_bob
distortion_coefficients: {rows: 1, cols: 5, data: [0.1, 0, 0, 0, 0]}
rectification_matrix: {rows: 3, cols: 3, data: [1, 0, 0, 0, 1, 0, 0, 0, 1]}
projection_matrix: {rows: 3, cols: 4, data: [70, 0, 40, 0, 0, 71, 30, 0, 0, 0, 1, 0]}
"""
SEEDS = (
    CAMERA,
    f'kind: {KIND}\nfactor: 1.2\ncurve: [[0.5, 0.6], [4.0, 5.0]]\nframes: 3\nresidual: 0.1\n',
    'roots:\n- {path: nowhere, name: a, weight: 2, scenes: {"kitchen*": 0}, splits: {val: all}}\n',
    'base: {epochs: 1}\ngrid: {lr: [0.1, 0.01], seed: [1]}\ntrials:\n- {batch: 4}\n',
    'epochs: 1\nloss: l1\nlr: 0.1\n',
    'translation: [1, 2, 3]\nrotation: {x: 0, y: 0, z: 0, w: 1}\n',
    'transforms:\n- header: {frame_id: a}\n  child_frame_id: b\n'
    '  transform: {translation: {x: 1, y: 0, z: 0}, rotation: [0, 0, 0, 1]}\n---\n',
    'a: &a [1, 1]\nb: &b [*a, *a]\nimage_width: *b\n',
    'epochs: !!int ""\n',
    'epochs: !!timestamp x\nlr: !!bool 7\n',
    'epochs: 1:2:3:4\nlr: 0x_\n',
    'epochs: 2001-99-99\n',
    '? {a: b}\n: !!set {c, d}\n<<: [1]\n',
    '[' * 200,
    '%YAML 1.2\n--- !!binary |\n  R0lGODlh\n...\n',
)


def seeds() -> Iterator[bytes]:
    return numbered(SEEDS)


def harness(data: bytes) -> None:
    """Right: what the reader of that file makes of it."""
    with written(data[1:], 'file.yaml') as path:
        READERS[data[0] % len(READERS) if data else 0](path)


def _scale(path: Path) -> None:
    calibration = ScaleCalibration.load(path)
    assert calibration.factor > 0


def _no_root(path: Path, depth: str) -> Any:
    from fastdepth_ros.errors import UserError

    raise UserError(f'no root is at {path} for {depth}')


def _tum(path: Path) -> None:
    folder = path.parent / 'freiburg1'
    folder.mkdir(exist_ok=True)
    calibration = folder / 'calibration.yaml'
    calibration.write_bytes(path.read_bytes())
    try:
        TumSequence(folder)._calibration()
    finally:
        calibration.unlink()


READERS = (
    lambda path: read_calibration(str(path), str),
    _scale,
    lambda path: Mix.at(path, 'raw', _no_root),
    read_plan,
    lambda path: run_config.RunConfig(**run_config.read_yaml(path)),
    extrinsics.read_yaml,
    extrinsics.read_yaml,
    _tum,
)
