"""The FastDepth HDF5 layout: one file a frame, under train/<scene>/ and val/official/.

A frame holds `rgb` uint8 (3, H, W) and `depth` float (H, W) in metres, where 0 or NaN is a hole,
and may have the attributes `intrinsics` (fx, fy, cx, cy in pixels at H x W) and `scene`.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.offline.data.frame import Frame, FrameRef, with_holes
from fastdepth_ros.offline.data.hdf5 import (
    check_picture,
    dataset,
    numbers_attribute,
    opened,
    text_attribute,
)
from fastdepth_ros.offline.data.root import DataRoot, files_below

SUFFIXES = ('.h5',)
DATASETS = ('rgb', 'depth')
FOLDERS = ('train', 'val')
# The FastDepth authors keep these two frames of every training scene for tuning.
HOLDOUT_NAMES = frozenset({'00001.h5', '00201.h5'})


@dataclass(frozen=True)
class Hdf5Ref(FrameRef):
    """A frame that is an HDF5 file."""

    path: Path

    def __str__(self) -> str:
        return str(self.path)

    @property
    def files(self) -> tuple[Path, ...]:
        """The one file."""
        return (self.path,)

    @property
    def key(self) -> str:
        """Its path."""
        return str(self.path.resolve())

    def read(self) -> Frame:
        """Reads and checks it."""
        with opened(self.path) as file:
            rgb, depth = (
                dataset(file, self.path, name, 'rgb and depth are needed') for name in DATASETS
            )
            self._check(rgb, depth)
            values = numbers_attribute(file, 'intrinsics', 4)
            scene = self._scene_in(file)
            rgb, depth = np.asarray(rgb[()]), np.asarray(depth[()])
        camera = _intrinsics(values, rgb.shape, self.path)
        return Frame(rgb, with_holes(depth), camera, scene, self)

    def read_scene(self) -> str:
        """The attribute, without reading the pictures."""
        with opened(self.path) as file:
            return self._scene_in(file)

    def _check(self, rgb: h5py.Dataset, depth: h5py.Dataset) -> None:
        if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[0] != 3:
            raise UserError(f"'{self}': rgb is {rgb.dtype} {rgb.shape}, not uint8 (3, H, W)")
        if depth.dtype.kind != 'f' or depth.shape != rgb.shape[1:]:
            raise UserError(
                f"'{self}': depth is {depth.dtype} {depth.shape}, not float (H, W) of rgb"
            )
        check_picture(self.path, 'rgb', rgb.shape)

    def _scene_in(self, file: h5py.File) -> str:
        return self.scene or text_attribute(file, 'scene') or self.path.parent.name


class FastDepthRoot(DataRoot):
    """A folder with train/ or val/ that holds .h5 files."""

    kind = 'FastDepth HDF5 layout'

    @classmethod
    def at(cls, path: Path) -> FastDepthRoot | None:
        """The root, if it is one."""
        found = (file for name in FOLDERS for file in files_below(path / name, SUFFIXES))
        return cls(path) if next(found, None) else None

    def frames(self, split: str) -> list[FrameRef]:
        """Sorted by path."""
        if split == 'all':
            return [ref for name in FOLDERS for ref in self._files(name, self.path)]
        if split == 'val':
            return self._files('val', self.path / 'val')
        held_out = split == 'holdout'
        refs = self._files('train', self.path / 'train')
        return [r for r in refs if (r.files[0].name in HOLDOUT_NAMES) == held_out]

    def _files(self, folder: str, base: Path) -> list[FrameRef]:
        """Those of train/ or val/, named relative to `base`."""
        refs: list[FrameRef] = []
        for path in sorted(files_below(self.path / folder, SUFFIXES)):
            name = path.relative_to(base).with_suffix('').as_posix()
            room = path.parent.relative_to(self.path / folder).as_posix()
            scene = None if folder == 'val' or room == '.' else room  # val/official is no scene
            refs.append(Hdf5Ref(path, name=name, scene=scene))
        return refs


def _intrinsics(
    values: list[float] | str | None, shape: tuple[int, ...], path: Path
) -> Intrinsics | None:
    if values is None:
        return None
    if isinstance(values, str) or not (np.isfinite(values).all() and min(values[:2]) > 0):
        raise UserError(f"'{path}': intrinsics are {values}, not fx, fy > 0, cx, cy in pixels")
    fx, fy, cx, cy = values
    return Intrinsics(fx, fy, cx, cy, width=shape[2], height=shape[1])
