"""The FastDepth HDF5 layout: one file a frame, under train/<scene>/ and val/official/.

A frame holds `rgb` uint8 (3, H, W) and `depth` float (H, W) in metres, where 0 or NaN is a hole,
and may have the attributes `intrinsics` (fx, fy, cx, cy in pixels at H x W) and `scene`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from fastdepth_ros.errors import UserError, check_choice
from fastdepth_ros.geometry.intrinsics import Intrinsics

SPLITS = ('train', 'val', 'holdout')
# The FastDepth authors keep these two frames of every training scene for tuning.
HOLDOUT_NAMES = frozenset({'00001.h5', '00201.h5'})


@dataclass(frozen=True)
class Frame:
    """One measured picture: rgb uint8 (3, H, W), depth float32 (H, W) in metres, 0 = no depth."""

    rgb: np.ndarray
    depth: np.ndarray
    intrinsics: Intrinsics | None
    scene: str
    path: Path


def list_frames(root: Path, split: str) -> list[Path]:
    """The frame files of one split in order; a UserError if there are none."""
    check_choice('split', split, SPLITS)
    folder = root / ('val' if split == 'val' else 'train')
    paths = sorted(folder.rglob('*.h5'))
    if split != 'val':
        paths = [p for p in paths if (p.name in HOLDOUT_NAMES) == (split == 'holdout')]
    if not paths:
        raise UserError(
            f"no {split} frames in '{root}': the FastDepth layout has .h5 files under "
            'train/<scene>/ and val/official/'
        )
    return paths


def read_frame(path: Path) -> Frame:
    """Reads one file; a UserError that names it if it is damaged or of another kind."""
    try:
        with h5py.File(path, 'r') as file:
            rgb, depth = _dataset(file, path, 'rgb'), _dataset(file, path, 'depth')
            values = file.attrs.get('intrinsics')
            scene = str(file.attrs.get('scene', path.parent.name))
    except (OSError, RuntimeError) as error:
        raise UserError(f"'{path}' is not a whole HDF5 file: {error}") from error
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[0] != 3:
        raise UserError(f"'{path}': rgb is {rgb.dtype} {rgb.shape}, not uint8 (3, H, W)")
    if depth.dtype.kind != 'f' or depth.shape != rgb.shape[1:]:
        raise UserError(f"'{path}': depth is {depth.dtype} {depth.shape}, not float (H, W) of rgb")
    usable = np.isfinite(depth) & (depth > 0)
    depth = np.where(usable, depth, 0).astype(np.float32)
    return Frame(rgb, depth, _intrinsics(values, rgb.shape, path), scene, path)


def _dataset(file: h5py.File, path: Path, name: str) -> np.ndarray:
    item = file.get(name)
    if not isinstance(item, h5py.Dataset):
        raise UserError(f"'{path}' has no dataset '{name}': rgb and depth are needed")
    return item[()]


def _intrinsics(values: object, shape: tuple[int, ...], path: Path) -> Intrinsics | None:
    if values is None:
        return None
    numbers = np.asarray(values)
    if numbers.shape != (4,) or numbers.dtype.kind not in 'fiu' or not (numbers[:2] > 0).all():
        raise UserError(f"'{path}': intrinsics are {values}, not fx, fy > 0, cx, cy in pixels")
    fx, fy, cx, cy = map(float, numbers)
    return Intrinsics(fx, fy, cx, cy, width=shape[2], height=shape[1])
