"""The command import_checkpoint writes a model file that says what it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastdepth_ros.__main__ import main
from fastdepth_ros.network.config import PRUNED, NetworkConfig
from fastdepth_ros.network.model_file import load_model

pytest.importorskip('torch')
Save = Callable[..., Path]


def test_a_checkpoint_becomes_a_model_file(
    published: Any, saved: Save, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    network = published.network()
    file, out = saved({'model': network}, 'pruned.pth.tar'), tmp_path / 'out' / 'net.safetensors'
    assert main(['import_checkpoint', str(file), str(out)]) == 0
    parameters = sum(p.numel() for p in network.parameters())
    line = f'mobilenet-nnconv5dw-skipadd-pruned: {parameters} parameters -> {out} '
    assert capsys.readouterr().out.startswith(line)
    metadata, tensors = load_model(out)
    assert (metadata.input_width, metadata.input_height) == (224, 224)
    assert (metadata.fx, metadata.fy) == (198.9, 265.8)
    assert (metadata.min_depth, metadata.max_depth) == (0, 10)
    assert (metadata.mean, metadata.std) == ((0, 0, 0), (1, 1, 1))
    assert metadata.licence == 'MIT'
    assert metadata.training == {'data': 'NYU Depth V2', 'source': 'pruned.pth.tar'}
    state = network.state_dict()
    for name, tensor in tensors.items():
        np.testing.assert_array_equal(tensor, state[name].numpy())  # not rounded to float16
    assert len(tensors) == sum(not name.endswith('num_batches_tracked') for name in state)


def test_the_result_as_json_and_another_licence(
    published: Any, saved: Save, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = saved(published.network('MobileNet')), tmp_path / 'net.safetensors'
    out.write_text('an older file')
    command = ['import_checkpoint', str(file), str(out), '--json', '--licence', 'CC-BY-4.0']
    assert main(command) == 0
    result = json.loads(capsys.readouterr().out)
    assert result['variant'] == 'mobilenet-nnconv5dw-pruned'
    assert result['out'] == str(out)
    assert result['bytes'] == out.stat().st_size
    assert load_model(out)[0].licence == 'CC-BY-4.0'


def test_a_file_that_cannot_be_read_leaves_nothing_behind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file, out = tmp_path / 'net.pth.tar', tmp_path / 'net.safetensors'
    file.write_text('no checkpoint')
    assert main(['import_checkpoint', str(file), str(out)]) == 2
    assert f"error: '{file}' cannot be read" in capsys.readouterr().err
    assert not out.exists()


def test_out_must_be_a_safetensors_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / 'net.onnx'
    assert main(['import_checkpoint', str(tmp_path / 'none'), str(out)]) == 2
    assert f"OUT is '{out}'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ('config', 'name'),
    [
        (NetworkConfig(), 'mobilenet-nnconv5dw-skipadd'),
        (PRUNED, 'mobilenet-nnconv5dw-skipadd-pruned'),
        (NetworkConfig(skips='concat'), 'mobilenet-nnconv5dw-skipconcat'),
        (NetworkConfig(skips='none'), 'mobilenet-nnconv5dw'),
        (NetworkConfig(skips='none', decoder='full'), 'mobilenet-nnconv5'),
    ],
)
def test_variants_have_their_authors_names(config: NetworkConfig, name: str) -> None:
    from fastdepth_ros.network.import_checkpoint import variant_name

    assert variant_name(config) == name
