from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from ros_harness import NodeProcess, Peer, make_image, make_info
from sensor_msgs.msg import CameraInfo, Image, RegionOfInterest

from fastdepth_ros.engines.preprocess import ENCODINGS

pytestmark = pytest.mark.ros

WIDTH, HEIGHT, F_MODEL = 96, 64, 80.0  # of the stub, whose depth is 0.5 m + 4 m * mean(rgb) / 255


def coloured(grey: np.ndarray, encoding: str) -> np.ndarray:
    """The same picture in an encoding that is read in place."""
    channels = ENCODINGS[encoding][0]
    pixels = np.repeat(grey[:, :, None], channels, 2)
    if channels == 4:
        pixels[:, :, 3] = 7  # alpha is no colour
    return pixels[:, :, 0] if channels == 1 else pixels


def test_depth_has_the_camera_s_header_and_the_network_s_size(running) -> None:
    _, peer = running
    image = make_image(np.full((48, 80, 3), 51, np.uint8))
    depth, metres = peer.depth_of(peer.image, image)
    assert depth.header == image.header
    assert (depth.encoding, depth.width, depth.height) == ('32FC1', WIDTH, HEIGHT)
    assert depth.step == 4 * WIDTH
    assert depth.is_bigendian == (sys.byteorder == 'big')
    assert np.ptp(metres) == 0


def check_encodings(peer: Peer, grey: np.ndarray) -> None:
    """All that are read in place give the same depth, with and without padding."""
    _, expected = peer.depth_of(peer.image, make_image(coloured(grey, 'rgb8')))
    assert np.ptp(expected) > 2
    for encoding in ENCODINGS:
        for padding in (0, 5):
            image = make_image(coloured(grey, encoding), encoding, padding)
            _, found = peer.depth_of(peer.image, image)
            np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_every_encoding_gives_the_same_depth(running, grey: np.ndarray) -> None:
    check_encodings(running[1], grey)


def test_message_field_checks_may_be_on(start, grey: np.ndarray) -> None:
    _, peer = start(ROS_PYTHON_CHECK_FIELDS='1')
    peer.send_info(make_info(80, 48, 100.0))
    check_encodings(peer, grey)
    assert peer.infos[-1].width == WIDTH


def test_other_encodings_go_through_cv_bridge(running) -> None:
    pytest.importorskip('cv_bridge')
    _, peer = running
    pixels = np.full((48, 80), 51, np.uint8)
    _, expected = peer.depth_of(peer.image, make_image(pixels, 'mono8'))
    _, found = peer.depth_of(peer.image, make_image(pixels, 'bayer_rggb8', padding=3))
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_twice_the_focal_length_is_twice_the_depth(running) -> None:
    _, peer = running
    image = make_image(np.full((48, 80), 51, np.uint8), 'mono8')
    for f in (100.0, 200.0):
        peer.send_info(make_info(80, 48, f))
        _, metres = peer.depth_of(peer.image, image)
        f_input = np.sqrt(f * WIDTH / 80 * f * HEIGHT / 48)
        np.testing.assert_allclose(metres, (0.5 + 4 * 51 / 255) * f_input / F_MODEL, rtol=1e-5)


def test_camera_info_is_scaled_to_the_depth(running, grey: np.ndarray) -> None:
    _, peer = running
    peer.send_info(make_info(80, 48, 100.0))
    image = make_image(grey, 'mono8')
    peer.depth_of(peer.image, image)
    info, sx, sy = peer.info_of(image), WIDTH / 80, HEIGHT / 48
    assert info.header == image.header
    assert (info.width, info.height) == (WIDTH, HEIGHT)
    fx, fy, cx, cy = 100 * sx, 100 * sy, 40 * sx, 24 * sy
    np.testing.assert_allclose(info.k, [fx, 0, cx, 0, fy, cy, 0, 0, 1])
    np.testing.assert_allclose(info.p, [fx, 0, cx, -10 * sx, 0, fy, cy, 0, 0, 0, 1, 0])
    assert info.distortion_model == 'plumb_bob'
    assert not any(info.d)


def test_roi_and_binning_of_the_camera_are_folded_in(running, grey: np.ndarray) -> None:
    _, peer = running
    sensor = make_info(200, 120, 250.0)
    sensor.binning_x = sensor.binning_y = 2
    sensor.roi = RegionOfInterest(x_offset=20, y_offset=10, width=160, height=96)
    peer.send_info(sensor)
    image = make_image(grey, 'mono8')  # 80 x 48
    peer.depth_of(peer.image, image)
    info = peer.info_of(image)
    assert info.k[0] == pytest.approx(250 / 2 * WIDTH / 80)
    assert info.k[2] == pytest.approx((100 - 20) / 2 * WIDTH / 80)
    assert info.p[6] == pytest.approx((60 - 10) / 2 * HEIGHT / 48)
    assert info.roi == RegionOfInterest()
    assert (info.binning_x, info.binning_y) == (0, 0)


def test_info_of_another_size_is_not_believed(running) -> None:
    node, peer = running
    image = make_image(np.full((48, 80), 51, np.uint8), 'mono8')
    peer.send_info(make_info(640, 480, 500.0))
    _, metres = peer.depth_of(peer.image, image)
    np.testing.assert_allclose(metres, 0.5 + 4 * 51 / 255, rtol=1e-5)
    assert 'of 640x480 pixels' in node.wait_for('but the image has 80x48')
    assert not peer.info_of(image).k.any()


