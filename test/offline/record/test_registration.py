from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

pytest.importorskip('rosbags')
pytest.importorskip('h5py')

import bag_writer
from bag_writer import COLOUR, DEPTH, FRAME, BagWriter, camera_info, image
from recorded_scene import CAMERA, DEPTH_INFO, INFO, add_colour, millimetres, picture, plane

from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.projection import distorted_rays, pinhole_rays
from fastdepth_ros.geometry.quaternion import transform_matrix
from fastdepth_ros.offline.data.frames import Frame, list_frames, read_frame

Record = Callable[..., Any]
DEPTH_FRAME = 'camera_depth_optical_frame'
DEPTH_CAMERA = Intrinsics(66.0, 66.0, 48.0, 35.0, 96, 72)
XYZ, XYZW = (0.15, -0.02, 0.03), (0.02, -0.04, 0.01, 0.9989)
POSE = transform_matrix(XYZ, XYZW)  # of the depth camera in the colour camera
LASER_XYZ, LASER_XYZW = (0.05, 0.2, -0.1), (-0.5, 0.5, -0.5, -0.5)
# x forward, y left, z up of a scanner as the optical frame has them: -y, -z, x
LASER = transform_matrix((0.05, 0.2, -0.1), (0.5, -0.5, 0.5, -0.5))


def first(tmp_path: Path) -> Frame:
    return read_frame(list_frames(tmp_path / 'out', 'train')[0])


def write_depth(
    path: Path,
    depth: np.ndarray,
    camera: Any = DEPTH_CAMERA,
    frame: str = DEPTH_FRAME,
    fixed: tuple[Any, ...] = (),
) -> None:
    """A picture and a depth image of a camera of its own, and what is `fixed` in /tf_static."""
    with BagWriter(path) as bag:
        bag.add(INFO, camera_info(CAMERA))
        bag.add(DEPTH_INFO, camera_info(camera, frame=frame))
        add_colour(bag, 0, 0)
        bag.add(DEPTH, image(millimetres(depth), '16UC1', 0, frame))
        for message in fixed:
            bag.add('/tf_static', message)


def assert_is_the_plane(frame: Frame, least: float) -> None:
    truth = plane(pinhole_rays(frame.intrinsics))
    hit = frame.depth > 0
    assert hit.mean() > least
    slope = sum(np.abs(np.diff(truth, axis=axis)).max() for axis in (0, 1))  # m a pixel
    assert np.abs(frame.depth - truth)[hit].max() < 0.6 * slope + 0.001


def test_displaced_depth_is_projected_by_the_bags_tf(tmp_path: Path, record: Record) -> None:
    fixed = (
        bag_writer.tf('link', FRAME, (1, 2, 3), (0, 0, 0, 1)),
        bag_writer.tf('link', DEPTH_FRAME, (1 + XYZ[0], 2 + XYZ[1], 3 + XYZ[2]), XYZW),
    )
    depth = plane(pinhole_rays(DEPTH_CAMERA), POSE)
    write_depth(tmp_path / 'drive', depth, fixed=fixed)
    result = record(tmp_path / 'drive', '--val-share', 0)
    assert result['how'] == 'projected, extrinsics by /tf_static'
    assert_is_the_plane(first(tmp_path), 0.7)


def test_displaced_depth_is_refused_without_extrinsics_and_projected_with_them(
    tmp_path: Path, record: Record
) -> None:
    write_depth(tmp_path / 'drive', plane(pinhole_rays(DEPTH_CAMERA), POSE))
    line = record(tmp_path / 'drive', '--val-share', 0)
    assert f"{DEPTH} is in the frame '{DEPTH_FRAME}' and {COLOUR} in '{FRAME}'" in line
    assert 'give --extrinsics x y z qx qy qz qw' in line
    assert not (tmp_path / 'out').exists()
    result = record(tmp_path / 'drive', '--val-share', 0, '--extrinsics', *XYZ, *XYZW)
    assert result['how'] == 'projected, extrinsics by --extrinsics'
    assert_is_the_plane(first(tmp_path), 0.7)


def test_depth_of_the_same_place_and_another_lens_is_projected(
    tmp_path: Path, record: Record
) -> None:
    depth = plane(pinhole_rays(DEPTH_CAMERA))
    write_depth(tmp_path / 'drive', depth, frame=FRAME)
    result = record(tmp_path / 'drive', '--val-share', 0)
    assert result['how'] == 'projected, extrinsics by its frame_id'
    assert_is_the_plane(first(tmp_path), 0.7)


def test_what_the_user_knows_to_be_registered_is_taken_as_it_is(
    tmp_path: Path, record: Record
) -> None:
    depth = plane(pinhole_rays(CAMERA))
    write_depth(tmp_path / 'drive', depth, replace(CAMERA, fx=50.0))
    assert 'or --registered if it lies' in record(tmp_path / 'drive', '--val-share', 0)
    result = record(tmp_path / 'drive', '--val-share', 0, '--registered')
    assert result['how'] == 'registered, as told'
    np.testing.assert_allclose(first(tmp_path).depth, depth, atol=0.0006)


