"""What of a training transform is the same each time, done once: frames as a cache keeps them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from fastdepth_ros.offline.data.frames import Frame
from fastdepth_ros.offline.training.augmentation import Strengths
from fastdepth_ros.offline.training.transforms import BILINEAR, HEIGHT, NEAREST, View


@dataclass(frozen=True)
class ToHeight:
    """The first step of the published pipeline, so that samples are the same to the bit."""

    height: int = HEIGHT

    def __call__(self, frame: Frame) -> Frame:
        """The frame at this height, nearest."""
        view = View.of(frame)
        width = int(view.size[0] * self.height / view.size[1])
        return _as_frame(view.resized((width, self.height), NEAREST), frame)


@dataclass(frozen=True)
class AtLeast:
    """No more than zooming in needs; a frame that is not larger stays as it is, to the bit."""

    width: int
    height: int

    def __call__(self, frame: Frame) -> Frame:
        """The whole frame, covering this size: image bilinear and antialiased, depth nearest."""
        view = View.of(frame)
        width, height = view.size
        scale = max(self.width / width, self.height / height)
        if scale >= 1:
            return frame
        smaller = (math.ceil(width * scale), math.ceil(height * scale))
        return _as_frame(view.resized(smaller, BILINEAR), frame)


def shrinker(
    transform: str, size: tuple[int, int], strengths: Strengths | None = None
) -> Callable[[Frame], Frame]:
    """What may be done once, before transform `transform` to input `size` (width, height)."""
    if transform == 'fastdepth':
        return ToHeight()
    strengths = strengths or Strengths()
    zoom = strengths.zoom * math.sqrt(1 + strengths.aspect)  # the largest of one axis
    return AtLeast(*(math.ceil(side * zoom) for side in size))


def _as_frame(view: View, frame: Frame) -> Frame:
    return replace(
        frame, rgb=view.image.numpy(), depth=view.depth[0].numpy(), intrinsics=view.intrinsics
    )
