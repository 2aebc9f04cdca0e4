"""What a frame goes through before the network, by torchvision, for image and depth together.

`fastdepth` is the published pipeline (Wofk et al., dataloaders/nyu.py): nearest everywhere, a
centre crop. `full` shows the network whole images, as the node does.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torchvision.transforms import InterpolationMode, v2
from torchvision.transforms.v2 import functional

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.offline.data.frames import Frame
from fastdepth_ros.offline.data.labelled_mat import NYU
from fastdepth_ros.offline.training.augmentation import Strengths, camera_effects, uniform

NEAREST = InterpolationMode.NEAREST_EXACT  # equals PIL's nearest, which the authors used
BILINEAR = InterpolationMode.BILINEAR
HEIGHT = 250  # px, the published intermediate size
CROP = (304, 228)  # px, width and height of the published centre crop
FASTDEPTH_SIZE = (224, 224)
MAX_ZOOM = 1.5
MAX_ANGLE = 5.0  # degrees


@dataclass(frozen=True)
class View:
    """image uint8 (3, H, W), depth float32 (1, H, W) in metres, and the camera that saw them."""

    image: Tensor
    depth: Tensor
    intrinsics: Intrinsics | None

    @classmethod
    def of(cls, frame: Frame) -> View:
        """The whole frame."""
        depth = torch.from_numpy(np.ascontiguousarray(frame.depth))[None]
        return cls(torch.from_numpy(frame.rgb), depth, frame.intrinsics)

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in px."""
        return self.image.shape[2], self.image.shape[1]

    def resized(self, size: tuple[int, int], mode: InterpolationMode) -> View:
        """Image by `mode`, depth always nearest: depth across an edge must not be mixed."""
        height_width = [size[1], size[0]]
        return View(
            functional.resize(
                self.image, height_width, interpolation=mode, antialias=mode == BILINEAR
            ),
            functional.resize(self.depth, height_width, interpolation=NEAREST, antialias=False),
            self.intrinsics and self.intrinsics.resized(*size),
        )

    def cropped(self, left: int, top: int, size: tuple[int, int]) -> View:
        """A crop; beyond the image it is black and without depth."""
        box = [top, left, size[1], size[0]]
        camera = self.intrinsics and self.intrinsics.cropped(left, top, *size)
        return View(functional.crop(self.image, *box), functional.crop(self.depth, *box), camera)

    def center_cropped(self, size: tuple[int, int]) -> View:
        """As torchvision's center_crop."""
        left, top = (round((a - b) / 2) for a, b in zip(self.size, size, strict=True))
        return self.cropped(left, top, size)

    def rotated(self, degrees: float) -> View:
        """About the centre; corners become black and without depth. Intrinsics stay."""
        return replace(
            self,
            image=functional.rotate(self.image, degrees),
            depth=functional.rotate(self.depth, degrees),
        )

    def flipped(self) -> View:
        """Left and right exchanged (the focal lengths, all that is used, stay)."""
        return replace(
            self,
            image=functional.horizontal_flip(self.image),
            depth=functional.horizontal_flip(self.depth),
        )


def fastdepth_validation(view: View) -> View:
    """Resize to a height of 250, centre crop 304 x 228, resize to 224 x 224, all nearest."""
    return _to_height(view).center_cropped(CROP).resized(FASTDEPTH_SIZE, NEAREST)


def fastdepth_frame(frame: Frame) -> Frame:
    """The frame as the authors validate on it, 224 x 224."""
    view = fastdepth_validation(View.of(frame))
    return replace(
        frame,
        rgb=view.image.numpy(),
        depth=view.depth[0].numpy(),
        intrinsics=view.intrinsics,
    )


def _to_height(view: View) -> View:
    return view.resized((int(view.size[0] * HEIGHT / view.size[1]), HEIGHT), NEAREST)


