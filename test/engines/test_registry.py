from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from fastdepth_ros.engines import registry
from fastdepth_ros.engines.cpu import Cpu, check_threads, parse_flags
from fastdepth_ros.engines.engine import Engine
from fastdepth_ros.engines.registry import (
    ENGINES,
    PRECISIONS,
    choose_engine,
    choose_precisions,
    load_engine,
    supported_precisions,
)
from fastdepth_ros.errors import UserError

SKYLAKE = Cpu('x86_64', frozenset({'avx2', 'avx512f'}))
CASCADE_LAKE = Cpu('x86_64', frozenset({'avx2', 'avx512f', 'avx512_vnni'}))
GENOA = Cpu('x86_64', frozenset({'avx2', 'avx512f', 'avx512_vnni', 'avx512_bf16'}))
PI_4 = Cpu('aarch64', frozenset({'fp', 'asimd', 'crc32'}))
PI_5 = Cpu('aarch64', frozenset({'fp', 'asimd', 'asimdhp', 'asimddp'}))
GRACE = Cpu('aarch64', frozenset({'asimd', 'asimdhp', 'bf16', 'i8mm'}))
RISC_V = Cpu('riscv64', frozenset())


@pytest.mark.parametrize(
    ('cpu', 'engine', 'expected'),
    [
        (SKYLAKE, 'openvino', ['f32']),
        (CASCADE_LAKE, 'openvino', ['int8', 'f32']),
        (GENOA, 'openvino', ['int8', 'bf16', 'f32']),
        (PI_4, 'openvino', ['f32']),
        (PI_5, 'openvino', ['int8', 'f16', 'f32']),
        (GRACE, 'openvino', ['int8', 'f16', 'f32']),
        (RISC_V, 'openvino', ['f32']),
        (GENOA, 'onnxruntime', ['int8', 'f32']),
        (PI_4, 'onnxruntime', ['f32']),
        (PI_5, 'onnxruntime', ['int8', 'f32']),
        (GENOA, 'torch', ['f32', 'bf16']),
        (GRACE, 'torch', ['f32', 'bf16']),
        (PI_4, 'torch', ['f32']),
    ],
)
def test_precision_follows_the_cpu(cpu: Cpu, engine: str, expected: list[str]) -> None:
    assert supported_precisions(engine, cpu) == expected
    assert choose_precisions('auto', engine, cpu, PRECISIONS) == expected


def test_precision_follows_the_files_that_a_model_has() -> None:
    assert choose_precisions('auto', 'openvino', GENOA) == ['bf16', 'f32']
    assert choose_precisions('auto', 'openvino', GENOA, ['int8']) == ['int8']
    assert choose_precisions('f32', 'openvino', GENOA, PRECISIONS) == ['f32']
    with pytest.raises(UserError, match="'auto' is not to be had: .*has int8, .*on this CPU f32"):
        choose_precisions('auto', 'openvino', SKYLAKE, ['int8'])
    with pytest.raises(UserError, match="'bf16' is not to be had: the model file has int8"):
        choose_precisions('bf16', 'openvino', GENOA, ['int8'])


def test_a_precision_that_the_cpu_lacks_is_refused_by_name() -> None:
    with pytest.raises(UserError, match="'bf16' is not supported by engine 'openvino'.*auto, f32"):
        choose_precisions('bf16', 'openvino', SKYLAKE)
    with pytest.raises(UserError, match="unknown precision 'int4': choose one of auto, f32, bf16"):
        choose_precisions('int4', 'openvino', GENOA)


@pytest.mark.parametrize(
    ('installed', 'model', 'expected'),
    [
        (list(ENGINES), 'default', 'openvino'),
        (['onnxruntime', 'torch'], 'default', 'onnxruntime'),
        (['torch'], 'default', 'torch'),
        (list(ENGINES), 'mine.safetensors', 'torch'),
        (list(ENGINES), 'mine.onnx', 'openvino'),
    ],
)
def test_auto_takes_the_fastest_engine_that_can(
    installed: list[str], model: str, expected: str
) -> None:
    assert choose_engine('auto', model, installed) == expected


@pytest.mark.parametrize(
    ('engine', 'model', 'installed', 'message'),
    [
        ('tensorrt', 'default', ENGINES, "unknown engine 'tensorrt'.*auto, openvino, onnx"),
        ('openvino', 'default', ('torch',), "'openvino' is not installed: pip install openvino"),
        ('auto', 'a.onnx', ('torch',), "no engine that runs 'a.onnx' is installed: pip install"),
        ('torch', 'a.onnx', ENGINES, "'torch' cannot run 'a.onnx': give the .safetensors file"),
        ('openvino', 'a.safetensors', ENGINES, 'export it to .onnx, or use torch'),
        ('auto', 'a.pth.tar', ENGINES, 'of no known kind: .*import_checkpoint reads'),
    ],
)
def test_engines_that_do_not_do_are_refused(
    engine: str, model: str, installed: tuple[str, ...], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        choose_engine(engine, model, list(installed))


class Loaded(Engine):
    name = 'onnxruntime'

    def __init__(self, _: Path, precision: str, num_threads: int) -> None:
        self.precision, self.num_threads = precision, num_threads

    def infer(self, image: np.ndarray) -> np.ndarray:
        return image


@pytest.fixture(params=[ImportError, OSError])
def break_engines(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Callable[..., None]:
    """Makes the import of these fail, of the two that read .onnx."""

    def break_engines(*names: str) -> None:
        def import_engine(name: str) -> type[Engine]:
            if name in names:
                raise request.param('libtbb.so.12: cannot open shared object file')
            return Loaded

        monkeypatch.setattr(registry, 'installed_engines', lambda: ['openvino', 'onnxruntime'])
        monkeypatch.setattr(registry, '_engine_class', import_engine)

    return break_engines


def test_auto_goes_on_where_an_engine_cannot_be_imported_and_says_so(
    break_engines: Callable[..., None], stub_onnx: Path, caplog: pytest.LogCaptureFixture
) -> None:
    break_engines('openvino')
    assert load_engine(str(stub_onnx), precision='f32').name == 'onnxruntime'
    assert "engine 'openvino' is left out, it cannot be imported: libtbb.so.12" in caplog.text


def test_engines_that_cannot_be_imported_are_refused_with_the_reason(
    break_engines: Callable[..., None], stub_onnx: Path
) -> None:
    break_engines('openvino')
    message = r"engine 'openvino' cannot be imported: openvino \(libtbb.*: pip install --force"
    with pytest.raises(UserError, match=message):
        load_engine(str(stub_onnx), 'openvino', 'f32')
    break_engines('openvino', 'onnxruntime')
    with pytest.raises(UserError, match=r"'auto' cannot be imported: openvino \(.*onnxruntime \("):
        load_engine(str(stub_onnx), precision='f32')


def test_flags_are_read_on_both_machines() -> None:
    x86 = 'processor\t: 0\nflags\t\t: fpu avx2 avx512_bf16\nbugs\t: none\n\nflags\t: other\n'
    arm = 'processor\t: 0\nFeatures\t: fp asimd asimdhp bf16\nCPU part\t: 0xd0b\n'
    assert Cpu('x86_64', parse_flags(x86)).has_bf16
    assert Cpu('aarch64', parse_flags(arm)).has_f16
    assert parse_flags('') == frozenset()
    assert Cpu.detect().machine


@pytest.mark.parametrize('threads', [0, -1, 10_000])
def test_thread_counts_out_of_range_are_refused(threads: int) -> None:
    with pytest.raises(UserError, match=f'num_threads is {threads}: 1 to '):
        check_threads(threads)
