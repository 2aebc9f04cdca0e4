"""The ROS 2 node: metric depth (32FC1, metres) of a camera's images, with its CameraInfo."""

from __future__ import annotations

import argparse
import signal

from fastdepth_ros.budget.memory import keep_memory
from fastdepth_ros.budget.pools import bind_pools
from fastdepth_ros.errors import UserError
from fastdepth_ros.signals import ignore_signals, note_signals

EXAMPLES = """\
  python -m fastdepth_ros depth_node --ros-args -r image:=/camera/image_raw
  python -m fastdepth_ros depth_node --ros-args --params-file config/depth.yaml
  python -m fastdepth_ros depth_node --ros-args -p engine:=onnxruntime -p num_threads:=2

topics (relative):
  image               in   sensor_msgs/Image, any colour encoding; or image/compressed
  camera_info         in   sensor_msgs/CameraInfo; unless remapped, the image topic's sibling
  depth/image         out  sensor_msgs/Image, 32FC1 metres, NaN where there is no depth
  depth/camera_info   out  sensor_msgs/CameraInfo of depth/image
  depth/points        out  sensor_msgs/PointCloud2, organised xyz or xyz + rgb
  depth/scan          out  sensor_msgs/LaserScan, the nearest in a band of heights
  depth/color         out  sensor_msgs/Image, bgr8: near blue, far yellow
  /diagnostics        out  diagnostic_msgs/DiagnosticArray at 1 Hz
Nothing is computed that nobody subscribes to. A lifecycle node; a plain start activates itself.
parameters: ros2 param describe /depth_node NAME, or config/depth.yaml
"""
ENDING = (signal.SIGINT, signal.SIGTERM)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Everything after --ros-args is ROS's: remappings, parameters, log levels."""
    parser.add_argument(
        '--ros-args',
        nargs=argparse.REMAINDER,
        default=[],
        metavar='...',
        help='arguments for ROS: -r FROM:=TO, -p NAME:=VALUE, --params-file FILE, --log-level L',
    )


def run(args: argparse.Namespace) -> int:
    """Spins until SIGINT or SIGTERM, the ways to end it: exit code 0; 2 where it cannot start."""
    bind_pools()
    keep_memory()
    # Noted, not raised: an exception out of nowhere in the middle of a library's import or of a
    # callback would surface as that code's error. ROS's own handlers would close ROS under it.
    return spin(['--ros-args', *args.ros_args], note_signals(ENDING))


def spin(arguments: list[str], received: list[int]) -> int:
    """Runs the node in this thread. UserError names what is wrong with the arguments."""
    import rclpy
    from rclpy.exceptions import ParameterException
    from rclpy.signals import SignalHandlerOptions

    from fastdepth_ros.ros.executor import ImageExecutor
    from fastdepth_ros.ros.node import DepthNode
    from fastdepth_ros.ros.stale_segments import remove_stale_segments

    stale = remove_stale_segments()  # before this process makes its own
    try:
        rclpy.init(args=arguments, signal_handler_options=SignalHandlerOptions.NO)
    except RuntimeError as error:
        raise UserError(f'ROS arguments: {error}') from error
    try:
        executor = ImageExecutor()
        node = DepthNode(arguments)
        if stale:
            node.get_logger().debug(f'removed {stale} shared-memory segments of ended processes')
        node.autostart()
        executor.add_node(node)
        while not received:
            executor.spin_once()  # ends at the latest with the node's watch timer
    except ParameterException as error:  # of a parameter that rclpy declares: use_sim_time
        raise UserError(str(error)) from error
    finally:
        # a second one, while Python is ending, would find its default handler, and kill
        ignore_signals(ENDING)
        rclpy.try_shutdown()
    return 0
