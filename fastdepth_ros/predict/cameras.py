"""Which camera took an image: as the command line says, else as the source says."""

from __future__ import annotations

import argparse

from fastdepth_ros.errors import UserError
from fastdepth_ros.files import user_path
from fastdepth_ros.geometry.calibration_file import read_calibration
from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.distortion import check_distortion, is_distorted
from fastdepth_ros.geometry.intrinsics import Intrinsics

Size = tuple[int, int]
HFOV = (1, 170)  # degrees


def add_camera_arguments(parser: argparse.ArgumentParser) -> None:
    """Ways to give the camera, of which one is enough."""
    group = parser.add_argument_group(
        'camera', "for metres on your camera; else as the source says, else the model's own"
    ).add_mutually_exclusive_group()
    group.add_argument('--hfov', type=float, metavar='DEGREES', help='horizontal field of view')
    group.add_argument(
        '--intrinsics',
        type=float,
        nargs=4,
        metavar=('FX', 'FY', 'CX', 'CY'),
        help='of the source image, px',
    )
    group.add_argument(
        '--camera-info',
        metavar='YAML',
        help="a calibration file, as ROS's camera_calibration writes it; undistorts, too",
    )


class CameraChoice:
    """The camera that the command line gives for every image, or the source's own."""

    def __init__(self, args: argparse.Namespace) -> None:
        """UserError for a camera that is none."""
        self._hfov: float | None = args.hfov
        self._file: CameraModel | None = None
        self._pinhole: list[float] | None = args.intrinsics
        self._size: Size | None = None  # that the given intrinsics are of
        if args.hfov is not None and not HFOV[0] <= args.hfov <= HFOV[1]:
            raise UserError(f'--hfov is {args.hfov:g}: {HFOV[0]} to {HFOV[1]} degrees are allowed')
        if args.intrinsics and self._given((1, 1)).intrinsics is None:
            raise UserError(
                f'--intrinsics are {" ".join(map(str, args.intrinsics))}: finite FX FY CX CY are '
                'needed, FX and FY above 0'
            )
        if args.camera_info is not None:
            self._file = read_camera_file(args.camera_info)

    def _given(self, size: Size) -> CameraModel:
        fx, fy, cx, cy = self._pinhole or (0.0,) * 4
        return CameraModel.pinhole(Intrinsics(fx, fy, cx, cy, *size))

    def of_image(self, own: CameraModel | None, size: Size) -> CameraModel | None:
        """The camera of an image of `size`; `own` is what its source knows of it.

        UserError if the camera is of another size: a field of view fits every size, pixels do not.
        """
        if self._hfov is not None:
            return CameraModel.pinhole(Intrinsics.from_hfov(*size, self._hfov))
        if self._pinhole is not None:
            self._size = self._size or size  # of the first image
            _check_size('--intrinsics', self._size, size)
            return self._given(size)
        if self._file is not None:
            _check_size('--camera-info', (self._file.width, self._file.height), size)
            return self._file
        if own is not None:
            _check_size("the source's own camera", (own.width, own.height), size)
        return own


def read_camera_file(url: str) -> CameraModel:
    """The camera of a calibration YAML, whose distortion can be undone."""

    def no_package(name: str) -> str:
        raise UserError(f"--camera-info names the package '{name}': give the path of the file")

    if not user_path(url).is_file() and '://' not in url:
        raise UserError(f"--camera-info '{url}' does not exist")
    camera = read_calibration(url, no_package)
    if is_distorted(camera):
        check_distortion(camera)
    return camera


def _check_size(what: str, camera: Size, image: Size) -> None:
    if camera != image:
        raise UserError(
            f'{what} is of {camera[0]}x{camera[1]} pixels but the image has '
            f'{image[0]}x{image[1]}: give --hfov, which fits every size'
        )
