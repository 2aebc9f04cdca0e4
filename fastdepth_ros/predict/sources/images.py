"""Images by name, and folders of images or of RGB-D frames."""

from __future__ import annotations

from collections.abc import Generator
from fractions import Fraction
from pathlib import Path

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.rgbd_meta import RgbdMeta, read_meta
from fastdepth_ros.pictures.frames import image_paths, is_rgbd, read_image
from fastdepth_ros.predict.sources.source import Sample, Source


class ImageSource(Source):
    """Images that the user named one by one."""

    label = name = 'images'
    folder = ''
    moving = False

    def __init__(self, paths: list[Path], rate: Fraction) -> None:
        self.rate = rate
        self._plan(paths, [path.stem for path in paths])

    def _plan(self, paths: list[Path], names: list[str]) -> None:
        """Keeps what is to be read; UserError if two would be written to the same file."""
        self.paths, self.names, self.count = paths, names, len(paths)
        taken: dict[str, Path] = {}
        for path, name in zip(paths, names, strict=True):
            if name in taken:
                raise UserError(
                    f"'{taken[name]}' and '{path}' would both be written as '{name}': give them "
                    'in two calls, each with an --out of its own'
                )
            taken[name] = path

    def samples(self, bad: BadFrames) -> Generator[Sample, None, None]:
        """In the order given."""
        for index, (path, name) in enumerate(zip(self.paths, self.names or [], strict=True)):
            try:
                frame = read_image(path)
            except UserError as error:
                bad.handle(error)
                continue
            yield Sample(name, index / self.rate, frame.rgb, self._camera(name))

    def _camera(self, _: str) -> CameraModel | None:
        return None


class FolderSource(ImageSource):
    """The images of a folder by name; of an RGB-D folder rgb/, with meta.json's intrinsics."""

    def __init__(self, folder: Path, rate: Fraction, recursive: bool) -> None:
        rgbd = is_rgbd(folder)
        images = folder / 'rgb' if rgbd else folder
        paths = image_paths(images, '**/*' if recursive else '*')
        self._meta = read_meta(folder) if rgbd else RgbdMeta()
        self.label = str(folder)
        self.name = self.folder = folder.resolve().name
        self.rate = rate
        self._plan(paths, [p.relative_to(images).with_suffix('').as_posix() for p in paths])

    def _camera(self, name: str) -> CameraModel | None:
        intrinsics = self._meta.camera_of(name)
        return None if intrinsics is None else CameraModel.pinhole(intrinsics)
