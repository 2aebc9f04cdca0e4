"""Writing frames: the HDF5 files that offline/data/frames.py reads, each whole or not at all."""

from __future__ import annotations

import io
from pathlib import Path

import h5py
import numpy as np

from fastdepth_ros.files import write_atomically
from fastdepth_ros.geometry.intrinsics import Intrinsics


def frame_path(out: Path, split: str, scene: str, stamp: int) -> Path:
    """Where the frame of that stamp (ns) goes; never one of the authors' two holdout names."""
    if split == 'val':
        return out / 'val' / 'official' / f'{scene}_{stamp:019d}.h5'
    return out / 'train' / scene / f'{stamp:019d}.h5'


def write_frame(
    path: Path, rgb: np.ndarray, depth: np.ndarray, camera: Intrinsics, scene: str, source: str
) -> None:
    """(h, w, 3) uint8 RGB and (h, w) float32 metres, 0 = none; a UserError if the disk is full.

    `source` is who made the frame, kept as its attribute `set`.
    """
    buffer = io.BytesIO()
    with h5py.File(buffer, 'w') as file:
        file['rgb'] = rgb.transpose(2, 0, 1)
        file.create_dataset('depth', data=depth, compression='gzip', compression_opts=1)
        file.attrs.update(
            intrinsics=[camera.fx, camera.fy, camera.cx, camera.cy],
            scene=scene,
            set=source,
            frame=path.stem,
        )
    write_atomically(path, buffer.getvalue())
