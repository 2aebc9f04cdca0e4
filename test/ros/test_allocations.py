"""After the first frames nothing large is allocated for a frame: buffers are kept."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from rclpy.context import Context
from rclpy.node import Node
from ros_harness import make_image
from sensor_msgs.msg import Image, PointCloud2

from fastdepth_ros.engines.engine import Engine
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.view import FITS, plan_view
from fastdepth_ros.network.config import NetworkConfig
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.ros.image_messages import read_image
from fastdepth_ros.ros.outputs import TOPICS, Depth, Outputs
from fastdepth_ros.ros.parameters import NodeParameters, declare_parameters

WIDTH, HEIGHT = 256, 192
LARGE = 64 * 1024  # bytes
CAMERA = CameraModel.pinhole(Intrinsics(500, 500, 320, 240, 640, 480))
DISTORTED = replace(CAMERA, d=(-0.2, 0.05, 0.0, 0.0, 0.0))


class Flat(Engine):
    name, precision, num_threads = 'flat', 'f32', 1

    error = np.linspace(0, 0.5, WIDTH // 2 * HEIGHT // 2, dtype=np.float32)
    error = error.reshape(HEIGHT // 2, WIDTH // 2)

    def __init__(self) -> None:
        self.metadata = ModelMetadata(NetworkConfig(error=True), WIDTH, HEIGHT, 200, 200)
        self._depth = np.random.default_rng(0).uniform(1, 5, (HEIGHT, WIDTH)).astype(np.float32)

    def infer(self, image: np.ndarray) -> np.ndarray:
        assert image.shape == (HEIGHT, WIDTH, 3)
        return self._depth


def largest_peak(frame: Callable[[], object]) -> int:
    """Bytes above the level before it that one frame needs at once, after three others."""
    for _ in range(3):
        frame()
    tracemalloc.start()
    frame()
    before, _ = tracemalloc.get_traced_memory()
    tracemalloc.reset_peak()
    frame()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak - before


@pytest.fixture
def outputs() -> Outputs:
    context = Context()
    context.init()
    node = Node('n', context=context)
    asked = declare_parameters(node)
    changed = {'points_color': True, 'edge_threshold': 0.1, 'max_range': 4.0}
    yield Outputs(node, replace(asked, **changed))
    context.shutdown()


@pytest.mark.parametrize('camera', [CAMERA, DISTORTED])
@pytest.mark.parametrize('fit', FITS)
@pytest.mark.parametrize('registered', [False, True])
@pytest.mark.parametrize('flip', [False, True])
def test_a_frame_fits_into_kept_buffers(
    outputs: Outputs, camera: CameraModel, fit: str, registered: bool, flip: bool
) -> None:
    estimator = DepthEstimator.from_engine(Flat(), max_error=0.25, flip=flip)
    view = plan_view(
        camera,
        (640, 480),
        (WIDTH, HEIGHT),
        fit,
        rectify=camera is DISTORTED,
        registered=registered,
    )
    message = make_image(np.full((480, 640, 3), 90, np.uint8))

    def frame() -> None:
        image, encoding = read_image(message)
        assert np.shares_memory(image, np.frombuffer(message.data, np.uint8)), 'no copy'
        metres = estimator.estimate_view(image, view, encoding)
        outputs.publish(
            Depth(message.header, metres, view, lambda: estimator.rgb(view)), list(TOPICS)
        )

    assert largest_peak(frame) < LARGE
    assert 0.4 < estimator.left_out < 0.6


def test_only_what_is_wanted_is_made(outputs: Outputs) -> None:
    node = outputs._node
    assert outputs.wanted() == []
    subscription = node.create_subscription(PointCloud2, 'depth/points', [].append, 1)
    for _ in range(1000):
        if outputs.wanted():
            break
    assert outputs.wanted() == ['depth/points']
    view = plan_view(CAMERA, (640, 480), (WIDTH, HEIGHT))
    metres = np.ones((HEIGHT, WIDTH), np.float32)
    header = Image().header

    def no_rgb() -> np.ndarray:
        raise AssertionError('the colours are not wanted')

    outputs.configure(NodeParameters())
    outputs.publish(Depth(header, metres, view, no_rgb), outputs.wanted())
    assert len(outputs._image._message.data) == 0
    assert len(outputs._color._message.data) == 0
    node.destroy_subscription(subscription)
