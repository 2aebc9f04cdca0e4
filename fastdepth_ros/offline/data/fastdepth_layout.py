"""The FastDepth HDF5 layout: one file a frame, under train/<scene>/ and val/official/.

A frame holds `rgb` uint8 (3, H, W) and `depth` float (H, W) in metres, where 0 or NaN is a hole,
and may have the attributes `intrinsics` (fx, fy, cx, cy in pixels at H x W) and `scene`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.offline.data.frame import Frame, FrameRef, with_holes
from fastdepth_ros.offline.data.root import DataRoot, files_below

SUFFIXES = ('.h5',)
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
            rgb, depth = _dataset(file, self.path, 'rgb'), _dataset(file, self.path, 'depth')
            values = file.attrs.get('intrinsics')
            scene = self._scene_in(file)
        if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[0] != 3:
            raise UserError(f"'{self}': rgb is {rgb.dtype} {rgb.shape}, not uint8 (3, H, W)")
        if depth.dtype.kind != 'f' or depth.shape != rgb.shape[1:]:
            raise UserError(
                f"'{self}': depth is {depth.dtype} {depth.shape}, not float (H, W) of rgb"
            )
        camera = _intrinsics(values, rgb.shape, self.path)
        return Frame(rgb, with_holes(depth), camera, scene, self)

    def read_scene(self) -> str:
        """The attribute, without reading the pictures."""
        with opened(self.path) as file:
            return self._scene_in(file)

    def _scene_in(self, file: h5py.File) -> str:
        return self.scene or str(file.attrs.get('scene', self.path.parent.name))


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


@contextmanager
def opened(path: Path, shown: object = None) -> Iterator[h5py.File]:
    """An HDF5 file to read; what h5py says of a damaged one becomes a UserError about `shown`."""
    try:
        with h5py.File(path, 'r') as file:
            yield file
    except (OSError, RuntimeError, LookupError, ValueError) as error:
        text = ' '.join(str(error).split())
        raise UserError(f"'{shown or path}' is not a whole HDF5 file: {text}") from error


def _dataset(file: h5py.File, path: Path, name: str) -> np.ndarray:
    item = file.get(name)
    if not isinstance(item, h5py.Dataset):
        raise UserError(f"'{path}' has no dataset '{name}': rgb and depth are needed")
    return np.asarray(item[()])


def _intrinsics(values: object, shape: tuple[int, ...], path: Path) -> Intrinsics | None:
    if values is None:
        return None
    numbers = np.asarray(values)
    if numbers.shape != (4,) or numbers.dtype.kind not in 'fiu' or not (numbers[:2] > 0).all():
        raise UserError(f"'{path}': intrinsics are {values}, not fx, fy > 0, cx, cy in pixels")
    fx, fy, cx, cy = map(float, numbers)
    return Intrinsics(fx, fy, cx, cy, width=shape[2], height=shape[1])
