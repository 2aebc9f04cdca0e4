"""Parameters that are set while frames flow take effect, or are refused with the reason."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rcl_interfaces.srv import SetParametersAtomically
from rclpy.parameter import Parameter
from ros_harness import Peer, make_image, make_info
from sensor_msgs.msg import Image, LaserScan, PointCloud2

from fastdepth_ros.budget.scheduling import ALLOWED

pytestmark = pytest.mark.ros


def set_parameters(peer: Peer, **values: Any) -> str:
    """'' where the node took them, else its reason."""
    request = SetParametersAtomically.Request(
        parameters=[
            Parameter(name, value=value).to_parameter_msg() for name, value in values.items()
        ]
    )
    result = peer.call(
        SetParametersAtomically, 'depth_node/set_parameters_atomically', request
    ).result
    return '' if result.successful else result.reason


def frame() -> Image:
    pixels = np.full((48, 80), 51, np.uint8)
    pixels[:, 40:] = 102
    return make_image(pixels, 'mono8')


def size_of(peer: Peer) -> tuple[int, int]:
    depth, _ = peer.depth_of(peer.image, frame())
    return depth.width, depth.height


@pytest.fixture(scope='module')
def node_and_peer(starter) -> Any:
    node, peer = starter()
    peer.send_info(make_info(80, 48, 100.0))
    yield node, peer
    peer.close()
    node.kill()


def test_geometry_follows_from_the_next_image_on(node_and_peer) -> None:
    _, peer = node_and_peer
    assert size_of(peer) == (96, 64)
    assert not set_parameters(peer, fit='letterbox')
    assert size_of(peer) == (96, 58)
    assert not set_parameters(peer, registered=True, fit='crop')
    depth, metres = peer.depth_of(peer.image, frame())
    assert (depth.width, depth.height) == (80, 48)
    assert np.isnan(metres[:, 0]).all()
    assert np.isfinite(metres[:, 40]).all()
    assert 'output_width and output_height must be 0' in set_parameters(peer, output_width=50)
    assert not set_parameters(peer, registered=False, fit='stretch', output_width=48)
    assert size_of(peer) == (48, 32)
    assert not set_parameters(peer, output_width=0)


def test_the_model_and_its_threads_are_reloaded(
    node_and_peer, stub_onnx: Path, tmp_path: Path
) -> None:
    node, peer = node_and_peer
    copy = tmp_path / 'copy.onnx'
    copy.write_bytes(stub_onnx.read_bytes())
    assert not set_parameters(peer, model=str(copy), engine='onnxruntime')
    assert f"now runs model '{copy}' (96x64) on onnxruntime f32" in node.wait_for('now runs')
    assert size_of(peer) == (96, 64)


def test_a_limit_of_the_expected_error_makes_pixels_nan_and_is_counted(
    node_and_peer, doubtful_onnx: Path, stub_onnx: Path
) -> None:
    """doubtful_onnx expects an error of 0.2 left and 0.4 right of the middle of frame()."""
    _, peer = node_and_peer
    assert "model 't' does not tell its expected error" in set_parameters(peer, max_error=0.3)
    assert not set_parameters(peer, model=str(doubtful_onnx), max_error=0.3)
    _, metres = peer.depth_of(peer.image, frame())
    assert np.isfinite(metres[:, :46]).all()
    assert np.isnan(metres[:, 50:]).all()

    def half(_: Any, values: dict[str, str]) -> bool:
        peer.send(peer.image, frame())
        return 45 < float(values['pixels left out by max_error (%)'].replace('unknown', '0')) < 55

    peer.diagnosis(half)
    reason = set_parameters(peer, model=str(stub_onnx))  # would have to give up what is asked
    assert 'does not tell its expected error' in reason
    assert np.isnan(peer.depth_of(peer.image, frame())[1]).any()
    assert not set_parameters(peer, max_error=0.0)
    assert np.isfinite(peer.depth_of(peer.image, frame())[1]).all()
    assert 'out of range' in set_parameters(peer, max_error=-0.1)


def test_the_depth_may_be_the_mean_with_that_of_the_mirror_image(
    node_and_peer, doubtful_onnx: Path
) -> None:
    """The stub's depth is the brightness of each pixel, so its mean is the same depth again."""
    _, peer = node_and_peer
    _, before = peer.depth_of(peer.image, frame())
    assert not set_parameters(peer, flip=True)
    _, metres = peer.depth_of(peer.image, frame())
    np.testing.assert_allclose(metres, before, rtol=0.02)


def test_what_cannot_be_is_refused_and_nothing_changes(node_and_peer, tmp_path: Path) -> None:
    node, peer = node_and_peer
    before = os.getpriority(os.PRIO_PROCESS, node.pid)
    assert 'none.onnx' in set_parameters(peer, nice=19, model=str(tmp_path / 'none.onnx'))
    assert os.getpriority(os.PRIO_PROCESS, node.pid) == before
    assert 'none.onnx' in set_parameters(peer, model=str(tmp_path / 'none.onnx'))
    assert set_parameters(peer, num_threads=0)
    assert set_parameters(peer, max_rate=-1.0)
    assert 'one of stretch, crop' in set_parameters(peer, fit='squeeze')
    assert 'cannot be read' in set_parameters(peer, camera_info_url='/none.yaml')
    assert set_parameters(peer, autostart=False), 'read-only'
    assert set_parameters(peer, image_transport='compressed'), 'read-only'
    assert size_of(peer) == (96, 64)


