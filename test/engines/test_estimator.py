from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from fastdepth_ros.engines.cpu import available_cores
from fastdepth_ros.engines.engine import Engine
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.engines.registry import installed_engines
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.network.metadata import ModelMetadata

ONNX_ENGINES = [name for name in installed_engines() if name != 'torch']


class ConstantEngine(Engine):
    """Predicts the same picture of depth whatever it is shown."""

    name, precision, num_threads = 'constant', 'f32', 1

    def __init__(self, metadata: ModelMetadata, depth: np.ndarray) -> None:
        self.metadata, self._depth = metadata, depth

    def infer(self, image: np.ndarray) -> np.ndarray:
        assert image.shape == (*self._depth.shape, 3)
        return self._depth


@pytest.fixture
def make(metadata: ModelMetadata):
    def estimator(depth: np.ndarray | float) -> DepthEstimator:
        full = np.broadcast_to(np.float32(depth), (64, 96)).copy()
        return DepthEstimator.from_engine(ConstantEngine(metadata, full))

    return estimator


def test_depth_is_scaled_by_the_focal_length_at_the_input(make, image: np.ndarray) -> None:
    estimator = make(2.0)  # f_model is 80 px at 96 x 64, the image is 160 x 120
    camera = Intrinsics(fx=200, fy=150, cx=80, cy=60, width=160, height=120)
    f = np.sqrt(200 * 96 / 160 * 150 * 64 / 120)
    np.testing.assert_allclose(estimator.estimate(image, camera), 2 * f / 80, rtol=1e-6)
    np.testing.assert_allclose(estimator.estimate(image), 2.0)


def test_depth_that_is_none_is_nan(make, image: np.ndarray) -> None:
    depth = np.full((64, 96), 3.0)
    depth[0, :5] = [0, -1, np.inf, -np.inf, np.nan]
    found = make(depth).estimate(image)
    assert np.isnan(found[0, :5]).all()
    assert (found.ravel()[5:] == 3).all()


def test_a_result_of_another_size_is_interpolated(make, image: np.ndarray) -> None:
    ramp = np.arange(96, dtype=np.float32) + 1
    found = make(ramp).estimate(image, size=(192, 128))
    assert found.shape == (128, 192)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found[5, 1:-1], (np.arange(1, 191) + 0.5) / 2 + 0.5, rtol=1e-5)


def test_results_share_kept_buffers(make, image: np.ndarray) -> None:
    estimator = make(2.0)
    assert estimator.estimate(image) is estimator.estimate(image)
    first = estimator.estimate(image, size=(50, 40))
    assert np.shares_memory(first, estimator.estimate(image, size=(50, 40)))


@pytest.mark.parametrize('engine', ONNX_ENGINES)
def test_onnx_engines_compute_the_stub(stub_onnx: Path, image: np.ndarray, engine: str) -> None:
    estimator = DepthEstimator(str(stub_onnx), engine, 'f32', 1)
    found = estimator.estimate(image)
    seen = cv2.resize(image, (96, 64), interpolation=cv2.INTER_AREA).astype(np.float64).mean(-1)
    np.testing.assert_allclose(found, 0.5 + 4 * seen / 255, rtol=1e-5)
    assert (estimator.engine.name, estimator.engine.precision) == (engine, 'f32')
    assert estimator.engine.num_threads == 1


def test_all_engines_agree(untrained_model: Path, untrained_onnx: Path, image: np.ndarray) -> None:
    expected = DepthEstimator(str(untrained_model), 'torch', 'f32').estimate(image).copy()
    assert np.nanstd(expected) > 0.05  # the network does say something
    for engine in ONNX_ENGINES:
        found = DepthEstimator(str(untrained_onnx), engine, 'f32').estimate(image)
        np.testing.assert_allclose(found, expected, rtol=2e-3, atol=2e-3)


def test_repeated_frames_do_not_disturb_each_other(
    untrained_onnx: Path, image: np.ndarray
) -> None:
    for engine in ONNX_ENGINES:
        estimator = DepthEstimator(str(untrained_onnx), engine, 'f32')
        first = estimator.estimate(image).copy()
        other = estimator.estimate(255 - image).copy()
        assert not np.allclose(first, other, equal_nan=True)
        np.testing.assert_array_equal(estimator.estimate(image), first)


