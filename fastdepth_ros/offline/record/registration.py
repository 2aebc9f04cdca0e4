"""From a message of any kind of depth to depth on the pixels of the frames."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from fastdepth_ros.bags.topics import Kind, Streams, base
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.calibration_file import read_calibration
from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.projection import (
    distorted_rays,
    pinhole_rays,
    project_depth,
    project_points,
    transform_points,
)
from fastdepth_ros.messages.depth_image import read_depth
from fastdepth_ros.messages.points import read_cloud, read_scan
from fastdepth_ros.offline.record.cameras import Camera, FrameCamera, same_pixels
from fastdepth_ros.offline.record.extrinsics import Given, find_extrinsics
from fastdepth_ros.offline.record.options import Options
from fastdepth_ros.offline.record.survey import Survey


@dataclass(frozen=True)
class DepthReader:
    """(h, w) float32 metres on the frames' pixels, 0 = none, of a message; and how it is made."""

    read: Callable[[Any], np.ndarray]
    how: str


def frame_camera(streams: Streams, survey: Survey, options: Options) -> FrameCamera:
    """The camera of the frames; UserError where nothing says what it is."""
    if options.camera_info_url:
        model: CameraModel | None = read_calibration(options.camera_info_url, no_packages)
    else:
        model = survey.cameras.get(streams.camera_info)
    if model is None:
        raise UserError(
            f'no CameraInfo for {streams.image} in the bag: name its topic by --camera-info, or '
            'give a calibration YAML by --camera-info-url'
        )
    return FrameCamera(Camera.of(model, base(streams.image), options.rectify))


def no_packages(name: str) -> str:
    """Where a ROS package is, which is not known without ROS."""
    raise UserError(f"--camera-info-url is in the package '{name}': give its path")


def depth_reader(
    streams: Streams, survey: Survey, options: Options, camera: FrameCamera, given: Given
) -> DepthReader:
    """How the depth of this bag is read; UserError where it cannot be brought to the image."""
    if streams.kind != Kind.DEPTH:
        return point_reader(streams, survey, camera, given)
    same_frame = survey.image.frame == survey.depth.frame and not isinstance(given, np.ndarray)
    source = find_depth_camera(streams, survey, options)
    why = registered_by(source, camera.camera, same_frame, options)
    if why:
        return DepthReader(lambda m: camera.registered(read_depth(m)), f'registered, {why}')
    if source is None:
        raise UserError(
            f'no calibrated CameraInfo for {streams.depth} in the bag: name its topic by '
            "--depth-camera-info, or say --registered if it lies on the image's pixels"
        )
    transform, name = np.eye(4), 'its frame_id'
    if not same_frame:
        transform, name = extrinsics(streams, survey, given)
    projection = DepthProjection(source, transform, camera)
    return DepthReader(projection, f'projected, extrinsics by {name}')


def registered_by(
    source: Camera | None, target: Camera, same_frame: bool, options: Options
) -> str:
    """What says that depth of `source` lies on the pixels of `target` already; '' if nothing."""
    if options.registered:
        return 'as told'
    if not same_frame:
        return ''
    if source is None:
        return 'by its frame_id'
    return 'by its frame_id and K' if same_pixels(source, target) else ''


def find_depth_camera(streams: Streams, survey: Survey, options: Options) -> Camera | None:
    """The camera of the depth image, None where the bag does not say or it is uncalibrated."""
    model = survey.cameras.get(streams.depth_camera_info)
    if model is None or model.intrinsics is None:
        return None
    return Camera.of(model, base(streams.depth), options.rectify)


def extrinsics(streams: Streams, survey: Survey, given: Given) -> tuple[np.ndarray, str]:
    """((4, 4) from the depth's frame to the image's, where it is from)."""
    image, depth = survey.image.frame, survey.depth.frame
    found = find_extrinsics(given, survey.tf, image, depth)
    if found is None:
        registered = ", or --registered if it lies on the image's pixels all the same"
        raise UserError(
            f"{streams.depth} is in the frame '{depth}' and {streams.image} in '{image}', and no "
            'fixed tf of the bag connects them: give --extrinsics x y z qx qy qz qw (m; the pose '
            f"of '{depth}' in '{image}') or a YAML file"
            + (registered if streams.kind == Kind.DEPTH else '')
        )
    return found


def point_reader(
    streams: Streams, survey: Survey, camera: FrameCamera, given: Given
) -> DepthReader:
    """Sparse depth: the points of a scan or cloud as the camera sees them."""
    transform, source = extrinsics(streams, survey, given)
    read = read_scan if streams.kind == Kind.SCAN else read_cloud
    return DepthReader(
        lambda m: project_points(transform_points(read(m), transform), camera.intrinsics),
        f'{streams.kind.name.lower()} points, extrinsics by {source}',
    )


class DepthProjection:
    """Depth of a camera of its own, as the colour camera would measure it."""

    def __init__(self, source: Camera, transform: np.ndarray, target: FrameCamera) -> None:
        self._source, self._transform, self._target = source, transform, target.intrinsics
        distorted = source.distorted
        self._rays = distorted_rays(source.model) if distorted else pinhole_rays(source.pinhole)

    def __call__(self, message: Any) -> np.ndarray:
        """(h, w) float32 metres on the target's pixels, of an Image or CompressedImage."""
        depth = read_depth(message)
        if depth.shape != self._rays.shape[:2]:
            raise UserError(
                f'it has {depth.shape[1]}x{depth.shape[0]} pixels, but its CameraInfo is of '
                f'{self._rays.shape[1]}x{self._rays.shape[0]} after its ROI and binning'
            )
        return project_depth(depth, self._rays, self._transform, self._target)
