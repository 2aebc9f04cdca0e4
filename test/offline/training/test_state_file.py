"""A state of a run that lies about its tensors, under a right checksum."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

torch = pytest.importorskip('torch')

from safetensors.torch import save  # noqa: E402

from fastdepth_ros.errors import UserError  # noqa: E402
from fastdepth_ros.offline.training.state_file import (  # noqa: E402
    FORMAT,
    SLOTS,
    StateFiles,
    _crc,
    _parts,
)


@pytest.mark.parametrize(
    'changes',
    [
        {'strides': {'a': [2**50, 1]}},
        {'strides': {'a': [1, 1]}},
        {'strides': {'a': [3, 0]}},
        {'strides': {'a': [1]}},
        {'strides': {'a': [-3, 1]}},
        {'strides': 5},
        {'number': 'x'},
        {'number': 0},
        {'values': 5},
        {'values': '['},
    ],
)
def test_it_is_damaged(changes: dict, tmp_path: Path) -> None:
    tensors = {'a': torch.zeros(2, 3)}
    entries = {'format': FORMAT, 'number': 1, 'strides': {'a': [1, 2]}, 'values': {}, **changes}
    text = json.dumps(entries) if entries['values'] != '[' else '[' * 100_000
    crc = _crc(*_parts(save(tensors, {'state': text})))
    data = save(tensors, {'state': text, 'crc32': str(crc)})
    (tmp_path / SLOTS[0]).write_bytes(data)
    with pytest.raises(UserError, match='is damaged'):
        StateFiles(tmp_path).load()
