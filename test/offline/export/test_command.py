from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('torch')
onnx = pytest.importorskip('onnx')

from fastdepth_ros.__main__ import main  # noqa: E402
from fastdepth_ros.engines.onnx_metadata import read_onnx_metadata  # noqa: E402
from fastdepth_ros.network.model_file import load_model  # noqa: E402
from fastdepth_ros.offline.export import command  # noqa: E402
from fastdepth_ros.offline.export.onnx_graph import FLOAT16_FROM  # noqa: E402


def test_the_onnx_file_is_small_self_contained_and_says_what_it_is(
    untrained_model: Path, untrained_onnx: Path
) -> None:
    model = onnx.load(untrained_onnx)
    metadata, _ = load_model(untrained_model)
    assert read_onnx_metadata(untrained_onnx) == metadata
    assert untrained_onnx.stat().st_size < 8.2e6
    large = {t.data_type for t in model.graph.initializer if math.prod(t.dims) >= FLOAT16_FROM}
    small = {t.data_type for t in model.graph.initializer if 1 < math.prod(t.dims) < FLOAT16_FROM}
    assert large == {onnx.TensorProto.FLOAT16}
    assert onnx.TensorProto.FLOAT16 not in small
    assert 'BatchNormalization' not in {node.op_type for node in model.graph.node}
    image = model.graph.input[0].type.tensor_type
    assert image.elem_type == onnx.TensorProto.UINT8
    assert [d.dim_value for d in image.shape.dim] == [1, 64, 96, 3]
    assert b'site-packages' not in untrained_onnx.read_bytes()  # nor any path of this machine


def test_the_command_reports_the_difference(
    untrained_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / 'model.onnx'
    arguments = ['export', '--model', str(untrained_model), '--out', str(out), '--json']
    assert main(arguments) == 0
    result = json.loads(capsys.readouterr().out)
    assert result['bytes'] == out.stat().st_size
    assert 0 <= result['max_relative_difference'] < 2e-3


def test_another_size_is_the_same_weights_and_the_same_focal_length(
    untrained_model: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / 'large.onnx'
    arguments = ['export', '--model', str(untrained_model), '--out', str(out)]
    assert main([*arguments, '--size', '128', '96']) == 0
    before, found = load_model(untrained_model)[0], read_onnx_metadata(out)
    assert (found.input_width, found.input_height) == (128, 96)
    assert (found.fx, found.fy, found.network) == (before.fx, before.fy, before.network)
    assert found.name == f'{before.name} at 128x96'
    assert main([*arguments, '--size', '100', '96']) == 2
    assert 'input width is 100: multiples of 32' in capsys.readouterr().err


@pytest.mark.parametrize('broken', [0, 1])
def test_a_model_that_gives_nan_is_not_to_be_used(
    broken: int,
    untrained_model: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """In its depth, and in the error that it expects."""
    good = [np.ones((64, 96), np.float32), np.ones((32, 48), np.float32)]
    bad = [*good]
    bad[broken] = np.full_like(good[broken], np.nan)
    answers = iter([good, bad])
    monkeypatch.setattr(command, 'outputs', lambda *_: next(answers))
    out = tmp_path / 'model.onnx'
    assert main(['export', '--model', str(untrained_model), '--out', str(out)]) == 2
    assert 'by nan of the depth, more than 0.002: do not use it' in capsys.readouterr().err


def test_mistakes_are_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(['export', '--model', 'gone.safetensors', '--out', str(tmp_path / 'a.onnx')]) == 2
    assert "error: model file 'gone.safetensors' does not exist" in capsys.readouterr().err
    assert main(['export', '--out', 'model.pt']) == 2
    assert "--out is 'model.pt': the name of an .onnx file is needed" in capsys.readouterr().err
