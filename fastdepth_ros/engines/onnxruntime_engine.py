"""ONNX Runtime: the engine with wheels for the most machines, f32 and int8."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime as ort
from onnxruntime.capi import onnxruntime_pybind11_state as state

from fastdepth_ros.engines.engine import Engine, unusable
from fastdepth_ros.engines.onnx_metadata import read_onnx_metadata

LOAD_ERRORS = (state.Fail, state.InvalidGraph, state.InvalidProtobuf, state.NotImplemented)


class OnnxRuntimeEngine(Engine):
    """An ONNX file on ONNX Runtime's CPU provider."""

    name = 'onnxruntime'

    def __init__(self, path: Path, precision: str, num_threads: int) -> None:  # noqa: ARG002
        self.metadata = read_onnx_metadata(path)
        options = ort.SessionOptions()
        options.intra_op_num_threads = num_threads
        options.inter_op_num_threads = 1
        # Idle threads that spin take the cores that the robot's other processes need.
        options.add_session_config_entry('session.intra_op.allow_spinning', '0')
        try:
            self._session = ort.InferenceSession(str(path), options, ['CPUExecutionProvider'])
        except LOAD_ERRORS as error:
            raise unusable(path, 'ONNX Runtime', error) from error
        self.precision = 'int8' if self.metadata.is_int8 else 'f32'  # all that it has for a CPU
        self.num_threads = self._session.get_session_options().intra_op_num_threads
        self._input = self._session.get_inputs()[0].name
        self._others: list[np.ndarray] = []  # outputs beside the depth

    def infer(self, image: np.ndarray) -> np.ndarray:
        """(H, W, 3) uint8 RGB -> (H, W) float32 metres of the training camera."""
        depth, *self._others = self._session.run(None, {self._input: image[np.newaxis]})
        return depth[0]

    @property
    def error(self) -> np.ndarray | None:
        """The second output."""
        return self._others[0][0] if self._others else None
