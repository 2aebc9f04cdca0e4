"""What a frame goes through before the network, by torchvision, for image and depth together.

`fastdepth` is the published pipeline (Wofk et al., dataloaders/nyu.py): nearest everywhere, a
centre crop. `full` shows the network whole images, as the node does.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import torch
from torch import Tensor
from torchvision.transforms import InterpolationMode, v2
from torchvision.transforms.v2 import functional

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.offline.data.frames import Frame

NEAREST = InterpolationMode.NEAREST_EXACT  # equals PIL's nearest, which the authors used
BILINEAR = InterpolationMode.BILINEAR
HEIGHT = 250  # px, the published intermediate size
CROP = (304, 228)  # px, width and height of the published centre crop
FASTDEPTH_SIZE = (224, 224)
MAX_ZOOM = 1.5
MAX_ANGLE = 5.0  # degrees
# NYU Depth V2's colour camera: the camera that models are trained for unless told otherwise.
NYU = Intrinsics(518.857901, 519.469611, 325.582449, 253.736166, 640, 480)


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


def uniform(low: float, high: float) -> float:
    """One number from torch's generator, which data loaders seed for each worker."""
    return float(torch.empty(()).uniform_(low, high))


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
    """Whole images and zooms into any part of them, then the colours of cheap cameras."""

    def __init__(self, size: tuple[int, int], f_model: float) -> None:
        self._size, self._f_model = size, f_model
        self._colours = v2.Compose(
            [
                v2.ColorJitter(0.4, 0.4, 0.4, 0.05),
                v2.RandomApply([v2.GaussianBlur(5, (0.1, 1.5))], 0.3),
                v2.ToDtype(torch.float32, scale=True),
                v2.RandomApply([v2.GaussianNoise(sigma=0.03)], 0.3),
                v2.ToDtype(torch.uint8, scale=True),
            ]
        )

    def __call__(self, frame: Frame) -> tuple[Tensor, Tensor]:
        """-> image uint8 (3, h, w), depth float32 (1, h, w) of the training camera."""
        view = View.of(frame)
        zoom = uniform(1, MAX_ZOOM)
        width, height = (int(side / zoom) for side in view.size)
        left = int(uniform(0, view.size[0] - width + 1))
        top = int(uniform(0, view.size[1] - height + 1))
        view = view.cropped(left, top, (width, height)).resized(self._size, BILINEAR)
        view = view.rotated(uniform(-MAX_ANGLE, MAX_ANGLE))
        view = view.flipped() if uniform(0, 1) < 0.5 else view
        return self._colours(view.image), canonical_depth(view, self._f_model, zoom)


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
