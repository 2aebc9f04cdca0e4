"""Every source of metric scale beside the depth: measured, filtered, applied, reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.metric_scale import invalidate
from fastdepth_ros.scale.calibration import ScaleCalibration
from fastdepth_ros.scale.evidence import Evidence, KnownFloor
from fastdepth_ros.scale.ground import GroundScale
from fastdepth_ros.scale.image_clock import ImageClock
from fastdepth_ros.scale.lean import column_factors
from fastdepth_ros.scale.measurement import GROUND, Rejection, ScaleMeasurement
from fastdepth_ros.scale.ranges import RangeScale
from fastdepth_ros.scale.running import RunningScale, Scale
from fastdepth_ros.scale.watch import SourceWatch

SAME_HEIGHT = 0.001  # m
LEAST_WINDOW = {'range': 2.0}  # s: a ranger has one return a time
UNCALIBRATED = 'the camera is not calibrated'
Outcome = ScaleMeasurement | Rejection


@dataclass(frozen=True)
class TrackerOptions:
    """What is measured, and how fast the scale may follow."""

    sources: Mapping[str, str]  # name -> what to look at when it is silent
    shift: bool = False
    window: float = 0.3  # s of ranges in one fit
    max_rate: float = 1.0  # share a second
    hold: float = 5.0  # s


class ScaleTracker:
    """The scale of one camera's depth, image by image; stamps and times in seconds."""

    def __init__(
        self, options: TrackerOptions, calibration: ScaleCalibration | None = None
    ) -> None:
        o = self._options = options
        self._calibration = calibration
        self._running, self._clock = RunningScale(o.max_rate, o.hold), ImageClock()
        self._ranges = {
            name: RangeScale(o.shift, max(o.window, LEAST_WINDOW.get(name, 0)), source=name)
            for name in o.sources
            if name != GROUND
        }
        self._ground: GroundScale | None = None
        self._watches = {name: SourceWatch(name, say, o.hold) for name, say in o.sources.items()}
        self._scale: Scale | None = None  # of the last image
        self._scaled: np.ndarray = np.empty((0, 0), np.float32)
        self._mask: np.ndarray = np.empty((0, 0), bool)
        self._last_rejection = 'none'

    def take_over(self, other: ScaleTracker) -> None:
        """Goes on from the other's scale: options that are changed make no jump."""
        self._running, self._clock = other._running, other._clock
        self._scale = other._scale
        self._running.configure(self._options.max_rate, self._options.hold)

    def correct(
        self,
        depth: np.ndarray,
        intrinsics: Intrinsics | None,
        stamp: float,
        evidence: Evidence | None,
        now: float,
    ) -> np.ndarray:
        """(h, w) float32 metres of the network's, scaled by what is known now; a kept buffer.

        `evidence` is measured first, so that an image has a scale of its own view; None measures
        nothing. `now` is of a steady clock, which tells the time where stamps do not. The
        calibration is written to `depth` itself.
        """
        if self._calibration is not None:
            self._calibration.apply(depth, depth)
        if not self._options.sources:
            return depth
        time = self._clock.at(stamp, now)
        if evidence is not None:
            self._observe(depth, intrinsics, time, evidence, now)
        scale = self._scale = self._running.at(time)
        if self._scaled.shape != depth.shape:
            self._scaled = np.empty(depth.shape, np.float32)
            self._mask = np.empty(depth.shape, bool)
        factor: np.ndarray | np.float32 = np.float32(scale.factor)
        if scale.lean and intrinsics is not None:
            factor = column_factors(scale.factor, scale.lean, intrinsics)
        np.multiply(depth, factor, out=self._scaled)
        if scale.shift:
            self._scaled += np.float32(scale.shift)
            invalidate(self._scaled, self._mask)  # what a shift brings behind the camera
        return self._scaled

    def _observe(
        self,
        depth: np.ndarray,
        intrinsics: Intrinsics | None,
        time: float,
        evidence: Evidence,
        now: float,
    ) -> None:
        for watch in self._watches.values():
            watch.asked(now)
        for outcome in self._measure(depth, intrinsics, time, evidence):
            self._running.update(outcome, time)
            reason = self._running.rejections.get(outcome.source)
            if reason is None:
                self._watches[outcome.source].accepted(now)
            else:
                self._watches[outcome.source].refused(now, reason)
                self._last_rejection = f'{outcome.source}: {reason}'

    def _measure(
        self, depth: np.ndarray, intrinsics: Intrinsics | None, time: float, evidence: Evidence
    ) -> Iterator[Outcome]:
        if evidence.floor is not None:
            yield self._by_ground(depth, intrinsics, evidence.floor)
        for name, points in evidence.points.items():
            if isinstance(points, str) or intrinsics is None:
                yield Rejection(name, points if isinstance(points, str) else UNCALIBRATED)
            else:
                yield self._ranges[name].measure(depth, intrinsics, points, time)

    def _by_ground(
        self, depth: np.ndarray, intrinsics: Intrinsics | None, floor: KnownFloor | str
    ) -> Outcome:
        if isinstance(floor, str) or intrinsics is None:
            return Rejection(GROUND, floor if isinstance(floor, str) else UNCALIBRATED)
        if self._ground is None or abs(floor.height - self._ground.height) > SAME_HEIGHT:
            self._ground = GroundScale(floor.height)
        return self._ground.measure(depth, intrinsics, floor.up)

    def problem(self, now: float) -> str:
        """What is wrong with the sources for long, '' where nothing is."""
        return '; '.join(filter(None, (watch.problem(now) for watch in self._watches.values())))

    def figures(self) -> dict[str, str]:
        """For diagnostics."""
        calibration = {'scale calibration': 'none' if self._calibration is None else 'file'}
        if not self._options.sources:
            return calibration | {'scale state': 'no source'}
        scale = self._scale
        if scale is None:
            return calibration | {'scale state': 'no image yet'}
        refused = ', '.join(f'{name} {w.rejected}' for name, w in self._watches.items())
        return calibration | {
            'scale state': scale.state,
            'scale factor': f'{scale.factor:.3f}',
            'scale shift (m)': f'{scale.shift:.3f}',
            'scale lean': f'{scale.lean:.3f}',
            'scale source': scale.source or 'none',
            'scale confidence': f'{scale.confidence:.2f}',
            'scale age (s)': f'{scale.age_s:.1f}',
            'scale rejections': refused,
            'scale last rejection': self._last_rejection,
        }
