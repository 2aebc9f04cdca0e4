"""Starts depth_node: /depth/image from /camera/image_raw, unless the arguments say otherwise."""

from __future__ import annotations

import os

from launch.actions import DeclareLaunchArgument, OpaqueFunction
from launch.launch_context import LaunchContext
from launch.launch_description import LaunchDescription
from launch.substitutions import EnvironmentVariable, PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.substitutions import FindPackageShare

CONFIG = [FindPackageShare('fastdepth_ros'), 'config']
# left alone where the argument is ''
PARAMETERS = ('model', 'engine', 'num_threads', 'image_transport', 'autostart')
BOOLEANS = {'true': True, 'false': False}
# Fast DDS 3, from Kilted on, has another name for it, and warns of the old one.
FASTDDS = 'FASTRTPS' if os.environ.get('ROS_DISTRO') in ('humble', 'jazzy') else 'FASTDDS'
# A profile in config/: the variable that hands it to the middleware, and what precedes its path.
PROFILES = {
    'fastdds_shm': (f'{FASTDDS}_DEFAULT_PROFILES_FILE', ''),
    'cyclonedds': ('CYCLONEDDS_URI', 'file://'),
}
RESPAWN_DELAY = 2.0  # s


def generate_launch_description() -> LaunchDescription:
    """The arguments, as `ros2 launch fastdepth_ros depth.launch.py --show-args` lists them."""
    return LaunchDescription(
        [
            DeclareLaunchArgument(
                'image_topic',
                default_value='/camera/image_raw',
                description='images of the camera (sensor_msgs/Image)',
            ),
            DeclareLaunchArgument(
                'camera_info_topic',
                default_value='',
                description='its sensor_msgs/CameraInfo; empty: camera_info beside image_topic',
            ),
            DeclareLaunchArgument(
                'image_transport',
                default_value='',
                choices=['', 'raw', 'compressed'],
                description='compressed reads image_topic/compressed; empty: as params_file says',
            ),
            DeclareLaunchArgument(
                'params_file',
                default_value=PathJoinSubstitution([*CONFIG, 'depth.yaml']),
                description='YAML file with the parameters of the node',
            ),
            DeclareLaunchArgument(
                'namespace',
                default_value='',
                description='namespace of the node and its topics: front gives /front/depth/image',
            ),
            DeclareLaunchArgument(
                'node_name',
                default_value='depth_node',
                description='name of the node, for a lifecycle manager or a second node',
            ),
            DeclareLaunchArgument(
                'model',
                default_value='',
                description="'default', 'small', or a model file; empty: as params_file says",
            ),
            DeclareLaunchArgument(
                'engine',
                default_value='',
                choices=['', 'auto', 'openvino', 'onnxruntime', 'torch'],
                description='what runs the model; empty: as params_file says',
            ),
            DeclareLaunchArgument(
                'num_threads',
                default_value='',
                description='threads that inference may use; empty: as params_file says',
            ),
            DeclareLaunchArgument(
                'autostart',
                default_value='',
                choices=['', *BOOLEANS],
                description='false: a lifecycle manager activates it; empty: as params_file says',
            ),
            DeclareLaunchArgument(
                'respawn',
                default_value='false',
                choices=[*BOOLEANS],
                description='start the node again, after 2 s, whenever it ends',
            ),
            DeclareLaunchArgument(
                'transport_profile',
                default_value='fastdds_shm',
                choices=['', *PROFILES],
                description='middleware settings for large messages, which the camera needs too '
                "(docs/transport.md); what the environment has wins; empty: the middleware's own",
            ),
            DeclareLaunchArgument(
                'log_level',
                default_value='info',
                choices=['debug', 'info', 'warn', 'error', 'fatal'],
                description='least severity that is logged',
            ),
            OpaqueFunction(function=depth_node),
        ]
    )


def depth_node(context: LaunchContext) -> list[Node]:
    """The node, with only what was given: an empty argument overrides nothing."""
    given = context.launch_configurations
    overrides = {name: as_typed(given[name]) for name in PARAMETERS if given[name]}
    remappings = [('image', given['image_topic'])]
    if given['camera_info_topic']:
        remappings.append(('camera_info', given['camera_info_topic']))
    return [
        Node(
            package='fastdepth_ros',
            executable='depth_node',
            name=given['node_name'],
            namespace=given['namespace'],
            parameters=[given['params_file'], overrides],
            remappings=remappings,
            arguments=['--ros-args', '--log-level', given['log_level']],
            additional_env=environment(given['transport_profile']),
            respawn=BOOLEANS[given['respawn']],
            respawn_delay=RESPAWN_DELAY,
            output='screen',
        )
    ]


def as_typed(text: str) -> bool | int | str:
    """Digits as an integer, true and false as such: parameters have types, arguments do not."""
    return int(text) if text.isdecimal() else BOOLEANS.get(text, text)


def environment(profile: str) -> dict[str, EnvironmentVariable]:
    """The variable that makes the middleware of this one process load a profile of config/.

    A user's own value of it stays.
    """
    if not profile:
        return {}
    variable, prefix = PROFILES[profile]
    path = PathJoinSubstitution([*CONFIG, f'{profile}.xml'])
    return {variable: EnvironmentVariable(variable, default_value=[prefix, path])}
