"""Depth before and after each source of scale, scene by scene."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import groupby

import numpy as np

from fastdepth_ros.offline.evaluation.metrics import depth_metrics
from fastdepth_ros.offline.evaluation.protocols import align, median_scale
from fastdepth_ros.offline.scale.observations import Observation
from fastdepth_ros.scale.calibration import ScaleCalibration
from fastdepth_ros.scale.ground import GroundScale
from fastdepth_ros.scale.lean import column_factors
from fastdepth_ros.scale.measurement import Rejection, ScaleMeasurement
from fastdepth_ros.scale.ranges import RangeScale
from fastdepth_ros.scale.running import TRACKING, RunningScale, Scale
from fastdepth_ros.simulation.sensors import Mount, SensorOptions, lidar_row

GROUND, RANGES, SHIFT, CALIBRATION = SOURCES = 'ground', 'ranges', 'ranges+shift', 'calibration'
PROTOCOL = 'full'
LEAST_FRAMES = 10  # of a scene, to calibrate on its start and score the rest

Measured = tuple[ScaleMeasurement | Rejection, float]  # and the ms that it took


@dataclass
class Scored:
    """One frame under one source."""

    scene: str
    source: str
    before: dict[str, float]
    after: dict[str, float]
    best: dict[str, float]  # by the true median's factor: what no single factor is much above
    used: bool  # a measurement was there, and not only the last or 1
    ms: float  # of a core


@dataclass(frozen=True)
class StudyOptions:
    """What is studied."""

    sources: tuple[str, ...] = SOURCES
    sensors: SensorOptions = field(default_factory=SensorOptions)
    fps: float = 10.0  # of a scene's frames
    running: bool = False  # filtered over a scene's frames, not each frame by itself
    max_rate: float = 1.0  # of the running scale, as is the next
    window_s: float = 0.15
    calibration_share: float = 0.33
    seed: int = 0


def study(observations: Iterable[Observation], options: StudyOptions) -> list[Scored]:
    """Every frame under every source; frames without true depth are left out."""
    scored: list[Scored] = []
    for _, scene in groupby(observations, lambda o: o.scene):
        frames = list(scene)
        for source in options.sources:
            if source == CALIBRATION:
                scored += _calibrated(frames, options)
            else:
                scored += _measured(frames, source, options)
    return scored


def _calibrated(frames: list[Observation], options: StudyOptions) -> list[Scored]:
    """The start of a scene calibrates, the rest is scored."""
    first = round(len(frames) * options.calibration_share)
    if len(frames) < LEAST_FRAMES:
        return []
    calibration = ScaleCalibration.fit([(o.depth, o.truth_on_depth) for o in frames[:first]])
    scored = []
    for o in frames[first:]:
        out = np.empty_like(o.depth)
        start = time.thread_time()
        calibration.apply(o.depth, out)
        ms = 1e3 * (time.thread_time() - start)
        scored += score_both(o, CALIBRATION, out, True, ms)
    return scored


def _measured(frames: list[Observation], source: str, options: StudyOptions) -> list[Scored]:
    rng = np.random.default_rng(options.seed)
    measure = _ground(frames, options, rng) if source == GROUND else _ranges(source, options, rng)
    scored, running = [], RunningScale(options.max_rate, window_s=options.window_s)
    for k, o in enumerate(frames):
        stamp = k / options.fps
        found, ms = measure(o, stamp)
        scale: Scale | ScaleMeasurement | None
        if options.running:
            start = time.thread_time()
            running.update(found, stamp)
            scale = running.at(stamp)
            ms += 1e3 * (time.thread_time() - start)
            used = scale.state == TRACKING
        else:
            scale = None if isinstance(found, Rejection) else found
            used = scale is not None
        depth = o.depth
        if scale is not None:
            factors = column_factors(scale.factor, scale.lean, o.intrinsics)
            depth = depth * factors + np.float32(scale.shift)
        scored += score_both(o, source, depth, used, ms)
    return scored


def _ground(
    frames: list[Observation], options: StudyOptions, rng: np.random.Generator
) -> Callable[[Observation, float], Measured]:
    mount, ground = Mount(options.sensors, rng), GroundScale(1.0)
    mounts = [mount.of(o.truth, o.truth_intrinsics) for o in frames]
    by_frame = {id(o): found for o, found in zip(frames, mounts, strict=True)}
    heights = [found[1] for found in mounts if found]

    def measure(o: Observation, _stamp: float) -> Measured:
        found = by_frame[id(o)]
        if found is None:
            return Rejection(GROUND, 'the true depth shows no floor'), 0.0
        up, height = found
        # who walks through a scene keeps the camera at one height
        ground.height = float(np.median(heights)) if options.running else height
        start = time.thread_time()
        result = ground.measure(o.depth, o.intrinsics, up)
        return result, 1e3 * (time.thread_time() - start)

    return measure


def _ranges(
    source: str, options: StudyOptions, rng: np.random.Generator
) -> Callable[[Observation, float], Measured]:
    ranges = RangeScale(shift=source == SHIFT)
    if not options.running:  # frames that are judged by themselves share no window
        ranges = RangeScale(shift=source == SHIFT, window_s=0.5 / options.fps)

    def measure(o: Observation, stamp: float) -> Measured:
        points = lidar_row(o.truth, o.truth_intrinsics, options.sensors, rng)
        start = time.thread_time()
        result = ranges.measure(o.depth, o.intrinsics, points, stamp)
        return result, 1e3 * (time.thread_time() - start)

    return measure


def score_both(
    o: Observation, source: str, depth: np.ndarray, used: bool, ms: float
) -> list[Scored]:
    """The frame before and after, as `evaluate` has it; empty where it has no true depth."""
    before, after = align(o.depth, o.truth, PROTOCOL), align(depth, o.truth, PROTOCOL)
    valid = before.valid
    if not valid.any():
        return []
    best = before.prediction * median_scale(
        before.prediction, before.target, valid & before.usable
    )
    figures = (
        depth_metrics(a, o.truth, valid) for a in (before.prediction, after.prediction, best)
    )
    return [Scored(o.scene, source, next(figures), next(figures), next(figures), used, ms)]
