"""A state of a run that lies about its tensors, under a right checksum."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import pytest

torch = pytest.importorskip('torch')

from safetensors.torch import save  # noqa: E402

from fastdepth_ros.errors import UserError  # noqa: E402
from fastdepth_ros.offline.training.state_file import (  # noqa: E402
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
    entries = {'format': 1, 'number': 1, 'strides': {'a': [1, 2]}, 'values': {}, **changes}
    text = json.dumps(entries) if entries['values'] != '[' else '[' * 100_000
    _, body = _parts(save(tensors))
    data = save(tensors, {'state': text, 'crc32': str(zlib.crc32(body, _crc(text)))})
    (tmp_path / SLOTS[0]).write_bytes(data)
    with pytest.raises(UserError, match='is damaged'):
        StateFiles(tmp_path).load()
