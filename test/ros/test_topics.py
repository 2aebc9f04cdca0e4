from __future__ import annotations

import pytest
from rclpy.context import Context
from rclpy.node import Node

from fastdepth_ros.ros.topics import camera_info_topic


@pytest.mark.parametrize(
    ('remaps', 'expected'),
    [
        ([], '/ns/camera_info'),
        (['image:=/front/image_raw'], '/front/camera_info'),
        (['image:=image_raw'], '/ns/camera_info'),
        (['image:=/image'], '/camera_info'),
        (['image:=/front/image_raw', 'camera_info:=/side/info'], '/side/info'),
        (['camera_info:=info'], '/ns/info'),
        (['image:=/front/image_raw', 'camera_info:=camera_info'], '/ns/camera_info'),
        (['image:=/front/image_raw', 'n:camera_info:=/ns/camera_info'], '/ns/camera_info'),
        (['image:=/front/image_raw', '/ns/camera_info:=camera_info'], '/ns/camera_info'),
        (['image:=/front/image_raw', 'depth/camera_info:=/other'], '/front/camera_info'),
    ],
)
def test_camera_info_is_the_image_s_sibling_unless_remapped(remaps, expected) -> None:
    arguments = ['--ros-args', *(word for remap in remaps for word in ('-r', remap))]
    context = Context()
    context.init(args=arguments)
    node = Node('n', namespace='/ns', context=context)
    assert node.resolve_topic_name(camera_info_topic(node, arguments)) == expected
    node.destroy_node()
    context.shutdown()