def test_a_tree_of_frames_does_not_undo_a_registration(tmp_path: Path, record: Record) -> None:
    (tmp_path / 'tf.yaml').write_text('transforms: []')
    depth = plane(pinhole_rays(CAMERA))
    write_depth(tmp_path / 'drive', depth, CAMERA, FRAME)
    result = record(tmp_path / 'drive', '--val-share', 0, '--extrinsics', tmp_path / 'tf.yaml')
    assert result['how'] == 'registered, by its frame_id and K'


def test_registered_depth_of_another_size_is_refused(tmp_path: Path, record: Record) -> None:
    write_depth(tmp_path / 'drive', plane(pinhole_rays(DEPTH_CAMERA)))
    line = record(tmp_path / 'drive', '--val-share', 0, '--registered')
    assert 'registered depth has 96x72 pixels, but the CameraInfo' in line


def test_depth_without_a_camera_of_its_own_in_another_frame_is_refused(
    tmp_path: Path, record: Record
) -> None:
    with BagWriter(tmp_path / 'drive') as bag:
        bag.add(INFO, camera_info(CAMERA))
        add_colour(bag, 0, 0)
        bag.add(DEPTH, image(np.ones((60, 80), np.uint16), '16UC1', 0, DEPTH_FRAME))
    assert f'no calibrated CameraInfo for {DEPTH} in the bag: name its' in record(
        tmp_path / 'drive'
    )


def test_a_scan_lands_on_the_right_pixels_with_the_right_z(tmp_path: Path, record: Record) -> None:
    # the wall z = 3 of the optical frame is x = 3.1 of a scanner 0.1 m behind the camera
    angles = np.linspace(-0.5, 0.5, 41)
    with BagWriter(tmp_path / 'drive') as bag:
        bag.add(INFO, camera_info(CAMERA))
        add_colour(bag, 0, 0)
        bag.add('/scan', bag_writer.scan(3.1 / np.cos(angles), -0.5, 0.025, 0, 'laser'))
        bag.add('/tf_static', bag_writer.tf(FRAME, 'laser', LASER_XYZ, LASER_XYZW))
    result = record(tmp_path / 'drive', '--val-share', 0)
    assert result['how'] == 'scan points, extrinsics by /tf_static'
    depth = first(tmp_path).depth
    rows, columns = np.nonzero(depth)
    np.testing.assert_allclose(depth[rows, columns], 3, atol=1e-5)
    # 0.2 m below the camera: y = 0.2; the scanner's left (y) is the image's -x
    assert set(rows) == {round(CAMERA.cy + CAMERA.fy * 0.2 / 3)}
    expected = {round(CAMERA.cx + CAMERA.fx * (0.05 - 3.1 * np.tan(a)) / 3) for a in angles}
    assert set(columns) == expected & set(range(80))


def test_the_pose_of_a_scanner_is_needed(tmp_path: Path, record: Record) -> None:
    with BagWriter(tmp_path / 'drive') as bag:
        bag.add(INFO, camera_info(CAMERA))
        add_colour(bag, 0, 0)
        bag.add('/scan', bag_writer.scan(np.full(9, 2.0), -0.1, 0.025, 0, 'laser'))
    line = record(tmp_path / 'drive')
    assert "/scan is in the frame 'laser'" in line
    assert 'give --extrinsics x y z' in line
    assert '--registered' not in line


def test_a_cloud_is_seen_by_the_camera(tmp_path: Path, record: Record) -> None:
    points = np.array([[4.1, 0, 0], [4.1, 1, 0.5], [-4, 0, 0], [2.1, 0, 0]])  # one is behind
    with BagWriter(tmp_path / 'drive') as bag:
        bag.add(INFO, camera_info(CAMERA))
        add_colour(bag, 0, 0)
        bag.add('/lidar', bag_writer.cloud(points, 0, 'laser'))
        bag.add('/scan', bag_writer.scan(np.full(9, 2.0), -0.1, 0.025, 0, 'laser'))
        bag.add('/tf_static', bag_writer.tf(FRAME, 'laser', LASER_XYZ, LASER_XYZW))
    assert '2 topics of kind' in record(tmp_path / 'drive')
    result = record(tmp_path / 'drive', '--depth', '/lidar', '--val-share', 0)
    assert result['how'] == 'cloud points, extrinsics by /tf_static'
    depth = first(tmp_path).depth
    found = {(int(v), int(u)): float(depth[v, u]) for v, u in zip(*np.nonzero(depth), strict=True)}
    expected = {}
    for x, y, z in ((0.05, 0.2, 4), (-0.95, -0.3, 4), (0.05, 0.2, 2)):
        u, v = CAMERA.cx + CAMERA.fx * x / z, CAMERA.cy + CAMERA.fy * y / z
        expected[round(v), round(u)] = pytest.approx(z)
    assert found == expected


