"""From and to sensor_msgs/CameraInfo."""

from __future__ import annotations

import array
from enum import Enum

import numpy as np
from rclpy.impl.rcutils_logger import RcutilsLogger
from sensor_msgs.msg import CameraInfo
from std_msgs.msg import Header

from fastdepth_ros.geometry.camera_info import CameraModel, camera_of_message
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.ros.latest_message import LatestMessage
from fastdepth_ros.ros.quiet import QUIET


def write_camera_info(camera: CameraModel, header: Header) -> CameraInfo:
    """The message of an image of camera.width x camera.height pixels with this header."""
    return CameraInfo(
        header=header,
        width=camera.width,
        height=camera.height,
        distortion_model=camera.distortion_model,
        d=array.array('d', camera.d),
        # Humble refuses whole numbers, which an Intrinsics may have.
        k=np.array(camera.k, np.float64),
        r=np.array(camera.r, np.float64),
        p=np.array(camera.p, np.float64),
    )


class CameraState(str, Enum):
    """Where the camera of the last image comes from; the values are for diagnostics."""

    CALIBRATED = 'calibrated'
    STAND_IN_FILE = 'stand-in: camera_info_url'
    STAND_IN_FOV = 'stand-in: horizontal_fov'
    UNCALIBRATED = 'uncalibrated: K[0] is 0, or not finite'
    SIZE_MISMATCH = 'of another size than the image'
    FILE_SIZE_MISMATCH = 'stand-in: camera_info_url, of another size than the image'
    MISSING = 'missing'


PROBLEMS = {
    CameraState.UNCALIBRATED: 'camera_info is uncalibrated: the depth is unscaled and there is no '
    'cloud; calibrate the camera (camera_calibration)',
    CameraState.SIZE_MISMATCH: 'camera_info is of another size than the image: the depth is '
    'unscaled and there is no cloud; calibrate at the size that the camera publishes',
    CameraState.FILE_SIZE_MISMATCH: 'camera_info_url is of another size than the image: the depth '
    'is unscaled and there is no cloud; give a calibration at the size that the camera publishes',
    CameraState.MISSING: 'no camera_info: the depth is unscaled and there is no cloud; remap '
    'camera_info, or set camera_info_url or horizontal_fov',
    CameraState.STAND_IN_FOV: 'horizontal_fov stands in for camera_info: metres are as good as it',
}


class LatestCamera:
    """The latest CameraInfo, never matched to an image by stamp, or what stands in for it.

    A camera whose CameraInfo is late, rare, wrong or missing still gets its depth: unscaled, and
    the log says why.
    """

    def __init__(self, logger: RcutilsLogger) -> None:
        self._logger = logger
        self._camera: CameraModel | None = None
        self._file: CameraModel | None = None
        self._hfov = 0.0
        self.state = CameraState.MISSING
        self.source: LatestMessage | None = None  # is asked before each image is measured
        self.version = 0  # counts changes: of_image may answer otherwise from then on

    @property
    def known(self) -> bool:
        """Whether anything says what the camera is."""
        return self.state != CameraState.MISSING

    @property
    def problem(self) -> str:
        """What is wrong with that, and what to do; '' where nothing is."""
        return PROBLEMS.get(self.state, '')

    def stand_in(self, file: CameraModel | None, hfov: float) -> None:
        """What to take while no CameraInfo has come; `hfov` in degrees, 0 for unknown."""
        self._file, self._hfov = file, hfov
        self.version += 1

    def update(self, message: CameraInfo) -> None:
        """Takes a new CameraInfo; the next image is measured with it."""
        camera = camera_of_message(message)
        if camera.intrinsics is None:
            camera = CameraModel(camera.width, camera.height)
            self._logger.warning(
                'camera_info is uncalibrated (K[0] is 0, or K is not finite): the depth is '
                'unscaled; calibrate the camera for metres',
                once=True,
            )
        if str(camera) != str(self._camera):  # as text: NaN does not equal itself
            self._camera = camera
            self.version += 1

    def of_image(self, width: int, height: int) -> CameraModel | None:
        """The camera of an image of this size, None where nothing is known of it."""
        self.look()
        camera = self._camera or self._file
        if camera is None:
            if self.state == CameraState.MISSING:
                return None
            return CameraModel.pinhole(Intrinsics.from_hfov(width, height, self._hfov))
        if (camera.width, camera.height) == (width, height):
            return camera
        self._say_mismatch(camera, width, height)
        return CameraModel(width, height)

    def look(self) -> None:
        """Takes a new CameraInfo; `state` is then that of an image whose size is not known yet."""
        message = self.source and self.source.take()
        if message:
            self.update(message)
        if self._camera is not None:
            calibrated = self._camera.intrinsics is not None
            self.state = CameraState.CALIBRATED if calibrated else CameraState.UNCALIBRATED
        elif self._file is not None:
            self.state = CameraState.STAND_IN_FILE
        else:
            self.state = CameraState.STAND_IN_FOV if self._hfov else CameraState.MISSING

    def _say_mismatch(self, camera: CameraModel, width: int, height: int) -> None:
        of_file = self.state == CameraState.STAND_IN_FILE
        self.state = CameraState.FILE_SIZE_MISMATCH if of_file else CameraState.SIZE_MISMATCH
        self._logger.warning(
            f'{"camera_info_url" if of_file else "camera_info"} is of '
            f'{camera.width}x{camera.height} pixels, after its ROI and binning, but the image has '
            f'{width}x{height}: taken as uncalibrated, the depth is unscaled',
            throttle_duration_sec=QUIET,
        )