def test_a_malformed_image_is_dropped_and_the_next_one_is_not(running, grey: np.ndarray) -> None:
    node, peer = running
    camera, good = peer.image, make_image(grey, 'mono8')
    peer.depth_of(camera, good)
    bad = make_image(grey, 'mono8')
    bad.data = bad.data[:-1]
    bad.header.frame_id = 'bad'
    peer.send(camera, bad)
    line = node.wait_for('image dropped')
    assert '3839 bytes of data where step x height = 80 x 48 = 3840' in line
    for damaged in (Image(), make_image(grey, 'nonsense'), make_image(grey, '32FC1')):
        damaged.header.frame_id = 'bad'
        peer.send(camera, damaged)
        peer.spin(0.05)
    peer.depth_of(camera, good)
    assert node.output.count('image dropped') == 1, 'throttled'
    assert all(depth.header.frame_id == good.header.frame_id for depth in peer.depths)


def test_size_and_encoding_may_change_from_image_to_image(running, grey: np.ndarray) -> None:
    _, peer = running
    for pixels, encoding in ((grey, 'mono8'), (grey[:20, :31], 'mono8'), (grey, 'bgr8')):
        image = make_image(coloured(pixels, encoding), encoding)
        depth, _ = peer.depth_of(peer.image, image)
        assert (depth.width, depth.height) == (WIDTH, HEIGHT)


def test_the_output_size_is_a_parameter(start, grey: np.ndarray) -> None:
    _, peer = start('-p', 'output_width:=40', '-p', 'output_height:=30')
    peer.send_info(make_info(80, 48, 100.0))
    image = make_image(grey, 'mono8')
    depth, _ = peer.depth_of(peer.image, image)
    info = peer.info_of(image)
    assert (depth.width, depth.height) == (info.width, info.height) == (40, 30)
    assert info.k[0] == pytest.approx(100 * 40 / 80)


def test_a_camera_without_info_gets_depth_and_one_warning(start, grey: np.ndarray) -> None:
    node, peer = start()
    peer.depth_of(peer.image, make_image(grey, 'mono8'))
    peer.spin(0.5)
    assert 'no camera_info' not in node.output, 'it may be on its way'
    assert f'no camera_info on {node.namespace}/camera_info' in node.wait_for('no camera_info')
    peer.depth_of(peer.image, make_image(grey, 'mono8'))
    peer.spin(0.5)
    assert node.output.count('no camera_info') == 1
    assert not peer.infos


def test_an_uncalibrated_camera_gets_unscaled_depth(start) -> None:
    node, peer = start()
    image = make_image(np.full((48, 80), 51, np.uint8), 'mono8')
    for focal_length in (0.0, np.nan):
        peer.send_info(make_info(80, 48, focal_length))
        _, metres = peer.depth_of(peer.image, image)
        np.testing.assert_allclose(metres, 0.5 + 4 * 51 / 255, rtol=1e-5)
        assert peer.info_of(image).width == WIDTH
    assert node.output.count('uncalibrated') == 1


def test_camera_info_s_own_remap_is_obeyed(start, grey: np.ndarray) -> None:
    _, peer = start('-r', 'image:=/front/image_raw', '-r', 'camera_info:=info')
    peer.info = peer.node.create_publisher(CameraInfo, 'info', 1)
    peer.send_info(make_info(80, 48, 100.0))
    image = make_image(grey, 'mono8')
    peer.depth_of(peer.camera(topic='/front/image_raw'), image)
    assert peer.info_of(image).k[0] == pytest.approx(100 * WIDTH / 80)


def test_ctrl_c_while_the_model_loads_ends_it_without_a_word_of_errors(stub_onnx: Path) -> None:
    code = """
import os, signal, sys
from fastdepth_ros.__main__ import main
from fastdepth_ros.ros import node
load = node.load_estimator
def interrupted(asked):
    os.kill(os.getpid(), signal.SIGINT)
    return load(asked)
node.load_estimator = interrupted
sys.exit(main(['depth_node', '--ros-args', *sys.argv[1:]]))
"""
    command = [sys.executable, '-c', code, '-p', f'model:={stub_onnx}', '-r', '__ns:=/interrupted']
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0
    assert 'error' not in (done.stdout + done.stderr).lower()


@pytest.mark.parametrize('number', [signal.SIGINT, signal.SIGTERM])
def test_a_signal_amid_frames_ends_it_cleanly(start, grey: np.ndarray, number) -> None:
    node, peer = start()
    peer.depth_of(peer.image, make_image(grey, 'mono8'))
    for _ in range(20):
        peer.send(peer.image, make_image(grey, 'mono8'))
    assert node.stop(number) == 0
    assert 'Traceback' not in node.output
    assert 'Error' not in node.output


def test_the_node_needs_neither_torch_nor_cv_bridge() -> None:
    code = (
        'import sys; sys.modules["torch"] = sys.modules["cv_bridge"] = None; '
        'import fastdepth_ros.ros.node'
    )
    subprocess.run([sys.executable, '-c', code], check=True)


def test_help_and_the_missing_rclpy_need_no_ros() -> None:
    code = (
        'import sys; sys.modules["rclpy"] = None; from fastdepth_ros.__main__ import main; '
        'sys.exit(main(["depth_node", *sys.argv[1:]]))'
    )
    command = [sys.executable, '-c', code]
    shown = subprocess.run([*command, '--help'], capture_output=True, text=True, check=True)
    assert '--ros-args' in shown.stdout
    missing = subprocess.run(command, capture_output=True, text=True, check=False)
    assert missing.returncode == 2
    assert "needs the Python package 'rclpy'" in missing.stderr


def test_a_model_that_is_missing_is_one_line(tmp_path: Path) -> None:
    node = NodeProcess('-p', f'model:={tmp_path}/none.onnx')
    assert node.wait() == 2
    assert len(node.lines) == 1
    assert 'none.onnx' in node.lines[0]
