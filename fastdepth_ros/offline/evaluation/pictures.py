"""The best, median and worst pictures of an evaluation: image, truth, prediction, error."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import matplotlib as mpl
import numpy as np

from fastdepth_ros.offline.data.frames import Frame
from fastdepth_ros.offline.evaluation.protocols import Aligned, align
from fastdepth_ros.offline.evaluation.results import ImageResult
from fastdepth_ros.offline.evaluation.shown import as_shown
from fastdepth_ros.offline.evaluation.sources import DepthSource
from fastdepth_ros.pictures.depth_colours import DepthColours

EACH = 3
WIDTH = 320  # px of a picture
WORST_ERROR = 0.5  # of the truth: full colour, and beyond
NO_TRUTH = (90, 90, 90)  # BGR


@dataclass(frozen=True)
class Panel:
    """One frame's pictures: JPEG and PNG files."""

    result: ImageResult
    far: float  # m that is yellow
    image: bytes
    truth: bytes
    prediction: bytes
    error: bytes


def choose(images: list[ImageResult], each: int = EACH) -> dict[str, list[ImageResult]]:
    """The best, median and worst by metric AbsRel, up to `each` of them and no image twice."""
    ranked = sorted(images, key=lambda image: image.score.metric['absrel'])
    each = min(each, max(1, len(ranked) // 3))
    middle = (len(ranked) - each) // 2
    groups = {
        'best': ranked[:each],
        'median': ranked[middle : middle + each],
        'worst': ranked[::-1][:each],
    }
    if len(ranked) >= 3 * each:
        return groups
    return {'best': ranked[:1], 'median': [], 'worst': ranked[1:]}  # one or two images


def draw(result: ImageResult, frame: Frame, source: DepthSource, protocol: str) -> Panel:
    """The pictures of one frame as the protocol shows it."""
    shown = as_shown(frame, protocol, result.name)
    aligned = align(source.depth(frame, result.name), shown.depth, protocol)
    far = float(np.ceil(2 * np.quantile(aligned.target[aligned.valid], 0.98)) / 2)
    colours = DepthColours(far)
    truth = np.where(shown.depth > 0, shown.depth, np.nan).astype(np.float32)
    prediction = np.where(aligned.usable, aligned.prediction, np.nan).astype(np.float32)
    bgr = np.ascontiguousarray(shown.rgb.transpose(1, 2, 0)[..., ::-1])
    return Panel(
        result,
        far,
        _encode(bgr, '.jpg', cv2.INTER_AREA),
        _encode(colours(truth)),
        _encode(colours(prediction)),
        _encode(error_colours(aligned)),
    )


def error_colours(aligned: Aligned) -> np.ndarray:
    """(H, W, 3) uint8 BGR: blue too near, red too far, grey where nothing is judged."""
    error = (aligned.prediction - aligned.target) / np.where(aligned.valid, aligned.target, 1)
    share = np.clip(error / WORST_ERROR, -1, 1) / 2 + 0.5
    rgb = mpl.colormaps['coolwarm'](np.nan_to_num(share), bytes=True)[..., :3]
    return np.where(aligned.valid[..., None], rgb[..., ::-1], NO_TRUTH).astype(np.uint8)


def _encode(bgr: np.ndarray, suffix: str = '.png', shrink: int = cv2.INTER_NEAREST) -> bytes:
    height, width = bgr.shape[:2]
    if width > WIDTH:
        size = (WIDTH, max(1, round(height * WIDTH / width)))
        bgr = cv2.resize(bgr, size, interpolation=shrink)
    _, data = cv2.imencode(suffix, bgr)
    return data.tobytes()
