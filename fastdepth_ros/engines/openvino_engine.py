"""OpenVINO: the fastest engine measured, f32 and, where the CPU has it, bf16 or f16."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import openvino as ov

from fastdepth_ros.engines.engine import Engine, unusable
from fastdepth_ros.engines.onnx_metadata import read_onnx_metadata


class OpenVinoEngine(Engine):
    """An ONNX file on OpenVINO's CPU plugin."""

    name = 'openvino'

    def __init__(self, path: Path, precision: str, num_threads: int) -> None:
        self.metadata = read_onnx_metadata(path)
        core = ov.Core()
        # Left to itself OpenVINO takes bf16 or f16 where the CPU has them, and all cores.
        settings = {
            'INFERENCE_PRECISION_HINT': precision,
            'INFERENCE_NUM_THREADS': num_threads,
            'NUM_STREAMS': 1,
            'ENABLE_CPU_PINNING': False,  # a robot's other processes want these cores too
        }
        try:
            compiled = core.compile_model(core.read_model(path), 'CPU', settings)
        except RuntimeError as error:  # the base of all that OpenVINO raises
            raise unusable(path, 'OpenVINO', error) from error
        self.precision = compiled.get_property('INFERENCE_PRECISION_HINT').to_string()
        self.num_threads = compiled.get_property('INFERENCE_NUM_THREADS')
        self._request = compiled.create_infer_request()
        self._input: ov.Tensor | None = None
        self._image: np.ndarray | None = None

    def infer(self, image: np.ndarray) -> np.ndarray:
        """(H, W, 3) uint8 RGB -> (H, W) float32 metres of the training camera."""
        if image is not self._image:  # the caller keeps its buffer, so this happens once
            self._image, self._input = image, ov.Tensor(image[np.newaxis], shared_memory=True)
            self._request.set_input_tensor(self._input)
        self._request.infer()
        return self._request.get_output_tensor().data[0]
