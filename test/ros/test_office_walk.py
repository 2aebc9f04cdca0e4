"""The node with a walk through an office as its camera, against that walk's own depth."""

from __future__ import annotations

import itertools
from pathlib import Path

import numpy as np
import pytest
from ros_harness import NodeProcess, Peer, make_image
from std_msgs.msg import Header

from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.offline.evaluation.protocols import score, score_constant
from fastdepth_ros.pictures.frames import Frame, open_input
from fastdepth_ros.ros.camera_info import write_camera_info

pytestmark = [pytest.mark.ros, pytest.mark.shared_data]
FRAMES, HELD_BACK = 373, 75  # training has not seen the last ones
CONSTANT = 2.13  # m: the median of the training depth


@pytest.fixture(scope='module')
def walk(shared_data: Path) -> list[Frame]:
    """Every fifteenth of the frames that were held back."""
    frames = open_input(str(shared_data / 'rgbd' / 'hololens_office')).frames
    return list(itertools.islice(frames, FRAMES - HELD_BACK, FRAMES, 15))


def test_its_depth_is_the_estimator_s_and_closer_to_the_truth_than_a_constant(
    walk: list[Frame],
) -> None:
    node = NodeProcess()
    peer = Peer(node.namespace)
    estimator = DepthEstimator('default')
    found, constant = [], []
    try:
        for frame in walk:
            assert frame.depth is not None
            assert frame.intrinsics is not None
            camera = CameraModel.pinhole(frame.intrinsics)
            peer.send_info(write_camera_info(camera, Header()))
            _, metres = peer.depth_of(peer.image, make_image(frame.rgb))
            expected = estimator.estimate(frame.rgb, frame.intrinsics)
            np.testing.assert_allclose(metres, expected, rtol=1e-4)
            found.append(score(metres, frame.depth, 'full'))
            constant.append(score_constant(CONSTANT, frame.depth, 'full'))
    finally:
        peer.close()
        node.kill()
    delta1, absrel = (
        np.mean([s.metric[name] for s in found if s]) for name in ('delta1', 'absrel')
    )
    assert delta1 > np.mean([s.metric['delta1'] for s in constant if s]) + 0.1
    assert absrel < 0.8 * np.mean([s.metric['absrel'] for s in constant if s])
