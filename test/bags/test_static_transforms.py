from __future__ import annotations

import numpy as np
import pytest

pytest.importorskip('rosbags')

from bag_writer import tf

from fastdepth_ros.bags.static_transforms import StaticTransforms

LEFT = (0, 0, np.sin(np.pi / 4), np.cos(np.pi / 4))  # 90 degrees about z


@pytest.fixture
def tree() -> StaticTransforms:
    """base -> camera and base -> laser -> mirror."""
    found = StaticTransforms()
    found.add_message(tf('base', 'camera', (1, 0, 0), (0, 0, 0, 1)))
    found.add_message(tf('/base', 'laser', (0, 2, 0), LEFT))
    found.add_message(tf('laser', 'mirror', (3, 0, 0), (0, 0, 0, 1)))
    return found


def test_points_go_up_and_down_the_tree(tree: StaticTransforms) -> None:
    matrix = tree.find('camera', '/mirror')
    assert matrix is not None
    # the mirror's origin is 3 m along the laser's x, which is the base's y
    np.testing.assert_allclose(matrix @ [0, 0, 0, 1], [-1, 5, 0, 1], atol=1e-12)
    back = tree.find('mirror', 'camera')
    np.testing.assert_allclose(back @ matrix, np.eye(4), atol=1e-12)


def test_frames_that_nothing_connects(tree: StaticTransforms) -> None:
    tree.add_message(tf('map', 'dock', (0, 0, 0), (0, 0, 0, 1)))
    assert tree.find('camera', 'dock') is None
    assert tree.find('camera', 'nowhere') is None
    assert tree.find('', '') is None
    np.testing.assert_array_equal(tree.find('x', 'x'), np.eye(4))


def test_a_transform_without_a_rotation_is_left_out(tree: StaticTransforms) -> None:
    tree.add_message(tf('base', 'broken', (0, 0, 0), (0, 0, 0, 0)))
    tree.add_message(tf('base', 'lost', (np.nan, 0, 0), (0, 0, 0, 1)))
    assert tree.find('base', 'broken') is None
    assert tree.find('base', 'lost') is None
