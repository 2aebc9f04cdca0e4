from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip('rosbags')
pytest.importorskip('h5py')

from bag_writer import FRAME, BagWriter, camera_info, scan, tf
from recorded_scene import CAMERA, INFO, add_colour, picture
from support import write_frame

from fastdepth_ros.__main__ import main
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.offline.calibrate.samples import Measured, collect
from fastdepth_ros.scale.calibration import SAMPLES, ScaleCalibration

WRONG = 1.5  # the stub's depth times this is what the sensors say
Calibrate = Callable[..., Any]


@pytest.fixture
def calibrate(tmp_path: Path, stub_onnx: Path, capsys: pytest.CaptureFixture[str]) -> Calibrate:
    """Runs the command; its JSON, or the error's line."""

    def run(*arguments: object) -> Any:
        words = [*map(str, arguments), '--out', str(tmp_path / 's.yaml'), '--json']
        code = main(['calibrate', *words, '--model', str(stub_onnx), '--threads', '1'])
        captured = capsys.readouterr()
        if code:
            return captured.err.splitlines()[-1].rpartition('\r')[2]
        return json.loads(captured.out)

    return run


def write_root(root: Path, count: int, curve: Callable[[np.ndarray], np.ndarray]) -> Path:
    """Grey frames whose measured depth is `curve` of what the stub makes of them."""
    rng = np.random.default_rng(0)
    for i in range(count):
        ramp = np.linspace(*rng.uniform(0, 255, 2), 60)
        grey = np.repeat(ramp[:, None], 80, 1).astype(np.uint8)
        f = 80 * math.sqrt(80 / 96 * 60 / 64)  # of 60 x 80, so that the input's f is the model's
        write_frame(
            root / f'train/room/{i + 10:05d}.h5',
            intrinsics=(f, f, 40.0, 30.0),
            rgb=np.repeat(grey[None], 3, 0),
            depth=curve(0.5 + 4 * (grey / 255)).astype(np.float32),
        )
    return root


def test_frames_of_a_root_give_the_factor_and_the_file(
    tmp_path: Path, calibrate: Calibrate
) -> None:
    found = calibrate('--data', write_root(tmp_path / 'root', 12, lambda d: WRONG * d))
    assert found['factor'] == pytest.approx(WRONG, rel=0.02)
    assert found['frames'] == 12
    assert found['residual'] < 0.02
    saved = ScaleCalibration.load(tmp_path / 's.yaml')
    assert saved.factor == pytest.approx(found['factor'], abs=1e-5)
    assert (saved.model, saved.frames) == ('t', 12)


def write_bag(path: Path, count: int = 15, transform: bool = True) -> Path:
    """A level scanner at the camera, whose returns are the stub's depth times WRONG."""
    with BagWriter(path) as bag:
        bag.add(INFO, camera_info(CAMERA))
        if transform:
            bag.add('/tf_static', tf(FRAME, 'laser', (0, 0, 0), (0.5, -0.5, 0.5, 0.5)))
        for i in range(count):
            add_colour(bag, i, i / 10)
            row = picture(i)[30].astype(float).mean(-1)
            scale = CAMERA.focal_length * math.sqrt(96 / 80 * 64 / 60) / 80
            columns = np.arange(5, 75)
            z = WRONG * scale * (0.5 + 4 * row[columns] / 255)
            angles = -np.arctan((columns - CAMERA.cx) / CAMERA.fx)
            even = np.linspace(angles.min(), angles.max(), 70)
            ranges = np.interp(even, angles[::-1], (z / np.cos(angles))[::-1])
            low, step = even[0], even[1] - even[0]
            bag.add('/scan', scan(ranges, low, step, i / 10 + 0.002, 'laser'), i / 10)
    return path


def test_a_scan_in_a_bag_gives_the_factor_by_its_static_transforms(
    tmp_path: Path, calibrate: Calibrate
) -> None:
    found = calibrate('--bag', write_bag(tmp_path / 'drive'))
    assert found['factor'] == pytest.approx(WRONG, rel=0.03)
    assert found['frames'] >= 10
    assert found['residual'] < 0.1


def test_without_them_extrinsics_are_needed_and_given(
    tmp_path: Path, calibrate: Calibrate
) -> None:
    bag = write_bag(tmp_path / 'drive', transform=False)
    assert 'give --extrinsics x y z qx qy qz qw' in calibrate('--bag', bag)
    pose = (0, 0, 0, 0.5, -0.5, 0.5, 0.5)
    found = calibrate('--bag', bag, '--extrinsics', *pose)
    assert found['factor'] == pytest.approx(WRONG, rel=0.03)


def test_thin_evidence_is_refused_and_nothing_is_written(
    tmp_path: Path, calibrate: Calibrate
) -> None:
    few = write_root(tmp_path / 'few', 5, lambda d: WRONG * d)
    assert '5 frames have measured depth, at least 10' in calibrate('--data', few)
    rng = np.random.default_rng(1)
    noise = write_root(tmp_path / 'noise', 12, lambda d: rng.uniform(0.3, 9, d.shape))
    assert 'the measured depth is still' in calibrate('--data', noise)
    millimetres = write_root(tmp_path / 'mm', 12, lambda d: 1000 * d)
    assert 'is the measured depth in metres' in calibrate('--data', millimetres)
    none = write_root(tmp_path / 'none', 12, lambda d: 0 * d)
    assert 'nothing to calibrate from' in calibrate('--data', none)
    assert not (tmp_path / 's.yaml').exists()


def test_a_user_s_mistakes_are_one_line(tmp_path: Path, calibrate: Calibrate) -> None:
    assert 'a scale is of a camera that is known' in calibrate(
        '--data', write_frame(tmp_path / 'root/train/r/00010.h5').parents[2]
    )
    assert '--live needs --image TOPIC and --depth TOPIC' in calibrate('--live')
    assert '--max-frames is 3: 10 to 10000' in calibrate('--live', '--max-frames', 3)
    assert 'cannot read the bag' in calibrate('--bag', tmp_path / 'none')


def test_what_is_kept_of_a_frame_is_small_and_gives_the_fit_of_all_of_it(
    stub_onnx: Path, rng: np.random.Generator
) -> None:
    estimator = DepthEstimator(str(stub_onnx), precision='f32')
    frames, whole = [], []
    for _ in range(25):
        grey = np.linspace(*rng.uniform(0, 255, 2), 64).round()  # of the input's size
        rgb = np.repeat(grey[:, None], 96, 1)[..., None].repeat(3, 2).astype(np.uint8)
        near = 0.5 + 4 * (rgb[..., 0] / 255)
        depth = (near**1.3 * rng.normal(1, 0.05, near.shape)).astype(np.float32)
        depth[rng.random(depth.shape) < 0.2] = 0
        frames.append(Measured(rgb, depth, Intrinsics(80, 80, 48, 32, 96, 64)))
        found = estimator.estimate(rgb, frames[-1].intrinsics)
        whole.append((found[depth > 0], depth[depth > 0]))
    pairs = collect(frames, estimator)
    for kept, all_of_it in zip(pairs, whole, strict=True):
        assert len(kept[0]) == len(kept[1]) <= SAMPLES < len(all_of_it[0])
        assert kept[0].base is kept[1].base is None  # no view of all of it
    assert ScaleCalibration.fit(pairs) == ScaleCalibration.fit(whole)
    assert ScaleCalibration.fit(pairs).curve
