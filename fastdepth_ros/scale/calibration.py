"""A camera's scale, measured once and saved: a factor, or a curve where the data supports one."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from fastdepth_ros.documents import read_yaml
from fastdepth_ros.errors import UserError
from fastdepth_ros.files import write_atomically
from fastdepth_ros.scale.curve import CurveTable, evaluate, fit_curve
from fastdepth_ros.thinning import thinned

KIND = 'fastdepth_ros scale calibration'
SAMPLES = 500  # of a frame at most, so that frames weigh the same
LEAST_SAMPLES = 8  # of a frame
FOLDS = 5
CURVE_FRAMES = 20  # fewer support no curve
CURVE_SPAN = 2.0  # far depth over near depth: less supports no curve
CURVE_KNOTS = (2, 3, 4, 6)
GAIN = 0.02  # share of the error over frames left out by which more knots must win
REMEDY = 'write it anew with save()'

Pairs = Sequence[tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True)
class ScaleCalibration:
    """What to do with the depth that a model predicts on one camera."""

    factor: float
    curve: tuple[tuple[float, float], ...] = ()  # (predicted, true) m, both rising; (): factor
    camera: str = ''
    model: str = ''
    frames: int = 0
    residual: float = 0.0  # mean |ln(true / corrected)| over frames left out of the fit
    _table: CurveTable | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """A UserError names a value that cannot be."""
        if not 0 < self.factor < math.inf:
            raise UserError(f'factor is {self.factor}: more than 0 is needed')
        points = np.asarray(self.curve, np.float64).reshape(-1, 2)
        rising = len(points) != 1 and np.isfinite(points).all() and (np.diff(points, axis=0) > 0)
        if not np.all(rising) or not (points > 0).all():
            raise UserError('curve is no list of two or more [predicted, true] that rise')
        object.__setattr__(self, '_table', CurveTable(self.curve) if self.curve else None)

    def apply(self, depth: np.ndarray, out: np.ndarray) -> np.ndarray:
        """(h, w) float32 m, NaN = none, into `out`, which may be `depth`; returns it."""
        if self._table:
            return self._table.apply(depth, out)
        return np.multiply(depth, np.float32(self.factor), out=out)

    @classmethod
    def fit(cls, pairs: Pairs, camera: str = '', model: str = '') -> ScaleCalibration:
        """From (predicted, true) depths in m of each frame, two (n,) arrays, in order of time.

        A curve is taken where it predicts frames better that it was not fitted to. UserError
        where no frame has enough samples.
        """
        frames = [log_samples(*pair) for pair in pairs]
        frames = [f for f in frames if len(f) >= LEAST_SAMPLES]
        if not frames:
            raise UserError(
                f'nothing to calibrate from: no frame has {LEAST_SAMPLES} pixels with both depths'
            )
        samples = np.concatenate(frames)
        knots, residual = choose_knots(frames)
        curve = np.exp(fit_curve(samples[:, 0], samples[:, 1], knots)).tolist() if knots else []
        factor = math.exp(float(np.median(samples[:, 1] - samples[:, 0])))
        points = tuple((p, t) for p, t in curve)
        return cls(factor, points, camera, model, len(frames), residual)

    def save(self, path: Path) -> None:
        """As YAML; UserError where it cannot be written."""
        import yaml

        values = {
            'kind': KIND,
            'camera': self.camera,
            'model': self.model,
            'frames': self.frames,
            'residual': round(self.residual, 5),
            'factor': round(self.factor, 6),
            'curve': [[round(p, 5), round(t, 5)] for p, t in self.curve],
        }
        text = yaml.safe_dump(values, sort_keys=False, default_flow_style=None)
        write_atomically(Path(path), text.encode())

    @classmethod
    def load(cls, path: Path) -> ScaleCalibration:
        """From YAML; UserError says what is wrong with the file."""
        try:
            values = read_yaml(Path(path))
        except OSError as error:
            raise UserError(f"calibration '{path}' cannot be read: {error.strerror}") from error
        except ValueError as error:
            raise UserError(f"calibration '{path}' is no YAML: {REMEDY}") from error
        if not isinstance(values, dict) or values.get('kind') != KIND:
            raise UserError(f"calibration '{path}' has no 'kind: {KIND}': {REMEDY}")
        try:
            return cls._parse(values)
        except UserError as error:
            raise UserError(f"calibration '{path}': {error}; {REMEDY}") from error
        except (KeyError, OverflowError, TypeError, ValueError) as error:
            raise UserError(
                f"calibration '{path}': factor is a number, curve a list of "
                f'[predicted, true]; {REMEDY}'
            ) from error

    @classmethod
    def _parse(cls, values: dict[str, Any]) -> ScaleCalibration:
        return cls(
            float(values['factor']),
            tuple((float(p), float(t)) for p, t in values.get('curve') or ()),
            str(values.get('camera', '')),
            str(values.get('model', '')),
            int(values.get('frames', 0)),
            float(values.get('residual', 0)),
        )


def sampled(predicted: np.ndarray, true: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """((n,), (n,)): of the pixels of a frame that have both depths SAMPLES at most, evenly spread.

    Of what it gave it leaves out nothing.
    """
    p, t = (np.asarray(a).ravel() for a in (predicted, true))
    both = np.flatnonzero((p > 0) & (t > 0) & np.isfinite(p) & np.isfinite(t))
    kept = thinned(both, SAMPLES)
    return p[kept], t[kept]


def log_samples(predicted: np.ndarray, true: np.ndarray) -> np.ndarray:
    """(n, 2) logarithms of evenly spread samples that have both depths."""
    return np.log(np.stack(sampled(predicted, true), 1).astype(np.float64))


def choose_knots(frames: list[np.ndarray]) -> tuple[int, float]:
    """(knots of the curve, or 0 for a factor; its error over frames left out)."""
    best, error = 0, error_left_out(frames, 0)
    near, far = np.exp(np.quantile(np.concatenate(frames)[:, 0], (0.05, 0.95)))
    if len(frames) < CURVE_FRAMES or far < CURVE_SPAN * near:
        return best, error
    for knots in CURVE_KNOTS:
        other = error_left_out(frames, knots)
        if other < error * (1 - GAIN):
            best, error = knots, other
    return best, error


def error_left_out(frames: list[np.ndarray], knots: int) -> float:
    """Mean |ln(true / corrected)|, cross-validated.

    Folds are stretches of time, for neighbouring frames are too alike to test one another.
    """
    if len(frames) < 2:
        off = frames[0][:, 1] - frames[0][:, 0]
        return float(np.abs(off - np.median(off)).mean())
    errors = []
    for part in np.array_split(np.arange(len(frames)), min(FOLDS, len(frames))):
        left_out = set(part.tolist())
        x, y = np.concatenate([f for i, f in enumerate(frames) if i not in left_out]).T
        for i in part:
            p, t = frames[i].T
            fitted = evaluate(fit_curve(x, y, knots), p) if knots else p + np.median(y - x)
            errors.append(float(np.abs(t - fitted).mean()))
    return float(np.mean(errors))