DISTORTED = replace(CameraModel.pinhole(CAMERA), d=(-0.25, 0.06, 0.001, -0.001, 0.0))


def raw_picture(camera: CameraModel) -> np.ndarray:
    """What a distorted camera sees of a picture painted over the plane at infinity."""
    rays = distorted_rays(camera)
    x = (rays[..., 0] * CAMERA.fx + CAMERA.cx).astype(np.float32)
    y = (rays[..., 1] * CAMERA.fy + CAMERA.cy).astype(np.float32)
    return cv2.remap(picture(0), x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


@pytest.mark.parametrize('registered', [True, False])
def test_a_distorted_camera_is_undistorted_with_its_depth(
    tmp_path: Path, record: Record, registered: bool
) -> None:
    depth_model = DISTORTED if registered else CameraModel.pinhole(CAMERA)
    rays = distorted_rays(DISTORTED) if registered else pinhole_rays(CAMERA)
    with BagWriter(tmp_path / 'drive') as bag:
        bag.add(INFO, camera_info(DISTORTED))
        bag.add(DEPTH_INFO, camera_info(depth_model))
        bag.add(COLOUR, image(raw_picture(DISTORTED), 'rgb8', 0))
        bag.add(DEPTH, image(millimetres(plane(rays)), '16UC1', 0))
    result = record(tmp_path / 'drive', '--val-share', 0)
    assert result['how'].startswith('registered' if registered else 'projected')
    frame = first(tmp_path)
    assert frame.intrinsics == CAMERA  # of P
    assert_is_the_plane(frame, 0.9)
    middle = (slice(None), slice(8, -8), slice(8, -8))
    error = frame.rgb.astype(int) - picture(0).transpose(2, 0, 1)
    assert np.abs(error[middle]).mean() < 1
    unchanged = raw_picture(DISTORTED).astype(int) - picture(0)
    assert np.abs(unchanged[8:-8, 8:-8]).mean() > 3


def test_a_distorted_depth_camera_is_undistorted_as_it_is_projected(
    tmp_path: Path, record: Record
) -> None:
    model = replace(CameraModel.pinhole(DEPTH_CAMERA), d=(-0.3, 0.1, 0, 0, 0))
    write_depth(tmp_path / 'drive', plane(distorted_rays(model), POSE), model)
    record(tmp_path / 'drive', '--val-share', 0, '--extrinsics', *XYZ, *XYZW)
    assert_is_the_plane(first(tmp_path), 0.6)


def test_a_rectified_topic_is_of_p_and_is_left_as_it_is(tmp_path: Path, record: Record) -> None:
    p = [50.0, 0, 38.0, 0, 0, 51.0, 29.0, 0, 0, 0, 1, 0]
    with BagWriter(tmp_path / 'drive') as bag:
        bag.add('/front/camera_info', camera_info(replace(DISTORTED, p=p)))
        bag.add('/front/image_rect_color', image(picture(0), 'rgb8', 0))
        bag.add(DEPTH, image(np.ones((60, 80), np.uint16), '16UC1', 0))
    record(tmp_path / 'drive', '--val-share', 0)
    frame = first(tmp_path)
    assert frame.intrinsics == Intrinsics(50.0, 51.0, 38.0, 29.0, 80, 60)
    np.testing.assert_array_equal(frame.rgb, picture(0).transpose(2, 0, 1))


def test_a_distortion_that_is_not_known_is_refused_unless_it_may_stay(
    tmp_path: Path, record: Record
) -> None:
    odd = replace(DISTORTED, distortion_model='kannala')
    with BagWriter(tmp_path / 'drive') as bag:
        bag.add(INFO, camera_info(odd))
        add_colour(bag, 0, 0)
        bag.add(DEPTH, image(np.ones((60, 80), np.uint16), '16UC1', 0))
    assert "distortion_model 'kannala'" in record(tmp_path / 'drive')
    result = record(tmp_path / 'drive', '--val-share', 0, '--rectify', 'off')
    assert result['train'] == 1


def test_roi_and_binning_are_folded_in(tmp_path: Path, record: Record) -> None:
    message = camera_info(Intrinsics(240.0, 244.0, 179.0, 140.0, 400, 320))
    message.roi.x_offset, message.roi.y_offset = 21, 20
    message.roi.width, message.roi.height = 320, 240
    message.binning_x = message.binning_y = 4
    with BagWriter(tmp_path / 'drive') as bag:
        bag.add(INFO, message)
        add_colour(bag, 0, 0)
        bag.add(DEPTH, image(np.ones((60, 80), np.uint16), '16UC1', 0))
    record(tmp_path / 'drive', '--val-share', 0)
    assert first(tmp_path).intrinsics == Intrinsics(60.0, 61.0, 39.5, 30.0, 80, 60)
