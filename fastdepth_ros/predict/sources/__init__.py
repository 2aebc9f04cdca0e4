"""Where pictures come from: the kind of each INPUT, and its reader."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path

from fastdepth_ros.errors import UserError
from fastdepth_ros.files import user_path
from fastdepth_ros.pictures.frames import SUFFIXES, quiet_opencv
from fastdepth_ros.predict.sources.images import FolderSource, ImageSource
from fastdepth_ros.predict.sources.source import Source

BAG_SUFFIXES = ('.db3', '.mcap', '.bag')
DEVICE = re.compile(r'(?:/dev/video)?(\d{1,3})')


def open_sources(
    inputs: Sequence[str], rate: Fraction, recursive: bool = False, topic: str | None = None
) -> list[Source]:
    """A source for each input, images on their own together as one.

    `rate`: images a second in a video of images. UserError names the first that cannot be read.
    """
    quiet_opencv()
    sources: list[Source] = []
    images: list[Path] = []
    for name in inputs:
        path = user_path(name)
        if path.is_file() and path.suffix.lower() in SUFFIXES:
            images.append(path)
        else:
            sources.append(_open(name, path, rate, recursive, topic))
    if images:
        sources.insert(0, ImageSource(images, rate))
    _check_names(sources)
    return sources


def _check_names(sources: list[Source]) -> None:
    seen: dict[str, Source] = {}
    for source in sources:
        first = seen.setdefault(source.name, source)
        if first is not source:
            raise UserError(
                f"'{first.label}' and '{source.label}' would both be written as '{source.name}': "
                'give them in two calls, each with an --out of its own'
            )


def _open(name: str, path: Path, rate: Fraction, recursive: bool, topic: str | None) -> Source:
    """Each kind's library is imported only for inputs of that kind."""
    device = DEVICE.fullmatch(name)
    if device and (not path.exists() or name.startswith('/dev/')):
        from fastdepth_ros.predict.sources.webcam import WebcamSource

        return WebcamSource(int(device[1]))
    if is_bag(path):
        from fastdepth_ros.predict.sources.bag import BagSource

        return BagSource(path, topic)
    if path.is_dir():
        return FolderSource(path, rate, recursive)
    if path.is_file():
        from fastdepth_ros.predict.sources.video import VideoSource

        return VideoSource(path)
    raise UserError(
        f"input '{name}' does not exist: give an image, a folder of images, a video, a bag, or a "
        'camera such as 0 or /dev/video0'
    )


def is_bag(path: Path) -> bool:
    """A rosbag2 folder (metadata.yaml in it), or a bag's file itself."""
    if path.is_dir():
        return (path / 'metadata.yaml').is_file()
    return path.is_file() and path.suffix.lower() in BAG_SUFFIXES