class FastDepthTraining:
    """The published training transform, to any input size; the depth is the training camera's."""

    def __init__(self, size: tuple[int, int], f_model: float) -> None:
        self._size, self._f_model = size, f_model
        self._jitter = v2.ColorJitter(0.4, 0.4, 0.4)

    def __call__(self, frame: Frame) -> tuple[Tensor, Tensor]:
        """-> image uint8 (3, h, w), depth float32 (1, h, w) of the training camera."""
        zoom = uniform(1, MAX_ZOOM)
        view = _to_height(View.of(frame)).rotated(uniform(-MAX_ANGLE, MAX_ANGLE))
        view = view.resized((int(view.size[0] * zoom), int(view.size[1] * zoom)), NEAREST)
        view = view.center_cropped(CROP)
        view = view.flipped() if uniform(0, 1) < 0.5 else view
        view = view.resized(self._size, NEAREST)
        return self._jitter(view.image), canonical_depth(view, self._f_model, zoom)


class FullTraining:
    """Whole images and zooms into any part of them, then what cheap cameras do to a picture."""

    def __init__(
        self, size: tuple[int, int], f_model: float, strengths: Strengths | None = None
    ) -> None:
        self._size, self._f_model = size, f_model
        self._strengths = strengths or Strengths()
        self._colours = camera_effects(self._strengths)

    def __call__(self, frame: Frame) -> tuple[Tensor, Tensor]:
        """-> image uint8 (3, h, w), depth float32 (1, h, w) of the training camera."""
        view = View.of(frame)
        zooms = self._zooms()
        width, height = (int(side / zoom) for side, zoom in zip(view.size, zooms, strict=True))
        left = int(uniform(0, view.size[0] - width + 1))
        top = int(uniform(0, view.size[1] - height + 1))
        view = view.cropped(left, top, (width, height)).resized(self._size, BILINEAR)
        angle = self._strengths.rotation
        view = view.rotated(uniform(-angle, angle)) if angle else view
        view = view.flipped() if uniform(0, 1) < 0.5 else view
        zoom = math.sqrt(zooms[0] * zooms[1])
        return self._colours(view.image), canonical_depth(view, self._f_model, zoom)

    def _zooms(self) -> tuple[float, float]:
        """How much longer fx and fy become, each at least 1: nothing beyond the image is shown."""
        strengths = self._strengths
        zoom = uniform(1, strengths.zoom)
        if strengths.whole_views and uniform(0, 1) < strengths.whole_views:
            zoom = 1.0
        if not strengths.aspect:
            return zoom, zoom
        stretch = math.log1p(strengths.aspect) / 2
        stretch = math.exp(uniform(-stretch, stretch))
        return max(1.0, zoom * stretch), max(1.0, zoom / stretch)


def canonical_depth(view: View, f_model: float, zoom: float) -> Tensor:
    """The depth that the training camera, of focal length f_model px, would have to report.

    A camera with f times the focal length shows the same picture from f times as far; a frame
    without intrinsics is taken to be the training camera's, zoomed in.
    """
    factor = 1 / zoom if view.intrinsics is None else f_model / view.intrinsics.focal_length
    return view.depth * factor


def nyu_at_input(transform: str, size: tuple[int, int]) -> Intrinsics:
    """NYU's camera as it reaches a network of input `size` through one of the two pipelines."""
    if transform == 'full':
        return NYU.resized(*size)
    whole = NYU.resized(int(NYU.width * HEIGHT / NYU.height), HEIGHT)
    left, top = ((a - b) / 2 for a, b in zip((whole.width, whole.height), CROP, strict=True))
    return whole.cropped(left, top, *CROP).resized(*size)


TRAINING_TRANSFORMS: dict[str, type[FastDepthTraining] | type[FullTraining]] = {
    'fastdepth': FastDepthTraining,
    'full': FullTraining,
}


def training_transform(
    name: str, size: tuple[int, int], f_model: float, strengths: Strengths
) -> FastDepthTraining | FullTraining:
    """One of TRAINING_TRANSFORMS; the published one has its own, fixed strengths."""
    if name == 'full':
        return FullTraining(size, f_model, strengths)
    return FastDepthTraining(size, f_model)
