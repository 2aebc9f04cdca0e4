"""From the network's grid to the grid that the depth is wanted on."""

from __future__ import annotations

import cv2
import numpy as np

from fastdepth_ros.geometry.view import View


class Registration:
    """Resizes into kept buffers, and puts a crop at its place in the camera's image."""

    def __init__(self) -> None:
        self._depth = np.empty((0, 0), np.float32)
        self._rgb = np.empty((0, 0, 3), np.uint8)

    def of_depth(self, depth: np.ndarray, view: View) -> np.ndarray:
        """(h, w) float32 of view.content -> view.depth_size; NaN where the network did not look.

        Bilinear, so a pixel next to one without depth has none either.
        """
        if not view.registered and (depth.shape[1], depth.shape[0]) == view.depth_size:
            return depth
        shape = (view.depth_size[1], view.depth_size[0])
        if self._depth.shape != shape:
            self._depth = np.empty(shape, np.float32)
        if view.registered and view.source.size != view.image_size:
            self._depth.fill(np.nan)
        return _resize_into(depth, self._depth, view)

    def of_rgb(self, rgb: np.ndarray, view: View) -> np.ndarray:
        """(h, w, 3) uint8 of view.content -> view.depth_size; black outside of a crop."""
        if not view.registered and (rgb.shape[1], rgb.shape[0]) == view.depth_size:
            return rgb
        shape = (view.depth_size[1], view.depth_size[0], 3)
        if self._rgb.shape != shape:
            self._rgb = np.empty(shape, np.uint8)
        if view.registered and view.source.size != view.image_size:
            self._rgb.fill(0)
        return _resize_into(rgb, self._rgb, view)


def _resize_into(part: np.ndarray, whole: np.ndarray, view: View) -> np.ndarray:
    """Returns `whole` with `part` resized to all of it, or to view.source if registered."""
    target = whole[view.source.slices] if view.registered else whole
    size = (target.shape[1], target.shape[0])
    cv2.resize(part, size, target, interpolation=cv2.INTER_LINEAR)
    return whole
