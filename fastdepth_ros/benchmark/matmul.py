"""What the machine could do at best: the rate of a matrix multiply in an engine.

A network cannot be quicker than its multiply-adds at this rate, unless its convolutions are
computed with fewer (as Winograd's are).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from statistics import median

import numpy as np

SIZE = 1024  # of the square matrices: 1.07 G multiply-adds
MACS = SIZE**3


class MatMul:
    """A (SIZE, SIZE) x (SIZE, SIZE) multiply in one engine, precision and number of threads."""

    def __init__(self, engine: str, precision: str, threads: int) -> None:
        """ModuleNotFoundError where the library, or `onnx` for ONNX Runtime, is not installed."""
        self._step = BUILDERS[engine](precision, threads)

    def rate(self, repeats: int = 3) -> float:
        """Multiply-adds a second, the median of some multiplies."""
        self._step()
        return MACS / median(_time(self._step) for _ in range(repeats))


def _time(step: Callable[[], object]) -> float:
    begin = time.perf_counter()
    step()
    return time.perf_counter() - begin


def _matrices() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    left, right = rng.uniform(-1, 1, (2, SIZE, SIZE)).astype(np.float32)
    return left, right


def _torch(precision: str, threads: int) -> Callable[[], object]:
    import torch

    torch.set_num_threads(threads)
    kind = {'f32': torch.float32, 'bf16': torch.bfloat16}[precision]
    left, right = (torch.from_numpy(matrix).to(kind) for matrix in _matrices())
    return lambda: left @ right


def _openvino(precision: str, threads: int) -> Callable[[], object]:
    from fastdepth_ros.engines import no_telemetry  # noqa: F401, isort: skip, before OpenVINO
    import openvino as ov

    try:
        from openvino import opset8 as ops
    except ImportError:  # before 2025.0
        from openvino.runtime import opset8 as ops

    from fastdepth_ros.engines.openvino_engine import core

    left, right = _matrices()
    given = ops.parameter([SIZE, SIZE], np.float32)
    rows, columns = given, ops.constant(right)
    if precision == 'int8':  # as quantised models are: OpenVINO multiplies u8 by i8
        low, high = ops.constant(np.float32(-1)), ops.constant(np.float32(1))
        rows = ops.fake_quantize(rows, low, high, low, high, 256)
        columns = ops.fake_quantize(columns, low, high, low, high, 255)
    model = ov.Model([ops.matmul(rows, columns, False, False)], [given], 'matmul')
    settings = {
        'INFERENCE_PRECISION_HINT': 'f32' if precision == 'int8' else precision,
        'INFERENCE_NUM_THREADS': threads,
        'NUM_STREAMS': 1,
        'ENABLE_CPU_PINNING': False,
    }
    request = core().compile_model(model, 'CPU', settings).create_infer_request()
    request.set_input_tensor(ov.Tensor(left))  # a copy, which the request keeps
    return request.infer


def _onnxruntime(precision: str, threads: int) -> Callable[[], object]:
    import onnx
    import onnxruntime as ort

    make, proto = onnx.helper, onnx.TensorProto
    left, right = _matrices()
    kind, node = proto.FLOAT, make.make_node('MatMul', ['left', 'right'], ['product'])
    out = proto.FLOAT
    if precision == 'int8':
        left, right = (left * 127 + 128).astype(np.uint8), (right * 127).astype(np.int8)
        kind, out = proto.UINT8, proto.INT32
        node = make.make_node('MatMulInteger', ['left', 'right'], ['product'])
    graph = make.make_graph(
        [node],
        'matmul',
        [make.make_tensor_value_info('left', kind, [SIZE, SIZE])],
        [make.make_tensor_value_info('product', out, [SIZE, SIZE])],
        [onnx.numpy_helper.from_array(right, 'right')],
    )
    opset = make.make_opsetid('', 18)
    model = make.make_model(graph, opset_imports=[opset], ir_version=10)
    options = ort.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = threads, 1
    session = ort.InferenceSession(model.SerializeToString(), options, ['CPUExecutionProvider'])
    return lambda: session.run(None, {'left': left})


BUILDERS = {'torch': _torch, 'openvino': _openvino, 'onnxruntime': _onnxruntime}
