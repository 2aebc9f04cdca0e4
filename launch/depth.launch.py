"""Starts depth_node: /depth/image from /camera/image_raw, unless the arguments say otherwise."""

from __future__ import annotations

from launch.actions import DeclareLaunchArgument, OpaqueFunction
from launch.launch_context import LaunchContext
from launch.launch_description import LaunchDescription
from launch.substitutions import PathJoinSubstitution
from launch_ros.actions import Node
from launch_ros.substitutions import FindPackageShare

PARAMETERS = ('model', 'engine', 'num_threads')  # left alone where the argument is ''


def generate_launch_description() -> LaunchDescription:
    """The arguments, as `ros2 launch fastdepth_ros depth.launch.py --show-args` lists them."""
    params_file = PathJoinSubstitution([FindPackageShare('fastdepth_ros'), 'config', 'depth.yaml'])
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
                'params_file',
                default_value=params_file,
                description='YAML file with the parameters of the node',
            ),
            DeclareLaunchArgument(
                'namespace',
                default_value='',
                description='namespace of the node and its topics: front gives /front/depth/image',
            ),
            DeclareLaunchArgument(
                'model',
                default_value='',
                description="'default', or a model file; empty: as params_file says",
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
            name='depth_node',
            namespace=given['namespace'],
            parameters=[given['params_file'], overrides],
            remappings=remappings,
            arguments=['--ros-args', '--log-level', given['log_level']],
            output='screen',
        )
    ]


def as_typed(text: str) -> int | str:
    """Digits as an integer: parameters have types, arguments do not."""
    return int(text) if text.isdecimal() else text
