"""A source of depth over a split of frames, by one protocol."""

from __future__ import annotations

from typing import Any

from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.data.frames import Frame
from fastdepth_ros.offline.evaluation.bands import Bands
from fastdepth_ros.offline.evaluation.distances import DistanceHistogram
from fastdepth_ros.offline.evaluation.protocols import (
    Score,
    align,
    score_aligned,
    score_constant,
    summarise,
)
from fastdepth_ros.offline.evaluation.results import ImageResult
from fastdepth_ros.offline.evaluation.shown import as_shown
from fastdepth_ros.offline.evaluation.sources import DepthSource, ModelSource
from fastdepth_ros.offline.evaluation.summary import summarise_images


class Evaluation:
    """Collects the scores of frames and their mean, and those of a constant depth beside them.

    The constant is the median depth of the model's training data: what a network must beat.
    """

    def __init__(
        self, source: DepthSource | DepthEstimator, protocol: str, bands: Bands = (), seed: int = 0
    ) -> None:
        """`seed` is the bootstrap's."""
        if isinstance(source, DepthEstimator):
            source = ModelSource(source, protocol)
        self.source, self.protocol = source, protocol
        self._bands, self._seed = bands, seed
        self._constant_scores: list[Score] = []
        self.images: list[ImageResult] = []
        self.distances = DistanceHistogram()
        self.without_depth: list[str] = []

    def add(self, frame: Frame, name: str = '') -> None:
        """Scores one frame; one without any true depth is left out."""
        target = as_shown(frame, self.protocol, name).depth
        aligned = align(self.source.depth(frame, name), target, self.protocol)
        result = score_aligned(aligned, self.protocol, self._bands)
        if result is None:
            self.without_depth.append(name)
            return
        self.images.append(ImageResult(name, frame.scene, result))
        self.distances.add(aligned)
        if self.source.constant is not None:
            constant = score_constant(self.source.constant, target, self.protocol)
            self._constant_scores += [constant] if constant else []

    def summary(self) -> dict[str, Any]:
        """The JSON of `evaluate`; a UserError if no frame had any true depth."""
        if not self.images:
            raise UserError('no frame could be scored: none has any valid depth')
        scores = self._constant_scores
        constant = summarise(scores, self.protocol) if scores else None
        return {
            **summarise_images(self.images, self.protocol, self._bands, self._seed),
            'without_depth': len(self.without_depth),
            'constant': constant and {'depth': self.source.constant, **constant},
        }
