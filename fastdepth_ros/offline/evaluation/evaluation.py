"""An estimator over a split of frames, by one protocol."""

from __future__ import annotations

import numpy as np

from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.data.frames import Frame
from fastdepth_ros.offline.evaluation.protocols import Score, score, score_constant, summarise


def as_shown(frame: Frame, protocol: str) -> Frame:
    """The frame as the protocol shows it to a network."""
    if protocol != 'fastdepth':
        return frame
    from fastdepth_ros.offline.training.transforms import (
        fastdepth_frame,  # torch; `full` needs none
    )

    return fastdepth_frame(frame)


class Evaluation:
    """Collects the scores of frames and their mean, and those of a constant depth beside them.

    The constant is the median depth of the model's training data: what a network must beat.
    """

    def __init__(self, estimator: DepthEstimator, protocol: str) -> None:
        self._estimator, self._protocol = estimator, protocol
        self._constant: float | None = estimator.metadata.training.get('median_depth')
        self._scores: list[Score] = []
        self._constant_scores: list[Score] = []
        self.without_depth = 0

    def add(self, frame: Frame) -> None:
        """Scores one frame; one without any true depth is only counted."""
        frame = as_shown(frame, self._protocol)
        image = np.ascontiguousarray(frame.rgb.transpose(1, 2, 0))
        depth = self._estimator.estimate(image, frame.intrinsics)
        result = score(depth, frame.depth, self._protocol)
        if result is None:
            self.without_depth += 1
            return
        self._scores.append(result)
        if self._constant is not None:
            constant = score_constant(self._constant, frame.depth, self._protocol)
            self._constant_scores += [constant] if constant else []

    def summary(self) -> dict[str, object]:
        """The JSON of `evaluate`; a UserError if no frame had any true depth."""
        if not self._scores:
            raise UserError('no frame could be scored: none has any valid depth')
        constant = summarise(self._constant_scores, self._protocol) if self._constant else None
        return {
            **summarise(self._scores, self._protocol),
            'without_depth': self.without_depth,
            'constant': constant and {'depth': self._constant, **constant},
        }
