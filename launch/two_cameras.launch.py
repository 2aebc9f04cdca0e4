"""A depth_node for each of two cameras, in namespaces, that share the CPU.

The arguments of depth.launch.py, which it includes, are arguments of this file too, for both.
"""

from __future__ import annotations

from launch.actions import DeclareLaunchArgument, IncludeLaunchDescription
from launch.launch_description import LaunchDescription
from launch.substitutions import LaunchConfiguration, PathJoinSubstitution
from launch_ros.substitutions import FindPackageShare

SHARE = FindPackageShare('fastdepth_ros')
CAMERAS = ('left', 'right')


def generate_launch_description() -> LaunchDescription:
    """As `ros2 launch fastdepth_ros two_cameras.launch.py --show-args` lists it."""
    params_file = PathJoinSubstitution([SHARE, 'config', 'two_cameras.yaml'])
    return LaunchDescription(
        [
            *(namespace_of(camera) for camera in CAMERAS),
            DeclareLaunchArgument(
                'image_topic',
                default_value='camera/image_raw',
                description='images, in the namespace of each camera: /left/camera/image_raw',
            ),
            DeclareLaunchArgument(
                'params_file',
                default_value=params_file,
                description='YAML file with the parameters of both nodes',
            ),
            *(node_of(camera) for camera in CAMERAS),
        ]
    )


def namespace_of(camera: str) -> DeclareLaunchArgument:
    """The argument that says where a camera's topics are."""
    return DeclareLaunchArgument(
        camera,
        default_value=camera,
        description=f'namespace of one camera: {camera} gives /{camera}/depth/image',
    )


def node_of(camera: str) -> IncludeLaunchDescription:
    """depth.launch.py in the namespace of a camera."""
    depth = PathJoinSubstitution([SHARE, 'launch', 'depth.launch.py'])
    return IncludeLaunchDescription(
        depth, launch_arguments=[('namespace', LaunchConfiguration(camera))]
    )
