"""Every source of metric scale beside the depth: measured, filtered, applied, reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.scale.calibration import ScaleCalibration
from fastdepth_ros.scale.evidence import Evidence, Floor
from fastdepth_ros.scale.ground import GroundScale
from fastdepth_ros.scale.measurement import Rejection, ScaleMeasurement
from fastdepth_ros.scale.ranges import RangeScale
from fastdepth_ros.scale.running import RunningScale
from fastdepth_ros.scale.watch import SourceWatch

GROUND = 'ground'
SAME_HEIGHT = 0.001  # m
UNCALIBRATED = 'the camera is not calibrated'
Outcome = ScaleMeasurement | Rejection


@dataclass(frozen=True)
class TrackerOptions:
    """What is measured, and how fast the scale may follow."""

    sources: Mapping[str, str]  # name -> what to look at when it is silent
    shift: bool = False
    window: float = 2.0  # s
    max_rate: float = 0.1  # share a second
    hold: float = 10.0  # s


class ScaleTracker:
    """The scale of one camera's depth, image by image; stamps and times in seconds."""

    def __init__(
        self, options: TrackerOptions, calibration: ScaleCalibration | None = None
    ) -> None:
        o = self._options = options
        self.calibration = calibration
        self.running = RunningScale(o.max_rate, o.hold)
        self._ranges = {n: RangeScale(o.shift, o.window) for n in o.sources if n != GROUND}
        self._ground: GroundScale | None = None
        self._height = 0.0
        self.watches = {name: SourceWatch(name, say, o.hold) for name, say in o.sources.items()}
        self._stamp: float | None = None
        self._scaled: np.ndarray = np.empty((0, 0), np.float32)
        self.last_rejection = ''

    def correct(self, depth: np.ndarray, stamp: float) -> np.ndarray:
        """(h, w) float32 metres of the network's, at the scale known by now; a kept buffer.

        `depth` itself becomes what the calibration makes of it, for observe().
        """
        self._stamp = stamp
        if self.calibration is not None:
            self.calibration.apply(depth, depth)
        if not self._options.sources:
            return depth
        scale = self.running.at(stamp)
        if self._scaled.shape != depth.shape:
            self._scaled = np.empty(depth.shape, np.float32)
        np.multiply(depth, np.float32(scale.factor), out=self._scaled)
        if scale.shift:
            self._scaled += np.float32(scale.shift)
        return self._scaled

    def observe(
        self,
        depth: np.ndarray,
        intrinsics: Intrinsics | None,
        stamp: float,
        evidence: Evidence,
        now: float,
    ) -> None:
        """Learns from one image what the next ones are scaled by; `now` is of a steady clock."""
        for watch in self.watches.values():
            watch.asked(now)
        outcomes = list(self._measure(depth, intrinsics, stamp, evidence))
        for outcome in outcomes:
            self._note(outcome, now)
        good = [o for o in outcomes if isinstance(o, ScaleMeasurement)]
        if good:
            self.running.update(max(good, key=lambda m: m.confidence), stamp)
        elif outcomes:
            self.running.update(outcomes[0], stamp)

    def _measure(
        self, depth: np.ndarray, intrinsics: Intrinsics | None, stamp: float, evidence: Evidence
    ) -> Iterator[Outcome]:
        if evidence.floor is not None:
            yield self._by_ground(depth, intrinsics, evidence.floor)
        for name, points in evidence.points.items():
            if isinstance(points, str) or intrinsics is None:
                yield Rejection(name, points if isinstance(points, str) else UNCALIBRATED)
            else:
                found = self._ranges[name].measure(depth, intrinsics, points, stamp)
                yield named(name, found)

    def _by_ground(
        self, depth: np.ndarray, intrinsics: Intrinsics | None, floor: Floor | str
    ) -> Outcome:
        if isinstance(floor, str) or intrinsics is None:
            return Rejection(GROUND, floor if isinstance(floor, str) else UNCALIBRATED)
        if self._ground is None or abs(floor.height - self._height) > SAME_HEIGHT:
            self._ground, self._height = GroundScale(floor.height), floor.height
        return named(GROUND, self._ground.measure(depth, intrinsics, floor.up))

    def _note(self, outcome: Outcome, now: float) -> None:
        watch = self.watches[outcome.source]
        if isinstance(outcome, ScaleMeasurement):
            watch.accepted(now)
        else:
            watch.refused(now, outcome.reason)
            self.last_rejection = f'{outcome.source}: {outcome.reason}'

    def problem(self, now: float) -> str:
        """What is wrong with the sources for long, '' where nothing is."""
        return '; '.join(filter(None, (watch.problem(now) for watch in self.watches.values())))

    def figures(self) -> dict[str, str]:
        """For diagnostics."""
        calibrated = self.calibration is not None
        if not self._options.sources:
            return {'scale state': 'calibration file' if calibrated else 'off'}
        if self._stamp is None:
            return {'scale state': 'no image yet'}
        scale = self.running.at(self._stamp)
        return {
            'scale state': str(scale.state),
            'scale factor': f'{scale.factor:.3f}',
            'scale shift (m)': f'{scale.shift:.3f}',
            'scale source': scale.source or 'none',
            'scale confidence': f'{scale.confidence:.2f}',
            'scale age (s)': f'{scale.age_s:.1f}',
            'scale rejections': ', '.join(f'{w.name} {w.rejected}' for w in self.watches.values()),
            'scale last rejection': self.last_rejection or 'none',
            'scale calibration': 'file' if calibrated else 'none',
        }


def named(source: str, outcome: Outcome) -> Outcome:
    """The outcome as of this source: one RangeScale class serves several."""
    if isinstance(outcome, Rejection):
        return Rejection(source, outcome.reason)
    return ScaleMeasurement(outcome.factor, outcome.shift, outcome.confidence, source)
