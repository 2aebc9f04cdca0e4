from __future__ import annotations

import pytest

from fastdepth_ros.benchmark import matmul
from fastdepth_ros.engines.cpu import Cpu
from fastdepth_ros.engines.registry import supported_precisions

CASES = [(e, p) for e in matmul.BUILDERS for p in supported_precisions(e, Cpu.detect())]


@pytest.mark.parametrize(('engine', 'precision'), CASES)
def test_every_engine_multiplies_in_every_precision_of_this_cpu(
    engine: str, precision: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip(engine)
    if engine == 'onnxruntime':
        pytest.importorskip('onnx')
    monkeypatch.setattr(matmul, 'SIZE', 64)
    monkeypatch.setattr(matmul, 'MACS', 64**3)
    assert 1e6 < matmul.MatMul(engine, precision, 1).rate() < 1e13
