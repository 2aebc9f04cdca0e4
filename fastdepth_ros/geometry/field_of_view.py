"""How wide a camera sees, against what the network has learned from."""

from __future__ import annotations

import math

from fastdepth_ros.geometry.intrinsics import Intrinsics

LEARNED = 40.0, 100.0  # deg; horizontal, of the frames that models here are trained on


def horizontal_fov(intrinsics: Intrinsics) -> float:
    """Degrees between the outer edges of the first and the last column."""
    i = intrinsics
    left, right = (i.cx + 0.5) / i.fx, (i.width - 0.5 - i.cx) / i.fx
    return math.degrees(math.atan(left) + math.atan(right))


def lens_warning(
    intrinsics: Intrinsics | None, learned: tuple[float, float] = LEARNED
) -> str | None:
    """One line where the network's input is far wider or narrower than it has learned, or None.

    `intrinsics` are those of what the network sees, after crop and rectification
    (View.intrinsics); None, an unknown camera, gets no warning here.
    """
    if intrinsics is None:
        return None
    seen, (narrow, wide) = horizontal_fov(intrinsics), learned
    if seen > wide:
        remedy = 'set fit: crop, or crop the image before'
    elif seen < narrow:
        remedy = 'set fit: stretch, or take a shorter lens'
    else:
        return None
    return (
        f'the network sees {seen:.0f} deg across and has learned from {narrow:.0f} to {wide:.0f}: '
        f'depth will be poor; {remedy}'
    )
