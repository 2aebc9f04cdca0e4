"""PyTorch: the reference, for development and for machines that have nothing else."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch

from fastdepth_ros.engines.engine import Engine
from fastdepth_ros.network.fastdepth import FastDepth, load_tensors
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.network.model_file import load_model
from fastdepth_ros.network.runnable import RunnableNetwork


class TorchEngine(Engine):
    """A safetensors file in eager PyTorch, channels_last: on the CPU, or where it trains."""

    name = 'torch'

    def __init__(self, path: Path, precision: str, num_threads: int) -> None:
        metadata, tensors = load_model(path)
        network = FastDepth(metadata.network)
        load_tensors(network, tensors, path)
        self._set_up(network, metadata, precision, num_threads)

    @classmethod
    def from_network(
        cls, network: FastDepth, metadata: ModelMetadata, num_threads: int
    ) -> TorchEngine:
        """An engine around a network in memory (in training); it is put in eval mode."""
        engine = cls.__new__(cls)
        engine._set_up(network, metadata, 'f32', num_threads)
        return engine

    def _set_up(
        self, network: FastDepth, metadata: ModelMetadata, precision: str, num_threads: int
    ) -> None:
        self.metadata, self.precision = metadata, precision
        self._error: np.ndarray | None = None
        # A process-wide setting of the calling thread: build the engine where infer() is called.
        torch.set_num_threads(num_threads)
        self.num_threads = torch.get_num_threads()
        self._device = next(network.parameters()).device
        self._network = RunnableNetwork(network, metadata).to(self._device).eval()

    @torch.inference_mode()
    def infer(self, image: np.ndarray) -> np.ndarray:
        """(H, W, 3) uint8 RGB -> (H, W) float32 metres of the training camera."""
        inputs = torch.from_numpy(image)[None].to(self._device)
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self.precision == 'bf16'):
            if not self.metadata.network.error:
                return self._network(inputs)[0].float().cpu().numpy()
            depth, error = self._network.forward_with_error(inputs)
        self._error = error[0].float().cpu().numpy()
        return depth[0].float().cpu().numpy()

    @property
    def error(self) -> np.ndarray | None:
        """As the network gave it."""
        return self._error
