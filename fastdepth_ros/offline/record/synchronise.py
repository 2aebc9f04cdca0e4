"""Which depth was measured when a picture was taken: nearest by header stamp."""

from __future__ import annotations

import numpy as np

MS = 1_000_000  # ns


def nearest(stamps: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(n,) indices into `others` of the stamp next to each of `stamps`; int64 ns, any order."""
    order = np.argsort(others, kind='stable')
    ordered = others[order]
    right = np.clip(np.searchsorted(ordered, stamps), 0, len(ordered) - 1)
    left = np.maximum(right - 1, 0)
    closer = np.abs(stamps - ordered[left]) <= np.abs(ordered[right] - stamps)
    return order[np.where(closer, left, right)]


def pair(images: np.ndarray, depths: np.ndarray, max_offset_ns: int) -> np.ndarray:
    """(n, 2) indices (image, depth) of pairs within max_offset_ns, in order of the image's stamp.

    Each is the other's nearest, so that no depth and no image is used twice.
    """
    if not (len(images) and len(depths)):
        return np.empty((0, 2), np.intp)
    depth_of, image_of = nearest(images, depths), nearest(depths, images)
    index = np.arange(len(images))
    mutual = image_of[depth_of] == index
    near = np.abs(images - depths[depth_of]) <= max_offset_ns
    chosen = index[mutual & near]
    chosen = chosen[np.argsort(images[chosen], kind='stable')]
    return np.stack([chosen, depth_of[chosen]], -1)


def smallest_offset_ns(images: np.ndarray, depths: np.ndarray) -> int:
    """How far apart the closest image and depth are."""
    return int(np.abs(images - depths[nearest(images, depths)]).min())