@pytest.mark.skipif(len(ALLOWED) < 2, reason='there is one core')
def test_threads_and_the_cores_for_them_may_come_together(start, tmp_path: Path) -> None:
    first, second = sorted(ALLOWED)[:2]
    node, peer = start('-p', f'cpu_affinity:="{first}"')
    size_of(peer)
    both, missing = f'{first},{second}', str(tmp_path / 'none.onnx')
    asked = {'cpu_affinity': both, 'num_threads': 2, 'engine': 'onnxruntime'}
    assert 'none.onnx' in set_parameters(peer, **asked, model=missing)
    assert os.sched_getaffinity(node.pid) == {first}
    assert not set_parameters(peer, **asked)
    assert os.sched_getaffinity(node.pid) == {first, second}
    assert 'num_threads 2' in node.wait_for('now runs')
    assert not set_parameters(peer, cpu_affinity=str(second), num_threads=1)
    assert os.sched_getaffinity(node.pid) == {second}


def test_max_rate_lets_images_go(node_and_peer) -> None:
    _, peer = node_and_peer
    assert not set_parameters(peer, max_rate=0.1)
    peer.depth_of(peer.image, frame())  # the first is due at once
    count = len(peer.depths)
    for _ in range(5):
        peer.send(peer.image, frame())
        peer.spin(0.1)
    assert len(peer.depths) <= count + 1
    assert not set_parameters(peer, max_rate=0.0)
    peer.depth_of(peer.image, frame())


class Outputs:
    """The latest of the topics that the options of this test are of."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._latest: dict[str, Any] = {}
        kinds = {'depth/points': PointCloud2, 'depth/scan': LaserScan, 'depth/color': Image}
        for topic, kind in kinds.items():
            peer.node.create_subscription(kind, topic, self._keep(topic), 10)

    def _keep(self, topic: str) -> Any:
        return lambda message: self._latest.__setitem__(topic, message)

    def after(self, topic: str, **values: Any) -> Any:
        """The message of the first image after these were set."""
        assert not set_parameters(self._peer, **values)
        self._latest.clear()
        for _ in range(20):
            self._peer.depth_of(self._peer.image, frame())
            if self._peer.spin_until(lambda: topic in self._latest, 1.0):
                break
        return self._latest[topic]


def depths_of(cloud: PointCloud2) -> np.ndarray:
    points = np.frombuffer(cloud.data, np.float32).reshape(cloud.height, cloud.width, -1)
    return points[..., 2]


def test_options_of_cloud_scan_and_preview_take_effect(start) -> None:
    _, peer = start()
    peer.send_info(make_info(80, 48, 100.0))
    outputs = Outputs(peer)
    cloud = outputs.after('depth/points')
    near, far = np.unique(np.round(depths_of(cloud), 2))[[0, -1]]
    middle = float(near + far) / 2
    assert (cloud.width, cloud.point_step) == (96, 12)
    assert np.isnan(depths_of(outputs.after('depth/points', max_range=middle))).any()
    only_far = depths_of(outputs.after('depth/points', max_range=0.0, min_range=middle))
    assert np.nanmin(only_far) > middle
    assert outputs.after('depth/points', min_range=0.0, points_stride=3).width == 32
    assert outputs.after('depth/points', points_color=True).point_step == 16
    edges = depths_of(outputs.after('depth/points', points_stride=1, edge_threshold=0.05))
    assert 0 < np.isnan(edges).sum() < edges.size / 4
    assert outputs.after('depth/scan').header.frame_id == 'camera_frame'
    assert outputs.after('depth/scan', scan_frame='flat').header.frame_id == 'flat'
    high = outputs.after('depth/scan', scan_max_height=60.0, scan_min_height=50.0)
    assert not np.isfinite(high.ranges).any()
    blue = outputs.after('depth/color', color_max_depth=90.0)
    yellow = outputs.after('depth/color', color_max_depth=0.5)
    assert blue.data[:3] != yellow.data[:3]


def test_rectify_and_precision_take_effect(start) -> None:
    node, peer = start()
    info = make_info(80, 48, 100.0)
    info.d = [-0.2, 0.05, 0.0, 0.0, 0.0]
    peer.send_info(info)
    image = frame()
    for rectify, distorted in (('off', True), ('on', False), ('auto', False)):
        assert not set_parameters(peer, rectify=rectify)
        peer.depth_of(peer.image, image)
        assert any(peer.info_of(image).d) == distorted
    refused = set_parameters(peer, precision='f16', engine='onnxruntime')
    assert 'f16' in refused
    assert not set_parameters(peer, precision='auto', num_threads=1)
    node.wait_for('now runs')


def test_a_stand_in_camera_may_come_later(start, tmp_path: Path) -> None:
    _, peer = start()
    _, unscaled = peer.depth_of(peer.image, frame())
    unscaled = unscaled.copy()
    assert not set_parameters(peer, horizontal_fov=60.0)
    f = 40 / np.tan(np.radians(30))
    scale = f * np.sqrt(96 / 80 * 64 / 48) / 80
    _, metres = peer.depth_of(peer.image, frame())
    np.testing.assert_allclose(metres, unscaled * scale, rtol=1e-5)
    peer.send_info(make_info(80, 48, 2 * f))
    _, metres = peer.depth_of(peer.image, frame())
    np.testing.assert_allclose(metres, unscaled * 2 * scale, rtol=1e-5), 'camera_info wins'
