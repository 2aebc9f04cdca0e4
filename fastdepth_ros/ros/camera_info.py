"""From and to sensor_msgs/CameraInfo."""

from __future__ import annotations

import array

from rclpy.impl.rcutils_logger import RcutilsLogger
from sensor_msgs.msg import CameraInfo
from std_msgs.msg import Header

from fastdepth_ros.geometry.camera_info import CameraModel, as_delivered

QUIET = 5.0  # s between two warnings of the same kind


def read_camera_info(message: CameraInfo) -> CameraModel:
    """The camera as its image is delivered: the message's ROI and binning are folded in."""
    full = CameraModel(
        width=message.width,
        height=message.height,
        k=message.k.tolist(),
        p=message.p.tolist(),
        r=message.r.tolist(),
        d=message.d.tolist(),
        distortion_model=message.distortion_model,
    )
    roi = message.roi
    return as_delivered(
        full,
        (roi.x_offset, roi.y_offset, roi.width, roi.height),
        (message.binning_x, message.binning_y),
    )


def write_camera_info(camera: CameraModel, header: Header) -> CameraInfo:
    """The message of an image of camera.width x camera.height pixels with this header."""
    return CameraInfo(
        header=header,
        width=camera.width,
        height=camera.height,
        distortion_model=camera.distortion_model,
        d=array.array('d', camera.d),
        k=list(camera.k),
        r=list(camera.r),
        p=list(camera.p),
    )


class LatestCamera:
    """The latest CameraInfo, never matched to an image by stamp.

    A camera whose CameraInfo is late, rare, wrong or missing still gets its depth: unscaled, and
    the log says why.
    """

    def __init__(self, logger: RcutilsLogger) -> None:
        self._logger = logger
        self._camera: CameraModel | None = None

    @property
    def known(self) -> bool:
        """Whether any CameraInfo has come."""
        return self._camera is not None

    def update(self, message: CameraInfo) -> None:
        """Takes a new CameraInfo; the next image is measured with it."""
        self._camera = read_camera_info(message)
        if self._camera.intrinsics is None:
            self._logger.warning(
                'camera_info is uncalibrated (K[0] is 0, or K is not finite): the depth is '
                'unscaled; calibrate the camera for metres',
                once=True,
            )

    def of_image(self, width: int, height: int) -> CameraModel | None:
        """The camera of an image of this size, None before the first CameraInfo."""
        camera = self._camera
        if camera is None or (camera.width, camera.height) == (width, height):
            return camera
        self._logger.warning(
            f'camera_info is of {camera.width}x{camera.height} pixels, after its ROI and binning, '
            f'but the image has {width}x{height}: taken as uncalibrated, the depth is unscaled',
            throttle_duration_sec=QUIET,
        )
        return CameraModel(width, height)
