"""From a camera image to the network's input: crop, one resize, then the colour order."""

from __future__ import annotations

import cv2
import numpy as np

from fastdepth_ros.errors import UserError, check_choice
from fastdepth_ros.geometry.distortion import Rectifier
from fastdepth_ros.geometry.view import View

# encoding (as sensor_msgs names it): (channels, OpenCV's conversion to RGB)
ENCODINGS: dict[str, tuple[int, int | None]] = {
    'rgb8': (3, None),
    'bgr8': (3, cv2.COLOR_BGR2RGB),
    'rgba8': (4, cv2.COLOR_RGBA2RGB),
    'bgra8': (4, cv2.COLOR_BGRA2RGB),
    'mono8': (1, cv2.COLOR_GRAY2RGB),
}


SMOOTH = 1.5  # times that a halved image may be shrunk bilinearly
ABOUT_HALF = 1.8, 2.0  # times smaller: bilinear is about the mean of 2 x 2 pixels there


class Preprocessor:
    """Brings images to width x height RGB as their View says, into buffers kept between calls."""

    def __init__(self, width: int, height: int) -> None:
        self._rgb = np.zeros((height, width, 3), np.uint8)
        self._resize = Resizer()
        self._view: View | None = None
        self._resized = self._small = self._rgb  # of other channels; of a raw image

    def __call__(self, image: np.ndarray, encoding: str, view: View) -> np.ndarray:
        """(H, W, channels) uint8, or (H, W) for mono8 -> (height, width, 3) RGB, a kept buffer."""
        channels, conversion = check_image(image, encoding)
        if view is not self._view or self._resized.shape[2] != channels:
            self._prepare(view, channels)
        content = self._rgb[view.content.slices]
        target = content if conversion is None else self._resized
        if view.rectifier is None:
            self._resize(image[view.source.slices], target)
        else:
            self._undistort(image, view.rectifier, target)
        if conversion is not None:  # after the resize, so that it is few pixels
            cv2.cvtColor(target, conversion, dst=content)
        self._pad(view)
        return self._rgb

    def _prepare(self, view: View, channels: int) -> None:
        self._view = view
        self._resized = np.empty((view.content.height, view.content.width, channels), np.uint8)
        if view.rectifier is not None:
            width, height = view.rectifier.small_size
            self._small = np.empty((height, width, channels), np.uint8)

    def _undistort(self, image: np.ndarray, rectifier: Rectifier, target: np.ndarray) -> None:
        small = image
        if (image.shape[1], image.shape[0]) != rectifier.small_size:
            small = self._small
            self._resize(image, small)
        maps = rectifier.map_xy, rectifier.map_fraction
        cv2.remap(small, *maps, cv2.INTER_LINEAR, target, cv2.BORDER_REPLICATE)

    def _pad(self, view: View) -> None:
        """Continues the content's edges over what it leaves of the input."""
        rows, columns = view.content.slices
        rgb = self._rgb
        if view.content.height < len(rgb):
            rgb[: rows.start] = rgb[rows.start]
            rgb[rows.stop :] = rgb[rows.stop - 1]
        if view.content.width < rgb.shape[1]:
            rgb[:, : columns.start] = rgb[:, columns.start, None]
            rgb[:, columns.stop :] = rgb[:, columns.stop - 1, None]


def check_image(image: np.ndarray, encoding: str) -> tuple[int, int | None]:
    """(channels, conversion to RGB); a UserError unless `image` is uint8, not empty and fits."""
    channels, conversion = ENCODINGS[check_choice('encoding', encoding, ENCODINGS)]
    shape = '(H, W)' if channels == 1 else f'(H, W, {channels})'
    found = 1 if image.ndim == 2 else image.shape[2] if image.ndim == 3 else 0
    if image.dtype != np.uint8 or found != channels or 0 in image.shape:
        raise UserError(f'image is {image.dtype} {image.shape}: {shape} uint8 is needed')
    return channels, conversion


class Resizer:
    """Resizes into a target: by area where that shrinks (no aliasing), else bilinearly.

    What is to shrink to less than half is halved first: OpenCV averages 2 x 2 pixels several
    times faster than areas of any other size. Little that is left to shrink is then bilinear, and
    what is to be about half, as 640 x 480 for 320 x 256.
    """

    def __init__(self) -> None:
        self._half = np.empty((0, 0), np.uint8)

    def __call__(self, image: np.ndarray, target: np.ndarray) -> None:
        """Both of (H, W) or (H, W, channels) uint8."""
        size = target.shape[1::-1]
        halved = _can_halve(image, target)
        if halved:
            image = self._halve(image)
        if image.shape[1::-1] == size:
            np.copyto(target, image.reshape(target.shape))
            return
        ratios = image.shape[0] / size[1], image.shape[1] / size[0]
        bilinear = min(ratios) < 1 or (halved and max(ratios) <= SMOOTH)
        bilinear |= all(ABOUT_HALF[0] <= ratio <= ABOUT_HALF[1] for ratio in ratios)
        interpolation = cv2.INTER_LINEAR if bilinear else cv2.INTER_AREA
        cv2.resize(image, size, target, interpolation=interpolation)

    def _halve(self, image: np.ndarray) -> np.ndarray:
        shape = (image.shape[0] // 2, image.shape[1] // 2, *image.shape[2:])
        if self._half.shape != shape:
            self._half = np.empty(shape, np.uint8)
        return cv2.resize(image, shape[1::-1], self._half, interpolation=cv2.INTER_AREA)


def _can_halve(image: np.ndarray, target: np.ndarray) -> bool:
    sides = zip(image.shape[:2], target.shape[:2], strict=True)
    return all(side % 2 == 0 and side >= 2 * due for side, due in sides)
