from __future__ import annotations

import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip('rosbags')
pytest.importorskip('h5py')
pytest.importorskip('rclpy')

from bag_writer import COLOUR, DEPTH, SENSOR, START, BagWriter
from builtin_interfaces.msg import Time
from rclpy.serialization import serialize_message
from recorded_scene import CAMERA, DEPTH_INFO, INFO, picture
from sensor_msgs.msg import CameraInfo, Image
from std_msgs.msg import Header

from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.offline.data.frames import list_frames, read_frame
from fastdepth_ros.ros.camera_info import write_camera_info


def test_what_ros_itself_serialises_is_read(tmp_path: Path, record: Callable[..., Any]) -> None:
    header = Header(stamp=Time(sec=START, nanosec=5), frame_id='camera_optical_frame')
    millimetres = np.arange(60 * 80, dtype=np.uint16).reshape(60, 80)

    def image(pixels: np.ndarray, encoding: str) -> Image:
        data = array.array('B', pixels.tobytes())
        step = len(data) // 60
        return Image(header=header, height=60, width=80, encoding=encoding, step=step, data=data)

    info = write_camera_info(CameraModel.pinhole(CAMERA), header)
    messages = {
        INFO: info,
        DEPTH_INFO: info,
        COLOUR: image(picture(0), 'rgb8'),
        DEPTH: image(millimetres, '16UC1'),
    }
    with BagWriter(tmp_path / 'drive', 'mcap') as bag:
        for topic, message in messages.items():
            kind = 'CameraInfo' if isinstance(message, CameraInfo) else 'Image'
            bag.add_bytes(topic, SENSOR + kind, serialize_message(message))
    assert record(tmp_path / 'drive', '--val-share', 0)['train'] == 1
    (ref,) = list_frames(tmp_path / 'out', 'train')
    frame = read_frame(ref)
    assert ref.path.stem == f'{START}000000005'
    assert frame.intrinsics == CAMERA
    np.testing.assert_array_equal(frame.rgb, picture(0).transpose(2, 0, 1))
    np.testing.assert_array_equal(frame.depth, millimetres / np.float32(1000))
