"""What the demo measures: frames lost, rate, latency, and how close the depth is to the truth."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from fastdepth_ros.offline.evaluation.protocols import Score, score, score_constant, summarise

PROTOCOL = 'full'
RECENT = 500  # answered frames to remember, for their CameraInfo that comes late


class FrameCount:
    """Counts the camera's frames, by stamp, that brought no depth since the first that did."""

    def __init__(self) -> None:
        self.answers = 0
        self._newest = 0
        self._first = 0
        self._waiting: set[int] = set()
        self._recent: deque[int] = deque(maxlen=RECENT)

    def published(self, stamp: int) -> None:
        """The camera has sent this frame; may be said more than once, and late."""
        if self.answers and stamp > self._first and stamp not in self._recent:
            self._waiting.add(stamp)

    def answered(self, stamp: int) -> None:
        """Its depth has come."""
        self._first = self._first or stamp
        self.answers += 1
        self._newest = max(self._newest, stamp)
        self._waiting.discard(stamp)
        self._recent.append(stamp)

    @property
    def lost(self) -> int:
        """Frames that brought no depth although a later one did."""
        return sum(stamp < self._newest for stamp in self._waiting)


@dataclass(frozen=True)
class Sample:
    """One frame whole."""

    image: np.ndarray  # (H, W, 3) uint8 RGB
    depth: np.ndarray  # (h, w) float32 metres
    truth: np.ndarray | None  # (H, W) float32 metres, NaN where unknown


class SpreadSamples:
    """At most `limit` samples of an endless run, spread evenly over it."""

    def __init__(self, limit: int = 48) -> None:
        self.kept: list[Sample] = []
        self._limit = limit
        self._step, self._seen = 1, 0

    def add(self, sample: Sample) -> None:
        """Keeps every step-th sample; the step doubles when they become too many."""
        if self._seen % self._step == 0:
            self.kept.append(sample)
        self._seen += 1
        if len(self.kept) > self._limit:
            self.kept = self.kept[::2]
            self._step *= 2


@dataclass(frozen=True)
class Accuracy:
    """Depth against the truth over the samples that have one, under protocol `full`."""

    network: dict[str, object]  # as `evaluate --json` writes them
    constant: dict[str, object] | None  # the same depth everywhere, without looking
    typical: Sample  # the one of median AbsRel


def measure_accuracy(samples: list[Sample], constant: float | None) -> Accuracy | None:
    """None where no sample has a valid truth. `constant`: the model's training median, metres."""
    scored = [(s, score(s.depth, s.truth, PROTOCOL)) for s in samples if s.truth is not None]
    good = [(sample, figures) for sample, figures in scored if figures is not None]
    if not good:
        return None
    good.sort(key=lambda pair: pair[1].metric['absrel'])
    return Accuracy(
        summarise([figures for _, figures in good], PROTOCOL),
        None if constant is None else _constant_figures([s for s, _ in good], constant),
        good[len(good) // 2][0],
    )


def _constant_figures(samples: list[Sample], constant: float) -> dict[str, object]:
    scores: list[Score] = []
    for sample in samples:
        assert sample.truth is not None
        figures = score_constant(constant, sample.truth, PROTOCOL)
        assert figures is not None  # it was not for the network's depth
        scores.append(figures)
    return summarise(scores, PROTOCOL)
