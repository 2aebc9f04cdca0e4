"""OpenVINO: the fastest engine measured, f32 and, where the CPU has it, int8, bf16 or f16."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from fastdepth_ros.engines import no_telemetry  # noqa: F401, isort: skip, before OpenVINO
import openvino as ov

from fastdepth_ros.engines.engine import Engine, unusable
from fastdepth_ros.engines.onnx_metadata import read_onnx_metadata

INT8_TYPES = ('u8', 'i8')


class OpenVinoEngine(Engine):
    """An ONNX file on OpenVINO's CPU plugin."""

    name = 'openvino'

    def __init__(self, path: Path, precision: str, num_threads: int) -> None:
        self.metadata = read_onnx_metadata(path)
        # Left to itself OpenVINO takes bf16 or f16 where the CPU has them, and all cores.
        settings = {
            # What is float in an int8 model stays exact: bf16 there was no faster.
            'INFERENCE_PRECISION_HINT': 'f32' if precision == 'int8' else precision,
            'INFERENCE_NUM_THREADS': num_threads,
            'NUM_STREAMS': 1,
            'ENABLE_CPU_PINNING': False,  # a robot's other processes want these cores too
        }
        try:
            compiled = core().compile_model(core().read_model(path), 'CPU', settings)
        except RuntimeError as error:  # the base of all that OpenVINO raises
            raise unusable(path, 'OpenVINO', error) from error
        self.precision = running_precision(compiled)
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
        return self._request.get_output_tensor(0).data[0]

    @property
    def error(self) -> np.ndarray | None:
        """The second output, as it lies in OpenVINO's memory."""
        return self._request.get_output_tensor(1).data[0] if self.metadata.network.error else None


@cache
def core() -> ov.Core:
    """The one of this process, for ever.

    Each has a CPU plugin of its own, which gives the thread an alternate signal stack and puts
    back the one before when it is destroyed: of two, the second puts back that of the first, which
    is gone, and the next signal that Python handles ends the process (OpenVINO 2026.4).
    """
    return ov.Core()


def running_precision(compiled: ov.CompiledModel) -> str:
    """'int8' where most convolutions run in it, else the precision of floats, both read back."""
    layers = [node.get_rt_info() for node in compiled.get_runtime_model().get_ops()]
    convolutions = [layer for layer in layers if layer['layerType'].value == 'Convolution']
    in_int8 = [c for c in convolutions if c['runtimePrecision'].value in INT8_TYPES]
    if 2 * len(in_int8) > len(convolutions):
        return 'int8'
    return compiled.get_property('INFERENCE_PRECISION_HINT').to_string()
