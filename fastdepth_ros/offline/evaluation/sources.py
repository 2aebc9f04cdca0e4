"""Where the depth that is scored comes from: a model, or files that another system has written."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from fastdepth_ros.arrays import read_npy
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.data.frames import Frame
from fastdepth_ros.offline.evaluation.shown import as_shown
from fastdepth_ros.pictures.decoding import decode

SUFFIXES = ('.npy', '.png')
MILLIMETRE = np.float32(1e-3)  # m


class DepthSource(ABC):
    """Gives a depth image for a frame."""

    constant: float | None = None  # m: the training data's median depth, a baseline

    @abstractmethod
    def depth(self, frame: Frame, name: str) -> np.ndarray:
        """(h, w) float32 metres of what the protocol shows; the next call may reuse it."""

    @property
    def error(self) -> np.ndarray | None:
        """The |log error| expected of what depth() returned last, float32 over the same picture.

        None where the source does not tell it.
        """
        return None

    @abstractmethod
    def describe(self) -> dict[str, Any]:
        """What it is, for result files."""


class ModelSource(DepthSource):
    """A model on an engine."""

    def __init__(self, estimator: DepthEstimator, protocol: str) -> None:
        self._estimator, self._protocol = estimator, protocol
        self.constant = estimator.metadata.training.get('median_depth')

    def depth(self, frame: Frame, name: str) -> np.ndarray:
        """By the network, scaled to the frame's focal length where that is known."""
        shown = as_shown(frame, self._protocol, name)
        image = np.ascontiguousarray(shown.rgb.transpose(1, 2, 0))
        return self._estimator.estimate(image, shown.intrinsics)

    @property
    def error(self) -> np.ndarray | None:
        """What the network says."""
        return self._estimator.expected_error()

    def describe(self) -> dict[str, Any]:
        """Engine and precision as they run."""
        engine = self._estimator.engine
        return {
            'model_name': engine.metadata.name,
            'engine': engine.name,
            'precision': engine.precision,
            'threads': engine.num_threads,
            'flip': self._estimator.flip,
        }


class StoredDepth(DepthSource):
    """Depth maps in a folder: NAME.npy, float metres, or NAME.png, 16-bit millimetres.

    NAME is the frame's path under its split, or its last part alone where only one frame has it.
    NaN, infinity and what is <= 0 mean that there is no prediction.
    """

    def __init__(self, folder: Path, names: Sequence[str], protocol: str) -> None:
        """A UserError if a file is missing: how many are, and the first."""
        if not folder.is_dir():
            raise UserError(f"no folder of predictions '{folder}'")
        self._folder, self._protocol = folder, protocol
        stems = Counter(Path(name).name for name in names)
        files = {name: self._find(name, stems[Path(name).name] == 1) for name in names}
        self._files = {name: file for name, file in files.items() if file}
        missing = [name for name in names if name not in self._files]
        if missing:
            raise UserError(
                f"{len(missing)} of {len(names)} predictions are missing in '{folder}', first "
                f"'{missing[0]}': {missing[0]}.npy (metres) or .png (16-bit millimetres) is needed"
            )

    def _find(self, name: str, stem_is_unique: bool) -> Path | None:
        bases = [name, Path(name).name] if stem_is_unique else [name]
        files = [self._folder / f'{base}{suffix}' for base in bases for suffix in SUFFIXES]
        return next((file for file in files if file.is_file()), None)

    def depth(self, frame: Frame, name: str) -> np.ndarray:
        """The stored map: of the frame, or of what the protocol shows of it; any resolution."""
        file, shown = self._files[name], as_shown(frame, self._protocol, name)
        depth = read_depth(file)
        if depth.shape == frame.depth.shape:
            return as_shown(replace(frame, depth=depth), self._protocol).depth
        if not same_proportions(depth.shape, shown.depth.shape):
            height, width = frame.depth.shape
            raise UserError(
                f"'{file}' is {depth.shape[1]} x {depth.shape[0]}: the frame's {width} x {height} "
                'is needed, or its proportions'
            )
        return depth

    def describe(self) -> dict[str, Any]:
        """The folder; no engine ran."""
        return {'engine': None, 'precision': None, 'predictions': str(self._folder)}


def read_depth(file: Path) -> np.ndarray:
    """(h, w) float32 metres of an .npy or a 16-bit .png; a UserError names what is wrong."""
    if file.suffix == '.png':
        pixels = _pixels(file)
        if pixels.dtype != np.uint16 or pixels.ndim != 2:
            raise UserError(
                f"'{file}' is {pixels.dtype} {pixels.shape}: a PNG of 16-bit millimetres is needed"
            )
        return pixels * MILLIMETRE
    try:
        values = read_npy(file)
    except (OSError, ValueError) as error:
        raise UserError(f"'{file}' is not a whole .npy file: {error}") from error
    if values.dtype.kind != 'f' or values.ndim != 2:
        raise UserError(
            f"'{file}' is {values.dtype} {values.shape}: float (H, W) in metres is needed"
        )
    return values.astype(np.float32)


def _pixels(file: Path) -> np.ndarray:
    try:
        return decode(file.read_bytes(), cv2.IMREAD_UNCHANGED)
    except (OSError, UserError) as error:
        raise UserError(
            f"'{file}' is damaged ({error}): a PNG of 16-bit millimetres is needed"
        ) from error


def same_proportions(a: tuple[int, ...], b: tuple[int, ...]) -> bool:
    """Whether one (h, w) is the other resized, give or take half a pixel of the smaller one."""
    small, large = sorted((a, b))
    if not all(small):
        return False
    return abs(small[0] * large[1] / large[0] - small[1]) <= 1
