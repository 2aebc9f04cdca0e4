"""Everything on a simulated camera: the camera, depth_node and, if asked, tf and RViz.

The arguments of depth.launch.py, which it includes, are arguments of this file too.
"""

from __future__ import annotations

import math
import os

from launch.actions import (
    DeclareLaunchArgument,
    IncludeLaunchDescription,
    OpaqueFunction,
    SetEnvironmentVariable,
)
from launch.launch_context import LaunchContext
from launch.launch_description import LaunchDescription
from launch.substitutions import EnvironmentVariable, LaunchConfiguration, PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.substitutions import FindPackageShare

SHARE = FindPackageShare('fastdepth_ros')
# Fast DDS 3, from Kilted on, has another name for it, and warns of the old one.
FASTDDS = 'FASTRTPS' if os.environ.get('ROS_DISTRO') in ('humble', 'jazzy') else 'FASTDDS'
# A robot's tf: the camera looks ahead; its optical frame has x right, y down, z ahead (REP 103).
FRAMES = (
    ('base_link', 'camera_frame', {'x': 0.1, 'z': 0.75}),
    ('camera_frame', 'camera_optical_frame', {'roll': -math.pi / 2, 'yaw': -math.pi / 2}),
)


def generate_launch_description() -> LaunchDescription:
    """As `ros2 launch fastdepth_ros simulation.launch.py --show-args` lists it."""
    profile = PathJoinSubstitution([SHARE, 'config', 'fastdds_shm.xml'])
    depth = PathJoinSubstitution([SHARE, 'launch', 'depth.launch.py'])
    return LaunchDescription(
        [
            DeclareLaunchArgument(
                'size',
                default_value='640x480',
                description='of the images of the simulated camera, WIDTHxHEIGHT in pixels',
            ),
            DeclareLaunchArgument(
                'rate', default_value='15', description='images a second of the simulated camera'
            ),
            DeclareLaunchArgument(
                'tf',
                default_value='false',
                choices=['true', 'false'],
                description='publish base_link, camera_frame and camera_optical_frame (tf2_ros)',
            ),
            DeclareLaunchArgument(
                'rviz',
                default_value='false',
                choices=['true', 'false'],
                description='start rviz2, which must be installed, with tf and all outputs',
            ),
            # camera and node both need it, or images are lost: docs/transport.md
            keep_or_set(f'{FASTDDS}_DEFAULT_PROFILES_FILE', profile),
            # first: a package that is missing ends the launch, and a process that is just being
            # started can outlive it
            OpaqueFunction(function=viewers),
            Node(
                package='fastdepth_ros',
                executable='simulated_camera',
                arguments=[
                    *('--size', LaunchConfiguration('size')),
                    *('--rate', LaunchConfiguration('rate')),
                ],
                output='screen',
            ),
            IncludeLaunchDescription(depth),
        ]
    )


def keep_or_set(name: str, value: PathJoinSubstitution) -> SetEnvironmentVariable:
    """A user's own value of the variable stays."""
    return SetEnvironmentVariable(name, EnvironmentVariable(name, default_value=value))


def viewers(context: LaunchContext) -> list[Node]:
    """The nodes that show what the others publish, as far as they are asked for."""
    given = context.launch_configurations
    nodes = []
    if given['rviz'] == 'true':
        config = PathJoinSubstitution([SHARE, 'config', 'depth.rviz'])
        nodes.append(Node(package='rviz2', executable='rviz2', arguments=['-d', config]))
    if 'true' in (given['tf'], given['rviz']):
        nodes += [static_transform(*frame) for frame in FRAMES]
    return nodes


def static_transform(parent: str, child: str, pose: dict[str, float]) -> Node:
    """Publishes where `child` is in `parent`: x, y, z in metres, roll, pitch, yaw in radians."""
    options = [f'--{name}={value}' for name, value in pose.items()]
    return Node(
        package='tf2_ros',
        executable='static_transform_publisher',
        name=f'{child}_publisher',
        arguments=[*options, f'--frame-id={parent}', f'--child-frame-id={child}'],
    )
