"""From a camera image to the network's input: one resize, then the colour order."""

from __future__ import annotations

import cv2
import numpy as np

from fastdepth_ros.errors import UserError, check_choice

# encoding (as sensor_msgs names it): (channels, OpenCV's conversion to RGB)
ENCODINGS: dict[str, tuple[int, int | None]] = {
    'rgb8': (3, None),
    'bgr8': (3, cv2.COLOR_BGR2RGB),
    'rgba8': (4, cv2.COLOR_RGBA2RGB),
    'bgra8': (4, cv2.COLOR_BGRA2RGB),
    'mono8': (1, cv2.COLOR_GRAY2RGB),
}


class Preprocessor:
    """Stretches whole images to width x height RGB, into buffers kept from call to call."""

    def __init__(self, width: int, height: int) -> None:
        self._size = (width, height)
        self._resized: dict[int, np.ndarray] = {
            channels: np.empty((height, width, channels), np.uint8) for channels in (1, 3, 4)
        }
        self._rgb = np.empty((height, width, 3), np.uint8)

    def __call__(self, image: np.ndarray, encoding: str = 'rgb8') -> np.ndarray:
        """(H, W, channels) uint8, or (H, W) for mono8 -> (height, width, 3) RGB, a kept buffer."""
        channels, conversion = ENCODINGS[check_choice('encoding', encoding, ENCODINGS)]
        check_image(image, channels)
        target = self._rgb if conversion is None else self._resized[channels]
        resize(image, self._size, target)
        if conversion is not None:  # after the resize, so that it is few pixels
            cv2.cvtColor(target, conversion, dst=self._rgb)
        return self._rgb


def check_image(image: np.ndarray, channels: int) -> None:
    """A UserError unless `image` is uint8 of that many channels and not empty."""
    shape = '(H, W)' if channels == 1 else f'(H, W, {channels})'
    found = 1 if image.ndim == 2 else image.shape[2] if image.ndim == 3 else 0
    if image.dtype != np.uint8 or found != channels or 0 in image.shape:
        raise UserError(f'image is {image.dtype} {image.shape}: {shape} uint8 is needed')


def resize(image: np.ndarray, size: tuple[int, int], target: np.ndarray) -> None:
    """Resizes into `target`: by area where that shrinks (no aliasing), else bilinearly."""
    width, height = size
    if image.shape[:2] == (height, width):
        np.copyto(target, image.reshape(target.shape))
        return
    shrinks = image.shape[0] >= height and image.shape[1] >= width
    cv2.resize(image, size, target, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_LINEAR)
