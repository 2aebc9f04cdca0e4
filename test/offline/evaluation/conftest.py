"""A data root with scenes."""

from __future__ import annotations

from pathlib import Path

import pytest
from support import write_frame


@pytest.fixture
def scene_root(tmp_path: Path) -> Path:
    """Six validation frames (60 x 80) of three scenes, 00000 to 00005, with intrinsics."""
    h5py = pytest.importorskip('h5py')
    for i in range(6):
        path = tmp_path / f'scenes/val/official/0000{i}.h5'
        write_frame(path, i, (70.0, 70.0, 40.0, 30.0))
        with h5py.File(path, 'a') as file:
            file.attrs['scene'] = f'room{i // 2}'
    return tmp_path / 'scenes'
