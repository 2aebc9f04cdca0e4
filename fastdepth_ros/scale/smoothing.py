"""Depth averaged over time where the image stands still, and fresh where it does not."""

from __future__ import annotations

import math

import cv2
import numpy as np

from fastdepth_ros.errors import UserError

BLOCK = 8  # pixels of the network's input a side, that are compared as one
SPREAD = np.ones((3, 3), np.uint8)  # what moves changes the depth of its neighbourhood, too
CLOCK_JUMP = 1.0  # s without an image after which nothing is known to have stood still


class StillSmoother:
    """A running mean of up to `frames` images a pixel, begun anew where the picture changes.

    Where nothing changes depth lags by `frames` - 1 images; where something does, by none, for the
    new image's depth is taken as it is. No image waits for another: the only latency is the time
    that the call takes.
    """

    def __init__(self, frames: int = 8, threshold: float = 4.0) -> None:
        """`frames`: that an average looks back on, 1: none. UserError names what does not do.

        `threshold`: change of a block's mean luma, of 255, that is no noise any more.
        """
        if frames < 1:
            raise UserError(f'smoothing over {frames} frames: at least 1 is needed')
        if not 0 < threshold < math.inf:
            raise UserError(f'the threshold of smoothing is {threshold:g}: more than 0 is needed')
        self._least_share = 1 / frames
        self._threshold = threshold
        self._stamp = -math.inf
        self._depth: np.ndarray = np.empty((0, 0), np.float32)
        self._image_shape: tuple[int, ...] = ()

    def __call__(self, depth: np.ndarray, image: np.ndarray, stamp: float) -> np.ndarray:
        """Smooths (h, w) float32 metres, NaN = none, in place, and returns them.

        `image` is what the network saw of them: (H, W, 3) uint8 RGB. `stamp` in s.
        """
        fresh = depth.shape != self._depth.shape or image.shape != self._image_shape
        if fresh:
            self._allocate(depth.shape, image.shape)
        if fresh or not 0 <= stamp - self._stamp <= CLOCK_JUMP:
            self._age.fill(0)
        self._stamp = stamp
        self._compare(image)
        self._average(depth)
        np.copyto(depth, self._depth)
        return depth

    def _allocate(self, shape: tuple[int, ...], image_shape: tuple[int, ...]) -> None:
        blocks = -(-image_shape[0] // BLOCK), -(-image_shape[1] // BLOCK)
        self._small: np.ndarray = np.empty((*blocks, 3), np.uint8)
        self._luma, self._difference = (np.empty(blocks, np.float32) for _ in range(2))
        self._reference = np.zeros(blocks, np.float32)
        self._changed = np.ones(blocks, np.uint8)
        self._age, self._share_of_block = (np.zeros(blocks, np.float32) for _ in range(2))
        self._depth, self._share, self._step = (
            np.full(shape, np.nan, np.float32) for _ in range(3)
        )
        self._hole = np.empty(shape, bool)
        self._image_shape = image_shape

    def _compare(self, image: np.ndarray) -> None:
        """Which blocks differ from what they looked like when their average began."""
        size = self._luma.shape[::-1]
        cv2.resize(image, size, self._small, interpolation=cv2.INTER_AREA)
        np.add(self._small[..., 0], self._small[..., 2], out=self._luma, dtype=np.float32)
        self._luma *= np.float32(0.25)
        np.multiply(self._small[..., 1], np.float32(0.5), out=self._difference)
        self._luma += self._difference
        np.subtract(self._luma, self._reference, out=self._difference)
        np.abs(self._difference, out=self._difference)
        np.greater(self._difference, self._threshold, out=self._changed.view(bool))
        cv2.dilate(self._changed, SPREAD, self._changed)
        changed = self._changed.view(bool)
        np.logical_or(changed, self._age == 0, out=changed)
        np.copyto(self._reference, self._luma, where=changed)
        np.copyto(self._age, 0, where=changed)
        self._age += 1

    def _average(self, depth: np.ndarray) -> None:
        """The mean moves by 1 / age of the way, and by at least 1 / frames."""
        np.divide(1, self._age, out=self._share_of_block)
        np.maximum(self._share_of_block, self._least_share, out=self._share_of_block)
        size = depth.shape[::-1]
        cv2.resize(self._share_of_block, size, self._share, interpolation=cv2.INTER_NEAREST)
        np.subtract(depth, self._depth, out=self._step)
        self._step *= self._share
        self._step += self._depth
        # a share of 1, or no mean so far: the depth itself, and no rest of a NaN or of rounding
        np.isnan(self._step, out=self._hole)
        np.logical_or(self._hole, self._share >= 1, out=self._hole)
        np.copyto(self._step, depth, where=self._hole)
        self._depth, self._step = self._step, self._depth
