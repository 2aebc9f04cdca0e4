"""Distillation: the depth that another model gives for what the network is shown."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor
from torchvision.transforms.v2 import functional

from fastdepth_ros.engines.engine import Engine
from fastdepth_ros.engines.registry import AUTO, load_engine
from fastdepth_ros.network.fastdepth import FastDepth, load_tensors
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.network.model_file import SUFFIX, load_model
from fastdepth_ros.network.runnable import RunnableNetwork
from fastdepth_ros.share import resolve_model


class _OneByOne:
    """An engine that takes one image, for batches."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def __call__(self, images: Tensor) -> Tensor:
        """(N, H, W, 3) uint8 -> (N, H, W) metres, on the images' device."""
        arrays = (np.ascontiguousarray(image) for image in images.cpu().numpy())
        depths = [torch.from_numpy(self._engine.infer(array).copy()) for array in arrays]
        return torch.stack(depths).to(images.device)


class Teacher:
    """A model file's depth as the student's camera would have it; .safetensors or .onnx."""

    def __init__(self, model: str, student: ModelMetadata, device: torch.device) -> None:
        """UserError where `model`, a shipped one or a file, cannot be read."""
        path = resolve_model(model, SUFFIX)
        self._run: Callable[[Tensor], Tensor]
        if path.suffix == SUFFIX:
            self._metadata, tensors = load_model(path)
            network = FastDepth(self._metadata.network)
            load_tensors(network, tensors, path)
            self._run = RunnableNetwork(network, self._metadata).to(device).eval()
        else:
            engine = load_engine(str(path), AUTO, AUTO, torch.get_num_threads())
            self._metadata, self._run = engine.metadata, _OneByOne(engine)
        own, its = self._metadata, student
        stretch = own.input_width * own.input_height / (its.input_width * its.input_height)
        # The picture at the teacher's size is that of a camera this much longer than its own.
        self._scale = its.focal_length * math.sqrt(stretch) / own.focal_length

    @torch.no_grad()
    def depth(self, images: Tensor) -> Tensor:
        """(N, 3, H, W) uint8 RGB -> (N, 1, H, W) metres of the student's training camera."""
        size = [self._metadata.input_height, self._metadata.input_width]
        seen = functional.resize(images, size, antialias=True).permute(0, 2, 3, 1)
        depth = self._run(seen)[:, None] * self._scale
        return functional.resize(depth, list(images.shape[2:]), antialias=False)
