"""A frame that is a colour image and a depth PNG, and folders of such frames."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.offline.data.frame import Frame, FrameRef
from fastdepth_ros.pictures.image_files import read_colour, read_depth


@dataclass(frozen=True)
class PairRef(FrameRef):
    """Two registered images of one size; `camera` may be given at another size of that shape."""

    rgb: Path
    depth: Path
    depth_scale: float  # units a metre
    camera: Intrinsics | None = None

    def __str__(self) -> str:
        return str(self.rgb)

    @property
    def files(self) -> tuple[Path, ...]:
        """Both images."""
        return self.rgb, self.depth

    @property
    def key(self) -> str:
        """Both paths, the unit, and the camera, which is in no file of its own."""
        return f'{self.rgb.resolve()} {self.depth.resolve()} {self.depth_scale} {self.camera}'

    def read(self) -> Frame:
        """Reads and checks both."""
        for path, other in ((self.rgb, self.depth), (self.depth, self.rgb)):
            if not path.is_file():
                raise UserError(f"'{other}' has no partner: '{path}' does not exist")
        rgb, depth = read_colour(self.rgb), read_depth(self.depth, self.depth_scale)
        height, width = depth.shape
        if rgb.shape[1:] != depth.shape:
            raise UserError(
                f"'{self.rgb}' has {rgb.shape[2]} x {rgb.shape[1]} pixels, its depth {width} x "
                f'{height}: register and resize the depth to the colour image'
            )
        return Frame(rgb, depth, self._camera_at(width, height), self.scene or '', self)

    def _camera_at(self, width: int, height: int) -> Intrinsics | None:
        camera = self.camera
        if camera is None or (camera.width, camera.height) == (width, height):
            return camera
        if abs(camera.width * height - camera.height * width) > max(width, height):  # a pixel
            raise UserError(
                f"'{self.rgb}' has {width} x {height} pixels, its intrinsics are for "
                f'{camera.width} x {camera.height}'
            )
        return camera.resized(width, height)


class PairFolder(ABC):
    """One recorded set of image pairs."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    @abstractmethod
    def kind(self) -> str:
        """Which layout it is, for people."""

    @abstractmethod
    def pairs(self) -> list[PairRef]:
        """Its frames in order, named within the folder and each with a scene."""

    def notes(self) -> list[str]:
        """What people should know of it."""
        return []
