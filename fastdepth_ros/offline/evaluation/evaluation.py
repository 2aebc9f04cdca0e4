"""A source of depth over a split of frames, by one protocol."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.data.frames import Frame
from fastdepth_ros.offline.evaluation.bands import Bands
from fastdepth_ros.offline.evaluation.distances import DistanceHistogram
from fastdepth_ros.offline.evaluation.protocols import (
    Aligned,
    Score,
    align,
    score_aligned,
    score_constant,
    summarise,
)
from fastdepth_ros.offline.evaluation.results import ImageResult
from fastdepth_ros.offline.evaluation.risk import RiskCurves, on_truth
from fastdepth_ros.offline.evaluation.shown import as_shown
from fastdepth_ros.offline.evaluation.sources import DepthSource, ModelSource
from fastdepth_ros.offline.evaluation.summary import summarise_images


class Evaluation:
    """Collects the scores of frames and their mean, and those of a constant depth beside them.

    The constant is the median depth of the model's training data: what a network must beat.
    """

    def __init__(
        self,
        source: DepthSource | DepthEstimator,
        protocol: str,
        bands: Bands = (),
        seed: int = 0,
        max_error: float = 0.0,
    ) -> None:
        """`seed` is the bootstrap's. `max_error` leaves out what is expected to err more; 0: none.

        What is left out is not scored, and `coverage` tells how much that is.
        """
        if isinstance(source, DepthEstimator):
            source = ModelSource(source, protocol)
        self.source, self.protocol = source, protocol
        self._bands, self._seed, self._max_error = bands, seed, max_error
        self._constant_scores: list[Score] = []
        self.images: list[ImageResult] = []
        self.distances = DistanceHistogram()
        self.risk = RiskCurves(protocol)
        self.without_depth: list[str] = []
        self._coverage: list[float] = []  # of each image with depth

    def add(self, frame: Frame, name: str = '') -> None:
        """Scores one frame; one without any true depth is left out."""
        target = as_shown(frame, self.protocol, name).depth
        aligned = align(self.source.depth(frame, name), target, self.protocol)
        if not aligned.valid.any():
            self.without_depth.append(name)
            return
        if (error := self.source.error) is not None:  # enlarged each time that it is asked for
            aligned = self._weigh(aligned, on_truth(error, target))
        result = score_aligned(aligned, self.protocol, self._bands)
        if result is None:  # max_error has left out all of it
            return
        self.images.append(ImageResult(name, frame.scene, result))
        self.distances.add(aligned)
        if self.source.constant is not None:
            same = np.where(aligned.valid, target, 0)
            constant = score_constant(self.source.constant, same, self.protocol)
            self._constant_scores += [constant] if constant else []

    def _weigh(self, aligned: Aligned, expected: np.ndarray) -> Aligned:
        """Adds to the risk curves; what is left of an image by max_error."""
        self.risk.add(aligned, expected)
        if not self._max_error:
            return aligned
        kept = aligned.valid & (expected <= self._max_error)
        self._coverage.append(np.count_nonzero(kept) / np.count_nonzero(aligned.valid))
        return replace(aligned, valid=kept)

    def summary(self) -> dict[str, Any]:
        """The JSON of `evaluate`; a UserError if no frame had any true depth."""
        if self._coverage and not self.images:
            raise UserError(f'max_error {self._max_error:g} leaves out every pixel: raise it')
        if not self.images:
            raise UserError('no frame could be scored: none has any valid depth')
        scores = self._constant_scores
        constant = summarise(scores, self.protocol) if scores else None
        return {
            **summarise_images(self.images, self.protocol, self._bands, self._seed),
            'without_depth': len(self.without_depth),
            'max_error': self._max_error,
            'coverage': float(np.mean(self._coverage)) if self._coverage else 1.0,
            'constant': constant and {'depth': self.source.constant, **constant},
        }
