"""How a camera's image becomes the network's input, and which camera its depth is of.

Crop, resize, padding and rectification are planned here and nowhere else, so that what the
network sees, the scale of its depth, CameraInfo and point cloud agree.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastdepth_ros.errors import check_choice
from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.distortion import Rectifier, plan_rectifier, rectified
from fastdepth_ros.geometry.intrinsics import Intrinsics

FITS = ('stretch', 'crop', 'letterbox')
LONGEST_SIDE = 4096  # px of a depth image, where that follows the other side

Size = tuple[int, int]  # (width, height), px


@dataclass(frozen=True)
class Rect:
    """A part of an image, px."""

    left: int
    top: int
    width: int
    height: int

    @property
    def size(self) -> Size:
        """(width, height)."""
        return self.width, self.height

    @property
    def slices(self) -> tuple[slice, slice]:
        """Rows and columns, to index an array."""
        return (
            slice(self.top, self.top + self.height),
            slice(self.left, self.left + self.width),
        )


@dataclass(frozen=True, eq=False)
class View:
    """One camera's way to depth, good for every image of this size."""

    image_size: Size
    source: Rect  # what of the (rectified) image the network sees
    content: Rect  # where that lies in the network's input; the rest is padding
    rectifier: Rectifier | None
    intrinsics: Intrinsics | None  # of `content`; None: the camera is not known
    depth_size: Size
    registered: bool  # depth on the (rectified) image's own grid, NaN outside `source`
    depth_camera: CameraModel | None  # for depth/camera_info
    depth_intrinsics: Intrinsics | None  # for clouds


def plan_view(
    camera: CameraModel | None,
    image_size: Size,
    network_size: Size,
    fit: str = 'stretch',
    *,
    rectify: bool = False,
    raw: bool = False,
    depth_size: Size = (0, 0),
    registered: bool = False,
) -> View:
    """The View of `camera`'s images; sizes are (width, height).

    `fit`, to the network's input: 'stretch' takes the whole image whatever its proportions, 'crop'
    the largest centre of the input's proportions, 'letterbox' the whole image in its own
    proportions with the rest padded. `rectify`: undistort, as camera.d says (UserError if that is
    not known). `raw`: the image has that distortion and keeps it, so that K and not P fits best.
    `depth_size`: of the depth, (0, 0) the network's own; a 0 follows the other in proportion.
    """
    source, content = fit_rects(image_size, network_size, check_choice('fit', fit, FITS))
    rectifier, pinhole = None, None
    if camera is not None:
        if rectify:
            rectifier = plan_rectifier(
                camera, (source.left, source.top, *source.size), content.size
            )
            camera = rectified(camera)
        camera = camera.filled
        pinhole = camera.intrinsics if raw and not rectify else camera.rectified_intrinsics
    size = image_size if registered else proportional(depth_size, content.size)

    def on_depth(i: Intrinsics) -> Intrinsics:
        return i if registered else i.cropped(source.left, source.top, *source.size).resized(*size)

    depth_camera = camera
    if camera is not None and not registered:
        depth_camera = camera.cropped(source.left, source.top, *source.size).resized(*size)
    seen = pinhole and pinhole.cropped(source.left, source.top, *source.size)
    return View(
        image_size,
        source,
        content,
        rectifier,
        intrinsics=seen and seen.resized(*content.size),
        depth_size=size,
        registered=registered,
        depth_camera=depth_camera,
        depth_intrinsics=pinhole and on_depth(pinhole),
    )


def fit_rects(image: Size, network: Size, fit: str) -> tuple[Rect, Rect]:
    """(part of the image, where it goes in the network's input)."""
    (width, height), (columns, rows) = image, network
    source, content = Rect(0, 0, width, height), Rect(0, 0, columns, rows)
    wide = width * rows >= height * columns  # wider than the network's input
    if fit == 'crop':
        w = max(1, round(height * columns / rows)) if wide else width
        h = height if wide else max(1, round(width * rows / columns))
        source = Rect((width - w) // 2, (height - h) // 2, w, h)
    elif fit == 'letterbox':
        w = columns if wide else max(1, round(rows * width / height))
        h = max(1, round(columns * height / width)) if wide else rows
        content = Rect((columns - w) // 2, (rows - h) // 2, w, h)
    return source, content


def proportional(asked: Size, own: Size) -> Size:
    """`asked`, where a 0 follows the other side as far as it may, and two zeros are `own`."""
    width, height = asked
    if width and not height:
        height = round(width * own[1] / own[0])
    elif height and not width:
        width = round(height * own[0] / own[1])
    else:
        return asked if width else own
    return min(max(1, width), LONGEST_SIDE), min(max(1, height), LONGEST_SIDE)