def test_a_signal_after_engines_have_come_and_gone_is_handled(stub_onnx: Path) -> None:
    """OpenVINO's plugins left the thread with a signal stack that was no longer there."""
    pytest.importorskip('openvino')
    code = f"""
import os, signal
from fastdepth_ros.engines.registry import load_engine
handled = []
signal.signal(signal.SIGUSR1, lambda *_: handled.append(1))
first, second = (load_engine({str(stub_onnx)!r}, 'openvino', 'f32') for _ in range(2))
del first
del second
os.kill(os.getpid(), signal.SIGUSR1)
print(handled)
"""
    done = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (0, '[1]\n'), done.stderr


@pytest.mark.skipif(available_cores() < 2, reason='one core: there is nothing to bind')
@pytest.mark.parametrize('engine', installed_engines())
def test_threads_bind(engine: str, untrained_model: Path, untrained_onnx: Path) -> None:
    model = untrained_model if engine == 'torch' else untrained_onnx
    assert busy_threads(engine, model, 1) == 1
    # on a busy machine one thread can do all the work before the other has its turn
    assert 2 in (busy_threads(engine, model, 2) for _ in range(4))


def busy_threads(engine: str, model: Path, num_threads: int) -> int:
    """Threads that used more than 2 % of the CPU time of 2 s of inference, in a fresh process."""
    code = f"""
import json, os, pathlib, time
import numpy as np
from fastdepth_ros.engines.estimator import DepthEstimator
def ticks():
    stats = pathlib.Path('/proc/self/task').glob('*/stat')
    return {{p.parent.name: sum(map(int, p.read_text().rsplit(')', 1)[1].split()[11:13]))
             for p in stats}}
estimator = DepthEstimator({str(model)!r}, {engine!r}, 'f32', {num_threads})
image = np.zeros((480, 640, 3), np.uint8)
estimator.estimate(image)
before, end = ticks(), time.monotonic() + 2
while time.monotonic() < end:
    estimator.estimate(image)
used = [t - before.get(name, 0) for name, t in ticks().items()]
print(json.dumps([estimator.engine.num_threads, used]))
"""
    done = subprocess.run(
        [sys.executable, '-c', code], capture_output=True, text=True, check=True, timeout=120
    )
    reported, used = json.loads(done.stdout)
    assert reported == num_threads
    return sum(ticks > 0.02 * sum(used) for ticks in used)


def test_the_estimator_needs_neither_torch_nor_ros(stub_onnx: Path) -> None:
    code = f"""
import sys
from fastdepth_ros.engines.estimator import DepthEstimator
DepthEstimator({str(stub_onnx)!r})
assert not {{'torch', 'rclpy', 'h5py', 'safetensors', 'onnx'}} & set(sys.modules), sys.modules
"""
    subprocess.run([sys.executable, '-c', code], check=True, timeout=60)


def test_mistakes_are_one_line(stub_onnx: Path, tmp_path: Path) -> None:
    whole = stub_onnx.read_bytes()
    cut, foreign = tmp_path / 'cut.onnx', tmp_path / 'foreign.onnx'
    foreign.write_bytes(b'\x08\x08not an onnx file')
    for end in (0, 1, 10, len(whole) // 2, len(whole) - 3):
        cut.write_bytes(whole[:end])
        with pytest.raises(UserError, match=r"cut\.onnx'") as error:
            DepthEstimator(str(cut))
        assert '\n' not in str(error.value)
    for path in (foreign, tmp_path / 'missing.onnx', tmp_path):
        with pytest.raises(UserError):
            DepthEstimator(str(path))
    with pytest.raises(UserError, match='num_threads is 0'):
        DepthEstimator(str(stub_onnx), num_threads=0)


@pytest.mark.parametrize('engine', ONNX_ENGINES)
def test_a_damaged_graph_with_whole_metadata_is_one_line(
    engine: str, stub_onnx: Path, tmp_path: Path
) -> None:
    damaged = tmp_path / 'damaged.onnx'
    damaged.write_bytes(stub_onnx.read_bytes().replace(b'ReduceMean', b'ReduceMoon'))
    with pytest.raises(UserError, match=r"damaged\.onnx'") as error:
        DepthEstimator(str(damaged), engine)
    assert '\n' not in str(error.value)


def test_at_least_one_runtime_engine_is_tested() -> None:
    assert ONNX_ENGINES
    assert importlib.util.find_spec('cv2')
