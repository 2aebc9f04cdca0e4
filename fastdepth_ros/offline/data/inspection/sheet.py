"""A contact sheet: some frames, each beside its depth in colours."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.data.frame import Frame, FrameRef
from fastdepth_ros.pictures.depth_colours import DepthColours
from fastdepth_ros.thinning import evenly

FRAMES, COLUMNS = 24, 3
TILE = 200  # px, width of an image and of its depth
CAPTION, MARGIN = 16, 6  # px
FONT, GREY = cv2.FONT_HERSHEY_SIMPLEX, (200, 200, 200)


def contact_sheet(refs: Sequence[FrameRef], far: float) -> np.ndarray:
    """(H, W, 3) BGR of up to FRAMES whole frames, evenly taken; `far` in metres is yellow.

    A UserError if none of them can be read.
    """
    tiles = [tile for ref in evenly(refs, FRAMES) if (tile := _tile(ref, far)) is not None]
    if not tiles:
        raise UserError('no frame could be read: there is nothing to draw')
    height = max(tile.shape[0] for tile in tiles)
    tiles = [_padded(tile, height) for tile in tiles]
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % COLUMNS)
    rows = [np.hstack(tiles[i : i + COLUMNS]) for i in range(0, len(tiles), COLUMNS)]
    return np.vstack(rows)


def _tile(ref: FrameRef, far: float) -> np.ndarray | None:
    try:
        frame = ref.read()
    except UserError:
        return None  # the survey has named it
    pair = np.hstack([_colour(frame), _depth(frame, far)])
    caption = np.zeros((CAPTION, pair.shape[1], 3), np.uint8)
    cv2.putText(caption, ref.name[-56:], (2, CAPTION - 4), FONT, 0.38, GREY, 1, cv2.LINE_AA)
    return np.vstack([caption, pair])


def _size(frame: Frame) -> tuple[int, int]:
    height, width = frame.depth.shape
    return TILE, max(1, round(height * TILE / width))


def _colour(frame: Frame) -> np.ndarray:
    bgr = np.ascontiguousarray(frame.rgb[::-1].transpose(1, 2, 0))
    return cv2.resize(bgr, _size(frame), interpolation=cv2.INTER_AREA)


def _depth(frame: Frame, far: float) -> np.ndarray:
    """Nearest neighbours: a hole stays a hole, and no depth is made up."""
    depth = np.where(frame.depth > 0, frame.depth, np.float32(np.nan))
    small = cv2.resize(depth, _size(frame), interpolation=cv2.INTER_NEAREST)
    return DepthColours(far)(small)


def _padded(tile: np.ndarray, height: int) -> np.ndarray:
    missing = height - tile.shape[0]
    return np.pad(tile, ((0, missing + MARGIN), (0, MARGIN), (0, 0)))
