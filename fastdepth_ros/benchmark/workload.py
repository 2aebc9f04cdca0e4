"""One thing to time, and how a process of its own prepares it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.engines.onnx_metadata import read_onnx_metadata
from fastdepth_ros.engines.registry import ENGINE_SUFFIXES, load_engine
from fastdepth_ros.network.config import NetworkConfig
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.network.model_file import load_model
from fastdepth_ros.share import DEFAULT, SHIPPED, resolve_model

FASTDEPTH_SIZE = (224, 224)  # px, of the published network
MODEL, CAMERA, EAGER, FASTDEPTH = 'model', 'camera', 'eager', 'fastdepth'

Step = Callable[[], object]


@dataclass(frozen=True)
class Workload:
    """`kind` MODEL: the model file in an engine, as the node runs it.

    CAMERA: the same, from an rgb8 image of `camera` = (width, height) to metres. EAGER: its
    network in eager PyTorch, NCHW, float32, as most users would write it; FASTDEPTH: the same of
    the published FastDepth at 224 x 224. Weights do not change the time, so these two have random
    ones.
    """

    kind: str
    threads: int
    model: str = DEFAULT
    engine: str = 'torch'
    precision: str = 'f32'
    camera: tuple[int, int] = (0, 0)

    def __str__(self) -> str:
        return f'{self.kind} {self.engine} {self.precision}, {self.threads} threads'

    def prepare(self) -> tuple[Step, dict[str, Any]]:
        """A step to time, and what the library says of how it runs it."""
        if self.kind in (MODEL, CAMERA):
            return self._prepare_model()
        if self.kind == EAGER:
            metadata = read_metadata(self.model)
            size = metadata.input_width, metadata.input_height
            return eager_step(metadata.network, size, self.threads), {}
        return eager_step(NetworkConfig(), FASTDEPTH_SIZE, self.threads), {}

    def _prepare_model(self) -> tuple[Step, dict[str, Any]]:
        engine = load_engine(self.model, self.engine, self.precision, self.threads)
        said = {'precision': engine.precision, 'threads': engine.num_threads}
        if self.kind == CAMERA:
            estimator, frame = DepthEstimator.from_engine(engine), random_image(*self.camera)
            return lambda: estimator.estimate(frame), said
        image = random_image(engine.metadata.input_width, engine.metadata.input_height)
        return lambda: engine.infer(image), said


def random_image(width: int, height: int) -> np.ndarray:
    """(height, width, 3) uint8 noise."""
    return np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)


def read_metadata(model: str) -> ModelMetadata:
    """Of one of SHIPPED or a model file of either kind; UserError where it cannot be read."""
    if model in SHIPPED or model.endswith('.onnx'):
        return read_onnx_metadata(resolve_model(model, ENGINE_SUFFIXES['openvino']))
    return load_model(resolve_model(model, ENGINE_SUFFIXES['torch']))[0]


def eager_step(config: NetworkConfig, size: tuple[int, int], threads: int) -> Step:
    """Eager PyTorch, NCHW, float32, at `size` = (width, height)."""
    import torch

    from fastdepth_ros.network.fastdepth import FastDepth

    torch.set_num_threads(threads)
    network = FastDepth(config).eval()
    image = torch.rand(1, 3, size[1], size[0])

    def step() -> object:
        with torch.inference_mode():
            return network(image)

    return step
