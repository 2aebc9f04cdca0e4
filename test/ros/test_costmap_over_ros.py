"""The robot in simulation: depth/points of a real depth node feed a costmap."""

from __future__ import annotations

import numpy as np
import pytest
from ros_harness import make_image
from sensor_msgs.msg import PointCloud2
from std_msgs.msg import Header

from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.point_cloud import CloudOptions, PointCloudBuilder
from fastdepth_ros.navigation import drive as costmap_drive
from fastdepth_ros.navigation.costmap import Costmap, CostmapOptions
from fastdepth_ros.navigation.obstacle_score import score_obstacles
from fastdepth_ros.ros.camera_info import write_camera_info
from fastdepth_ros.simulation.room.path import robot_path
from fastdepth_ros.simulation.room.render import RoomRenderer
from fastdepth_ros.simulation.room.scene import build_room

pytestmark = pytest.mark.ros
SEED, FRAMES = 5, 18


def test_points_of_the_node_find_more_than_a_constant_does(starter) -> None:
    room, options = build_room(SEED), CostmapOptions()
    renderer = RoomRenderer(room, costmap_drive.CAMERA, SEED)
    estimator = DepthEstimator(precision='f32')
    builder = PointCloudBuilder(CloudOptions())
    node, peer = starter('-p', 'model:=default', '-p', 'precision:=f32')
    clouds: list[PointCloud2] = []
    peer.node.create_subscription(PointCloud2, 'depth/points', clouds.append, 1)
    peer.send_info(write_camera_info(CameraModel.pinhole(costmap_drive.CAMERA), Header()))
    received = Costmap(room.size[:2], options)
    maps: dict[str, Costmap] = {}
    for pose in robot_path(room.size, FRAMES, 0.4):
        rgb, truth = renderer.render(pose)
        for name, depth in costmap_drive.depths_of(estimator, rgb, truth):
            points = costmap_drive.points_in_room(builder, depth, pose)
            costmap = maps.setdefault(name, Costmap(room.size[:2], options))
            costmap.update(points, np.array(pose.position))
        image = make_image(rgb)
        peer.depth_of(peer.image, image)
        stamp = image.header.stamp.sec
        assert peer.spin_until(lambda: any(c.header.stamp.sec == stamp for c in clouds))  # noqa: B023
        cloud = next(c for c in clouds if c.header.stamp.sec == stamp)
        xyz = np.frombuffer(cloud.data, np.float32).reshape(cloud.height, cloud.width, 3)
        in_room = xyz @ pose.axes().T.astype(np.float32) + np.array(pose.position, np.float32)
        received.update(in_room, np.array(pose.position))
    peer.close()
    node.kill()
    agree = (received.cells == maps['network'].cells).mean()
    assert agree > 0.99, 'the node and the library see the same'
    scores = {n: score_obstacles(m.cells, maps['true depth'].cells) for n, m in maps.items()}
    assert score_obstacles(received.cells, maps['true depth'].cells).recall > 0.5
    assert scores['network'].recall > 2 * scores['constant'].recall
