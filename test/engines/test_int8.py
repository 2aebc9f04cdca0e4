from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

onnx = pytest.importorskip('onnx')

from fastdepth_ros.engines import registry  # noqa: E402
from fastdepth_ros.engines.cpu import Cpu  # noqa: E402
from fastdepth_ros.engines.engine import Engine  # noqa: E402
from fastdepth_ros.engines.int8 import FLOATS, fingerprint, int8_sibling, model_files  # noqa: E402
from fastdepth_ros.engines.registry import load_engine  # noqa: E402
from fastdepth_ros.errors import UserError  # noqa: E402
from fastdepth_ros.network.metadata import KEY, ModelMetadata  # noqa: E402

VNNI = Cpu('x86_64', frozenset({'avx512_vnni', 'avx512_bf16'}))


class Loaded(Engine):
    """An engine that says what it was made with."""

    name = 'openvino'

    def __init__(self, path: Path, precision: str, num_threads: int) -> None:
        self.path, self.precision, self.num_threads = path, precision, num_threads

    def infer(self, image: Any) -> Any:
        return image


class Headstrong(Loaded):
    """Runs everything in f32."""

    def __init__(self, path: Path, _: str, num_threads: int) -> None:
        super().__init__(path, 'f32', num_threads)


@pytest.fixture
def model(stub_onnx: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(stub_onnx, tmp_path / 'model.onnx'))


@pytest.fixture
def vnni(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Cpu, 'detect', classmethod(lambda _: VNNI))
    monkeypatch.setattr(registry, 'installed_engines', lambda: ['openvino'])
    monkeypatch.setattr(registry, '_engine_class', lambda _: Loaded)


def write_copy(model: Path, metadata: ModelMetadata, sha256: str) -> Path:
    """A file that says that it is the int8 copy of what has that fingerprint."""
    copy = onnx.load(model)
    said = replace(metadata, quantisation={'precision': 'int8', 'sha256': sha256})
    onnx.helper.set_model_props(copy, {KEY: said.to_json()})
    onnx.save(copy, int8_sibling(model))
    return int8_sibling(model)


def test_a_model_has_floats_and_an_int8_copy_of_itself(
    model: Path, metadata: ModelMetadata
) -> None:
    floats = dict.fromkeys(FLOATS, model)
    assert model_files(model) == floats
    copy = write_copy(model, metadata, fingerprint(model))
    assert copy == model.with_name('model.int8.onnx')
    assert model_files(model) == {**floats, 'int8': copy}
    assert model_files(copy) == {'int8': copy}


def test_a_copy_of_another_model_is_left_out(
    model: Path, metadata: ModelMetadata, vnni: None
) -> None:
    write_copy(model, metadata, 'of yesterday')
    assert 'int8' not in model_files(model)
    assert load_engine(str(model)).precision == 'bf16'
    with pytest.raises(UserError, match=r"'.*int8\.onnx' is of another 'model\.onnx'; export it"):
        load_engine(str(model), precision='int8')


def test_auto_takes_the_copy_and_a_precision_by_name_its_file(
    model: Path, metadata: ModelMetadata, vnni: None
) -> None:
    with pytest.raises(UserError, match=r"no '.*model\.int8\.onnx'; export it with --int8"):
        load_engine(str(model), precision='int8')
    copy = write_copy(model, metadata, fingerprint(model))
    for precision, path, runs in (
        ('auto', copy, 'int8'),
        ('int8', copy, 'int8'),
        ('bf16', model, 'bf16'),
        ('f32', model, 'f32'),
    ):
        engine = load_engine(str(model), precision=precision)
        assert isinstance(engine, Loaded)
        assert (engine.path, engine.precision) == (path, runs)
    with pytest.raises(UserError, match="'f32' is not to be had: the model file has int8"):
        load_engine(str(copy), precision='f32')


def test_a_library_with_a_mind_of_its_own_is_not_believed(
    model: Path, metadata: ModelMetadata, vnni: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry, '_engine_class', lambda _: Headstrong)
    write_copy(model, metadata, fingerprint(model))
    assert load_engine(str(model)).precision == 'f32'  # auto goes on to what is true
    with pytest.raises(UserError, match=r"engine 'openvino' runs '.*' in f32, not in int8"):
        load_engine(str(model), precision='int8')


def test_a_cpu_without_dot_products_does_not_take_the_copy(
    model: Path, metadata: ModelMetadata, vnni: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Cpu, 'detect', classmethod(lambda _: Cpu('x86_64', frozenset({'avx2'}))))
    write_copy(model, metadata, fingerprint(model))
    assert load_engine(str(model)).precision == 'f32'
    with pytest.raises(UserError, match="'int8' is not supported by engine 'openvino' on this"):
        load_engine(str(model), precision='int8')
