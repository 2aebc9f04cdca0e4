from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fastdepth_ros.engines.engine import Engine
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.engines.mirror_mean import MirrorMean
from fastdepth_ros.network.metadata import ModelMetadata

RAMP = np.broadcast_to(np.arange(1, 97, dtype=np.float32), (64, 96))


class SidedEngine(Engine):
    """Says the same of every image, in one buffer, and keeps what it was shown."""

    name, precision, num_threads = 'sided', 'f32', 1

    def __init__(self, metadata: ModelMetadata, depth: np.ndarray = RAMP) -> None:
        self.metadata, self.shown = metadata, []
        self._said, self._depth = depth, np.empty_like(depth)
        self._error = np.empty((2, 3), np.float32)

    def infer(self, image: np.ndarray) -> np.ndarray:
        self.shown.append(image.copy())
        self._depth[:] = self._said
        self._error[:] = [0.1, 0.2, 0.6]
        return self._depth

    @property
    def error(self) -> np.ndarray:
        return self._error


@pytest.fixture
def image() -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (64, 96, 3), np.uint8)


def test_both_ways_are_shown_and_what_depends_on_the_side_is_gone(
    metadata: ModelMetadata, image: np.ndarray
) -> None:
    engine = SidedEngine(metadata)
    mean = MirrorMean(engine)
    np.testing.assert_array_equal(mean.infer(image), np.full((64, 96), 48.5))
    np.testing.assert_allclose(mean.error, [[0.35, 0.2, 0.35]] * 2, rtol=1e-6)
    first, second = engine.shown
    np.testing.assert_array_equal(first, image)
    np.testing.assert_array_equal(second, image[:, ::-1])


def test_where_one_has_no_depth_the_other_stands(
    metadata: ModelMetadata, image: np.ndarray
) -> None:
    ramp = RAMP.copy()
    ramp[0, :48] = 0
    ramp[1, :48] = -1
    ramp[2] = 0
    found = MirrorMean(SidedEngine(metadata, ramp)).infer(image)
    for row in (0, 1):  # only the right half says something, both ways
        np.testing.assert_array_equal(found[row], np.maximum(RAMP[0], RAMP[0, ::-1]))
    assert (found[2] == 0).all()
    assert (found[3:] == 48.5).all()


def test_the_estimator_turns_it_on_and_off(metadata: ModelMetadata, image: np.ndarray) -> None:
    engine = SidedEngine(metadata)
    estimator = DepthEstimator.from_engine(engine, flip=True)
    assert np.ptp(estimator.estimate(image)) < 1e-4
    estimator.flip = False
    assert np.ptp(estimator.estimate(image)) > 1
    assert len(engine.shown) == 3


def test_its_buffers_are_kept(metadata: ModelMetadata, image: np.ndarray) -> None:
    mean = MirrorMean(SidedEngine(metadata))
    assert mean.infer(image) is mean.infer(image)


def test_an_engine_of_a_file_is_right_both_ways(stub_onnx: Path, image: np.ndarray) -> None:
    """The stub's depth is the brightness of each pixel: the mean of both ways is either."""
    plain = DepthEstimator(str(stub_onnx), precision='f32').estimate(image)
    for _ in range(2):
        flipped = DepthEstimator(str(stub_onnx), precision='f32', flip=True).estimate(image)
        np.testing.assert_allclose(flipped, plain, rtol=1e-5)
