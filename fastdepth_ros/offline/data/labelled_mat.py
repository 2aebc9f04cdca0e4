"""The official NYU Depth V2 labelled set, nyu_depth_v2_labeled.mat, read as it is.

It is HDF5 (MATLAB v7.3), so every array is transposed: `images` uint8 (N, 3, W, H), `rawDepths`
and `depths` float (N, W, H) in metres, `scenes` references to text. `rawDepths` has the holes of
the sensor; in `depths` they are in-painted. splits.mat beside it holds the official split, counted
from 1. https://cs.nyu.edu/~silberman/datasets/nyu_depth_v2.html
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.offline.data.frame import Frame, FrameRef, with_holes
from fastdepth_ros.offline.data.hdf5 import check_picture, dataset, opened
from fastdepth_ros.offline.data.mat5 import read_numbers
from fastdepth_ros.offline.data.root import FILLED, RAW, DataRoot

NAME, SPLITS_NAME = 'nyu_depth_v2_labeled.mat', 'splits.mat'
DATASETS = {RAW: 'rawDepths', FILLED: 'depths'}
INDICES = {'train': 'trainNdxs', 'val': 'testNdxs'}
MOST_FRAMES = 100_000
LONGEST_NAME = 1000  # characters, of a scene
LARGEST_SPLITS = 1 << 20  # bytes; the official one has 2.6 kB
# The colour camera in the toolbox's camera_params.m, for images of 640 x 480; it is the one that
# models are trained for unless told otherwise.
NYU = Intrinsics(518.857901, 519.469611, 325.582449, 253.736166, 640, 480)


@dataclass(frozen=True)
class MatRef(FrameRef):
    """One frame of the set; `index` counts from 1, as splits.mat does."""

    path: Path
    index: int

    def __str__(self) -> str:
        return f'{self.path} frame {self.index} ({DATASETS[self.depth_kind]})'

    @property
    def files(self) -> tuple[Path, ...]:
        """The .mat file."""
        return (self.path,)

    @property
    def key(self) -> str:
        """File, dataset and index."""
        return f'{self.path.resolve()} {DATASETS[self.depth_kind]} {self.index}'

    def read(self) -> Frame:
        """Reads the one frame and turns it round."""
        with opened(self.path, self) as file:
            name = DATASETS[self.depth_kind]
            _checked_count(file, self.path, name)  # it may be another than when it was listed
            rgb = file['images'][self.index - 1].transpose(0, 2, 1)
            depth = file[name][self.index - 1].T
        camera = NYU if depth.shape == (NYU.height, NYU.width) else None
        scene = self.scene or self.path.stem
        return Frame(np.ascontiguousarray(rgb), with_holes(depth), camera, scene, self)


class LabelledRoot(DataRoot):
    """The .mat file with its official split."""

    def __init__(self, path: Path, depth: str) -> None:
        """`depth` is one of DEPTHS; a UserError if the file has not what it takes."""
        super().__init__(path)
        self._depth = depth
        with opened(path) as file:
            self._count = _checked_count(file, path, DATASETS[depth])
            self._scenes = _read_scenes(file, self._count)

    @classmethod
    def at(cls, path: Path, depth: str) -> LabelledRoot | None:
        """Of the file, or of the folder that holds it under its official name."""
        if path.suffix == '.mat' and path.is_file():
            return cls(path, depth)
        return cls(path / NAME, depth) if (path / NAME).is_file() else None

    @property
    def kind(self) -> str:
        """Names the depth, since a model that is scored on the other looks different."""
        return f'NYU Depth V2 labelled set, {self._depth} depth ({DATASETS[self._depth]})'

    def frames(self, split: str) -> list[FrameRef]:
        """In the order of splits.mat, which `all` does without."""
        if split == 'holdout':
            return []
        indices = range(1, self._count + 1) if split == 'all' else self._official(split)
        return [
            MatRef(
                self.path,
                i,
                name=f'{i:05d}',  # as the FastDepth authors name the same frames in val/official
                scene=self._scenes[i - 1],
                depth_kind=self._depth,
            )
            for i in indices
        ]

    def split_rule(self) -> str:
        """Where the split comes from."""
        splits = self.path.with_name(SPLITS_NAME)
        if splits.is_file():
            return f'by {splits.name}: train is trainNdxs, val is testNdxs'
        return f"'{splits}' is not here: only --split all can be read"

    def _official(self, split: str) -> list[int]:
        path = self.path.with_name(SPLITS_NAME)
        if not path.is_file():
            raise UserError(
                f"the {split} split of '{self.path}' is in splits.mat, which is not beside it: "
                'get it where the set is from, or choose --split all'
            )
        indices = _read_indices(path, INDICES[split])
        if indices and not 1 <= min(indices) <= max(indices) <= self._count:
            raise UserError(
                f"'{path}': {INDICES[split]} goes from {min(indices)} to {max(indices)}, but "
                f"'{self.path}' has the frames 1 to {self._count}"
            )
        return indices


def _checked_count(file: h5py.File, path: Path, depth: str) -> int:
    """How many frames; a UserError unless images and depths are what they should be."""
    images, depths = (
        dataset(file, path, name, 'the labelled NYU set has images, depths and rawDepths')
        for name in ('images', depth)
    )
    if images.dtype != np.uint8 or images.ndim != 4 or images.shape[1] != 3:
        raise UserError(
            f"'{path}': images is {images.dtype} {images.shape}, not uint8 (N, 3, W, H)"
        )
    count, _, width, height = images.shape
    if depths.dtype.kind != 'f' or depths.shape != (count, width, height):
        raise UserError(
            f"'{path}': {depth} is {depths.dtype} {depths.shape}, not float (N, W, H) of images"
        )
    check_picture(path, 'images', images.shape)
    if count > MOST_FRAMES:
        raise UserError(f"'{path}' says that it has {count} frames: {MOST_FRAMES} are allowed")
    return int(count)


def _read_scenes(file: h5py.File, count: int) -> list[str | None]:
    """Their names, as MATLAB keeps text: references to arrays of UTF-16; None where absent."""
    cells = file.get('scenes')
    if not isinstance(cells, h5py.Dataset) or cells.size != count or cells.dtype.kind != 'O':
        return [None] * count
    if h5py.check_ref_dtype(cells.dtype) is not h5py.Reference:
        return [None] * count
    return [_text(file[cell]) for cell in np.ravel(cells[()])]


def _text(cell: object) -> str:
    """Of an array of UTF-16."""
    if not isinstance(cell, h5py.Dataset) or cell.dtype.kind != 'u' or cell.size > LONGEST_NAME:
        raise ValueError('the name of a scene is no text')
    return np.ravel(cell[()]).astype('<u2').tobytes().decode('utf-16-le')


def _read_indices(path: Path, name: str) -> list[int]:
    try:
        if path.stat().st_size > LARGEST_SPLITS:
            raise ValueError(f'it has more than {LARGEST_SPLITS} bytes')
        values = read_numbers(path.read_bytes(), name)
    except (OSError, ValueError) as error:
        raise UserError(f"'{path}' cannot be read as a .mat file: {error}") from error
    if values is None or not values.size or not np.isfinite(values).all():
        raise UserError(f"'{path}' has no {name}: the official splits.mat holds both")
    return [int(i) for i in values]
