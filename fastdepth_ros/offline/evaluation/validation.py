"""The figures that a model file keeps of its validation split."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tqdm import tqdm

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.offline.data.frames import FrameRef, depth_kind
from fastdepth_ros.offline.data.good_frames import good_frames
from fastdepth_ros.offline.evaluation.evaluation import Evaluation
from fastdepth_ros.offline.evaluation.risk import in_brief


def validate(
    estimator: DepthEstimator,
    protocol: str,
    paths: Sequence[FrameRef],
    bad: BadFrames,
    alive: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """The figures of `evaluate` for these frames; calls `alive` at each."""
    evaluation = Evaluation(estimator, protocol)
    for frame in good_frames(tqdm(paths, unit='image', desc='validation', leave=False), bad):
        evaluation.add(frame)
        alive()
    risk = evaluation.risk.summary()
    return {
        **evaluation.summary(),
        **({'expected_error': in_brief(risk)} if risk else {}),
        'split': 'val',
        'depth': depth_kind(paths),
        'engine': estimator.engine.name,
        'precision': estimator.engine.precision,
        'skipped': len(bad.seen),
    }
