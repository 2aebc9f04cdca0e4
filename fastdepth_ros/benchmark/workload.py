"""One thing to time, and how a process of its own prepares it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fastdepth_ros.engines.engine import Engine
from fastdepth_ros.engines.onnx_metadata import read_onnx_metadata
from fastdepth_ros.engines.registry import ENGINE_SUFFIXES, load_engine
from fastdepth_ros.network.config import NetworkConfig
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.network.model_file import load_model
from fastdepth_ros.share import DEFAULT, resolve_model

FASTDEPTH_SIZE = (224, 224)  # px, of the published network
MODEL, EAGER, FASTDEPTH = 'model', 'eager', 'fastdepth'

Step = Callable[[], object]


@dataclass(frozen=True)
class Workload:
    """`kind` MODEL: the model file in an engine, as the node runs it.

    EAGER: its network in eager PyTorch, NCHW, float32, as most users would write it; FASTDEPTH:
    the same of the published FastDepth at 224 x 224. Weights do not change the time, so these two
    have random ones.
    """

    kind: str
    threads: int
    model: str = DEFAULT
    engine: str = 'torch'
    precision: str = 'f32'

    def prepare(self) -> tuple[Step, dict[str, Any]]:
        """A step to time, and what the library says of how it runs it."""
        if self.kind == MODEL:
            return self._prepare_model()
        if self.kind == EAGER:
            metadata = read_metadata(self.model)
            size = metadata.input_width, metadata.input_height
            return eager_step(metadata.network, size, self.threads), {}
        return eager_step(NetworkConfig(), FASTDEPTH_SIZE, self.threads), {}

    def _prepare_model(self) -> tuple[Step, dict[str, Any]]:
        engine = load_engine(self.model, self.engine, self.precision, self.threads)
        image = random_image(engine)
        said = {'precision': engine.precision, 'threads': engine.num_threads}
        return lambda: engine.infer(image), said


def random_image(engine: Engine) -> np.ndarray:
    """(H, W, 3) uint8 noise of the model's input size."""
    shape = engine.metadata.input_height, engine.metadata.input_width, 3
    return np.random.default_rng(0).integers(0, 256, shape, np.uint8)


def read_metadata(model: str) -> ModelMetadata:
    """Of 'default' or a model file of either kind; UserError where it cannot be read."""
    if model == DEFAULT or model.endswith('.onnx'):
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
