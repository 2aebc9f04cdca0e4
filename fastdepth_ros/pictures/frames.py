"""Where a camera's frames come from: a video, a webcam, a folder of images or of RGB-D frames.

Every source is an endless iterator of Frame: what ends begins again.
"""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.files import natural_order, user_path
from fastdepth_ros.geometry import rgbd_meta
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.rgbd_meta import RgbdMeta, read_meta
from fastdepth_ros.pictures.decoding import decode
from fastdepth_ros.pictures.image_files import DEPTH_SUFFIX, read_depth, read_picture

SUFFIXES = ('.jpg', '.jpeg', '.png', '.bmp', '.ppm', '.tif', '.tiff', '.webp')
RATE = 15.0  # Hz, where the source has none of its own


@dataclass(frozen=True)
class Frame:
    """An image, and what else is known of it."""

    rgb: np.ndarray  # (H, W, 3) uint8
    depth: np.ndarray | None = None  # (H, W) float32 metres along the optical axis, NaN unknown
    intrinsics: Intrinsics | None = None


@dataclass(frozen=True)
class Source:
    """An endless run of frames, `rate` of them a second."""

    frames: Iterator[Frame]
    rate: float = RATE


def open_input(name: str, hfov: float | None = None) -> Source:
    """A video file, an image, a folder, or the index of a webcam.

    With `hfov`, every frame is said to be of a camera with this horizontal field of view, degrees.
    The first frame is read at once, so that a UserError says here what cannot be played.
    """
    quiet_opencv()
    path, rate = user_path(name), RATE
    if path.is_dir():
        frames = _folder(path)
    elif path.is_file():
        frames, rate = _video(path), _video_rate(path)
    elif name.isdecimal():
        frames = webcam(int(name))
    else:
        raise UserError(
            f"input '{name}' does not exist: give a video file, a folder of images, or the index "
            'of a camera, such as 0'
        )
    if hfov is not None:
        frames = (_taken_with(frame, hfov) for frame in frames)
    return Source(itertools.chain([next(frames)], frames), rate)


def quiet_opencv() -> None:
    """Keeps OpenCV's complaints to itself: they are no help to users."""
    os.environ.setdefault('OPENCV_FFMPEG_LOGLEVEL', '-8')
    if hasattr(cv2, 'setLogLevel'):  # OpenCV of Ubuntu 22.04 and 24.04
        cv2.setLogLevel(0)
    else:
        cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)


def _taken_with(frame: Frame, hfov: float) -> Frame:
    rows, columns = frame.rgb.shape[:2]
    return replace(frame, intrinsics=Intrinsics.from_hfov(columns, rows, hfov))


def is_rgbd(folder: Path) -> bool:
    """Whether it holds RGB-D frames, and not plain images."""
    return all((folder / name).exists() for name in (rgbd_meta.NAME, 'rgb', 'depth'))


def _folder(folder: Path) -> Iterator[Frame]:
    """RGB-D frames if meta.json, rgb/ and depth/ are in it, plain images otherwise."""
    rgbd = is_rgbd(folder)
    images = folder / 'rgb' if rgbd else folder
    paths = image_paths(images)
    meta = read_meta(folder) if rgbd else RgbdMeta()
    bad: set[Path] = set()
    while len(bad) < len(paths):
        for path in paths:
            try:
                frame = _read_rgbd(folder, path, meta) if rgbd else read_image(path)
            except UserError as error:
                if path not in bad:
                    bad.add(path)
                    print(f'warning: {error}: skipped', file=sys.stderr)
                continue
            bad.discard(path)
            yield frame
    raise UserError(f"none of the {len(paths)} images in '{images}' can be read")


def image_paths(folder: Path, pattern: str = '*') -> list[Path]:
    """The images in `folder`, 9 before 10; '**/*' is also below it. UserError: there are none."""
    try:
        next(folder.iterdir(), None)  # glob says nothing of a folder that it may not read
        found = (p for p in folder.glob(pattern) if p.suffix.lower() in SUFFIXES)
        paths = sorted(found, key=lambda p: natural_order(p.as_posix()))
    except OSError as error:
        raise UserError(f"folder '{folder}' cannot be read: {error.strerror}") from error
    if not paths:
        raise UserError(f"folder '{folder}' holds no images ({', '.join(SUFFIXES)})")
    return paths


def read_image(path: Path) -> Frame:
    """The image as its EXIF says that it is to be turned; a UserError unless it is whole."""
    try:
        bgr = decode(path.read_bytes(), cv2.IMREAD_COLOR)
    except OSError as error:
        raise UserError(f"image '{path}' cannot be read: {error.strerror}") from error
    except UserError as error:
        raise UserError(f"image '{path}' cannot be read: {error}") from error
    return Frame(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB))


def _read_rgbd(folder: Path, path: Path, meta: RgbdMeta) -> Frame:
    """A colour image, its depth/NAME.png (uint16, 0 = unknown) and its intrinsics."""
    rgb = read_picture(path)
    metres = read_depth(folder / 'depth' / f'{path.stem}{DEPTH_SUFFIX}', meta.depth_scale)
    metres[metres == 0] = np.nan
    return Frame(rgb, metres, meta.camera_of(path.stem))


def _video_rate(path: Path) -> float:
    """Frames a second that the file asks for; RATE where it says nothing sensible."""
    rate = cv2.VideoCapture(str(path)).get(cv2.CAP_PROP_FPS)
    return rate if 1 <= rate <= 240 else RATE


def _video(path: Path) -> Iterator[Frame]:
    while True:
        capture = cv2.VideoCapture(str(path))
        good, bgr = capture.read()
        if not good:
            raise UserError(f"'{path}' cannot be played: OpenCV reads no video or image in it")
        while good:
            yield Frame(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB))
            good, bgr = capture.read()
        capture.release()


def webcam(index: int) -> Iterator[Frame]:
    """Its images as they come, without end; UserError if it is not there (any more)."""
    capture = cv2.VideoCapture(index)
    if not capture.isOpened():
        raise UserError(
            f"camera {index} cannot be opened: look at 'ls /dev/video*', and whether another "
            'program uses it'
        )
    while True:
        good, bgr = capture.read()
        if not good:
            raise UserError(f'camera {index} gives no image (any more): plug it in again')
        yield Frame(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB))
