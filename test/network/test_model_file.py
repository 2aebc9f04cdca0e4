from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip('safetensors')

from support import metadata_json

from fastdepth_ros.errors import UserError
from fastdepth_ros.files import write_atomically
from fastdepth_ros.network.metadata import KEY, ModelMetadata
from fastdepth_ros.network.model_file import load_model, save_model


@pytest.fixture
def tensors(rng: np.random.Generator) -> dict[str, np.ndarray]:
    return {
        'weight': rng.normal(size=(4, 3, 3, 3)).astype(np.float32),
        'running_var': np.array([1e-12, 1e6], np.float32),  # both outside float16
    }


def test_weights_and_metadata_come_back(
    tmp_path: Path, metadata: ModelMetadata, tensors: dict[str, np.ndarray]
) -> None:
    path = tmp_path / 'new' / 'model.safetensors'
    save_model(path, metadata, tensors)
    read, loaded = load_model(path)
    assert read == metadata
    np.testing.assert_allclose(loaded['weight'], tensors['weight'], rtol=5e-4, atol=1e-7)
    np.testing.assert_array_equal(loaded['running_var'], tensors['running_var'])
    assert all(array.dtype == np.float32 for array in loaded.values())
    assert path.stat().st_size < 2 * 4 * 27 + 8 + 2000  # weights take two bytes each


def test_a_file_cut_anywhere_is_one_clear_error(
    tmp_path: Path, metadata: ModelMetadata, tensors: dict[str, np.ndarray]
) -> None:
    path = tmp_path / 'model.safetensors'
    save_model(path, metadata, tensors)
    whole = path.read_bytes()
    for end in (0, 3, 8, 100, len(whole) // 2, len(whole) - 1):
        path.write_bytes(whole[:end])
        with pytest.raises(UserError, match='not a whole safetensors'):
            load_model(path)


def test_foreign_and_missing_files_are_named(tmp_path: Path) -> None:
    from safetensors.numpy import save_file

    with pytest.raises(UserError, match=r"'.*nothing\.safetensors' does not exist"):
        load_model(tmp_path / 'nothing.safetensors')
    foreign = tmp_path / 'foreign.safetensors'
    save_file({'a': np.zeros(3)}, foreign)
    with pytest.raises(UserError, match='no fastdepth_ros metadata'):
        load_model(foreign)


def test_weights_that_are_not_finite_are_not_saved(
    tmp_path: Path, metadata: ModelMetadata
) -> None:
    path = tmp_path / 'model.safetensors'
    with pytest.raises(UserError, match="weights of 'w' are not finite in float16"):
        save_model(path, metadata, {'w': np.full((1, 1), 1e6, np.float32)})
    assert list(tmp_path.iterdir()) == []


def test_a_write_that_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / 'model'
    write_atomically(path, b'old')
    with pytest.raises(TypeError):
        write_atomically(path, 'text')  # type: ignore[arg-type]
    assert path.read_bytes() == b'old'
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(UserError, match='cannot write'):
        write_atomically(path / 'below', b'')


@pytest.mark.parametrize(
    ('text', 'message'),
    [
        (None, 'has no fastdepth_ros metadata'),
        ('{', 'is damaged'),
        ('[]', 'is damaged'),
        ('{}', 'is damaged'),
        ('[' * 100_000, 'is damaged: it is nested too deeply'),
        ('{"format": 99}', 'has model format 99: only 1 is read here'),
    ],
)
def test_damaged_metadata_is_one_clear_error(text: str | None, message: str) -> None:
    with pytest.raises(UserError, match=message):
        ModelMetadata.from_json(text, 'a.file')


@pytest.mark.parametrize(
    ('changes', 'message'),
    [
        ({'input_width': 100}, 'input width is 100: multiples of 32'),
        ({'fx': 0.0}, 'model focal lengths are 0.0'),
        ({'network': {'skips': 'sum'}}, "unknown skips 'sum'"),
        ({'surprise': 1}, 'surprise'),
        ({'input_width': 32 * 10**9}, 'input width is 32000000000: multiples of 32 up to 8192'),
        ({'input_width': True}, 'input width is True'),
        ({'fx': float('inf')}, 'focal lengths are inf'),
        ({'fx': True}, 'focal lengths are True'),
        ({'mean': 'abc'}, 'mean is'),
        ({'mean': [0, 0]}, 'mean is'),
        ({'std': [1, 0, 1]}, 'a std above 0'),
        ({'max_depth': float('nan')}, 'depths are'),
        ({'name': 5}, 'name is 5: text is needed'),
        ({'quantisation': []}, r'quantisation is \[\]: a table is needed'),
        ({'network': {'decoder_widths': [10**12] * 5}}, 'whole numbers of 1 to 65536'),
        ({'network': {'error': 1}}, 'error is 1: true or false'),
        ({'max_depth': 10**400}, 'more than 64 bits'),
    ],
)
def test_impossible_metadata_is_refused(
    metadata: ModelMetadata, changes: dict, message: str
) -> None:
    with pytest.raises(UserError, match=message):
        ModelMetadata.from_json(metadata_json(metadata, **changes), 'a.file')


def test_metadata_survives_json(metadata: ModelMetadata) -> None:
    changed = replace(metadata, mean=(0.1, 0.2, 0.3), metrics={'val': {'count': 3}})
    assert ModelMetadata.from_json(changed.to_json(), '') == changed


@pytest.mark.parametrize('kind', ['BF16', 'F8_E4M3', 'I64'])
def test_weights_of_a_kind_that_numpy_lacks_are_one_error(
    tmp_path: Path, metadata: ModelMetadata, kind: str
) -> None:
    size = {'BF16': 2, 'F8_E4M3': 1, 'I64': 8}[kind]
    entry = {'dtype': kind, 'shape': [2], 'data_offsets': [0, 2 * size]}
    header = json.dumps({'__metadata__': {KEY: metadata.to_json()}, 'a': entry}).encode()
    path = tmp_path / 'a.safetensors'
    path.write_bytes(len(header).to_bytes(8, 'little') + header + bytes(2 * size))
    with pytest.raises(UserError, match=f"has 'a' as {kind}: a model file has F16 or F32"):
        load_model(path)
