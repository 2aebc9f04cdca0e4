"""The node's parameters of metric scale: what the robot knows of metres."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.pose import parse_pose
from fastdepth_ros.ros.parameter_field import parameter

TF = 'tf'  # as extrinsics: look it up
MOUNT, IMU = 'mount', 'imu'
AT_THE_CAMERA = '0 0 0 0 0 0'
HIGHEST = 20.0  # m of a camera above its floor
POSE = (
    'x y z roll pitch yaw, in m and rad, of the sensor in the body frame of the camera (REP 103: '
    "x forward, y left, z up, at the optical frame's origin), or tf"
)


@dataclass(frozen=True)
class ScaleParameters:
    """Each source is optional; all can be set while the node runs."""

    scale_file: str = parameter(
        '', "calibration YAML of `fastdepth_ros calibrate`, applied before all else; '' is none"
    )
    camera_height: float = parameter(
        0.0,
        'm of the camera above the floor, for the scale by the ground plane; 0 is off, or with '
        'up_source tf the height of the camera in base_frame',
        limits=(0.0, HIGHEST),
    )
    up_source: str = parameter(
        MOUNT,
        'what says which way is up: mount (camera_pitch and camera_roll), imu (imu_topic) or tf '
        '(z of base_frame)',
        choices=(MOUNT, IMU, TF),
    )
    camera_pitch: float = parameter(
        0.0, 'degrees that the camera looks down on level ground (REP 103)', limits=(-90.0, 90.0)
    )
    camera_roll: float = parameter(
        0.0, 'degrees that the camera leans to its right (REP 103)', limits=(-180.0, 180.0)
    )
    imu_topic: str = parameter('imu', 'sensor_msgs/Imu, for up_source imu')
    imu_extrinsics: str = parameter(AT_THE_CAMERA, POSE)
    base_frame: str = parameter('base_footprint', 'frame on the floor with z up, for up_source tf')
    scan_topic: str = parameter('', "LaserScan that the depth is scaled to; '' is none")
    scan_extrinsics: str = parameter(AT_THE_CAMERA, POSE)
    range_topic: str = parameter('', "sensor_msgs/Range, likewise; '' is none")
    range_extrinsics: str = parameter(AT_THE_CAMERA, POSE)
    cloud_topic: str = parameter('', "PointCloud2 of a lidar or depth camera; '' is none")
    cloud_extrinsics: str = parameter(AT_THE_CAMERA, POSE)
    scale_shift: bool = parameter(
        False, 'fit an additive shift to the ranges instead of a lean; needs near and far returns'
    )
    scale_window: float = parameter(
        0.3,
        's of ranges that one fit of the scale looks at; of a Range topic 2 at least',
        limits=(0.0, 60.0),
    )
    scale_max_rate: float = parameter(
        1.0,
        'the most that the scale changes in a second, as a share of itself',
        limits=(0.001, 10.0),
    )
    scale_hold: float = parameter(
        5.0,
        's without a good measurement from which on the scale, which stays as it is, counts as '
        'held, and diagnostics warn',
        limits=(0.1, 3600.0),
    )
    smoothing_frames: int = parameter(
        1,
        'images that the depth is averaged over where the view stands still, against flicker; it '
        'lags by as many less one there, and by none where something moves; 1 is off',
        limits=(1, 60),
    )

    @property
    def grounded(self) -> bool:
        """Whether the ground plane is a source."""
        return self.camera_height > 0 or self.up_source == TF

    @property
    def scaled(self) -> bool:
        """Whether anything is measured."""
        return self.grounded or bool(self.scan_topic or self.range_topic or self.cloud_topic)

    @property
    def tf_users(self) -> list[str]:
        """The parameters in use that ask for tf."""
        found = ['up_source'] if self.up_source == TF else []
        if self.grounded and self.up_source == IMU and self.imu_extrinsics == TF:
            found.append('imu_extrinsics')
        for name in ('scan', 'range', 'cloud'):
            if getattr(self, f'{name}_topic') and getattr(self, f'{name}_extrinsics') == TF:
                found.append(f'{name}_extrinsics')
        return found

    def pose_of(self, name: str) -> np.ndarray | None:
        """(4, 4) of a sensor in the camera's body frame; None: by tf. UserError for nonsense."""
        text = getattr(self, f'{name}_extrinsics')
        if text == TF:
            return None
        return parse_pose(f'parameter {name}_extrinsics', text)

    def check_scale(self) -> None:
        """UserError for values that do not do."""
        for name in ('imu', 'scan', 'range', 'cloud'):
            self.pose_of(name)
        if self.up_source == IMU and not self.imu_topic:
            raise UserError("parameter imu_topic is '': up_source imu needs one")
        if self.up_source == TF and not self.base_frame:
            raise UserError("parameter base_frame is '': up_source tf needs one")
