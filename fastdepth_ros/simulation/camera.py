"""A ROS 2 camera in a simulated room, with true depth; or one that plays images.

The room is rendered by this package: furniture, light and textures are its own, from seeds that
no training uses. With --input it plays a video, a folder of images or a webcam instead; a folder
with meta.json, rgb/ and depth/ (16-bit PNG, millimetres) plays with its depth and intrinsics.
"""

from __future__ import annotations

import argparse
import re

from fastdepth_ros.errors import UserError, check_range
from fastdepth_ros.signals import exit_on_signals, note_signals

EXAMPLES = """\
  python -m fastdepth_ros simulated_camera --rate 30
  python -m fastdepth_ros simulated_camera --input drive.mp4 --hfov 70
  python -m fastdepth_ros simulated_camera --ros-args -r __ns:=/robot

topics (relative), all with the same stamp and the frame camera_optical_frame:
  camera/image_raw    sensor_msgs/Image, rgb8, reliable
  camera/camera_info  sensor_msgs/CameraInfo, where the intrinsics are known
  camera/depth_true   sensor_msgs/Image, 32FC1 metres, where the depth is known
"""
HFOV = 63.0  # degrees
SEED = 1
MOST_FRAMES = 2000
RATES = (0.1, 240)  # Hz
LEAST_PIXELS, MOST_PIXELS = 16, 4096


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    add_camera_arguments(parser)
    parser.add_argument('--size', default='640x480', metavar='WxH', help="of the room's images")
    parser.add_argument(
        '--frames', type=int, default=120, help='in the loop through the room (default: 120)'
    )
    parser.add_argument(
        '--truth-rate', type=float, help='Hz at most of depth_true (default: as the images)'
    )
    parser.add_argument('--ros-args', nargs=argparse.REMAINDER, default=[], metavar='...')


def add_camera_arguments(parser: argparse.ArgumentParser) -> None:
    """Those that the demo has too."""
    parser.add_argument('--input', metavar='FILE|FOLDER|INDEX', help='play this, not the room')
    parser.add_argument('--rate', type=float, help="Hz (default: the video's own, else 15)")
    parser.add_argument(
        '--hfov',
        type=float,
        help='horizontal field of view, degrees (default: 63 in the room, unknown for --input)',
    )
    parser.add_argument('--seed', type=int, default=SEED, help='of the room (default: 1)')


def run(args: argparse.Namespace) -> int:
    """Publishes until SIGINT or SIGTERM, which are the ways to end it: exit code 0."""
    check_camera_arguments(args)
    check_range('--truth-rate', args.truth_rate, *RATES, 'Hz')
    check_range('--frames', args.frames, 2, MOST_FRAMES, 'images')
    size = parse_size(args.size)
    received = note_signals()  # while importing: an exception in there would be an ImportError
    from fastdepth_ros.geometry.intrinsics import Intrinsics
    from fastdepth_ros.pictures.frames import open_input
    from fastdepth_ros.ros.session import ros
    from fastdepth_ros.simulation.loop import render_loop
    from fastdepth_ros.simulation.ros.camera_node import publish_frames

    with ros(args.ros_args):  # complains of its arguments before the rendering
        exit_on_signals(received)
        if args.input is None:
            camera = Intrinsics.from_hfov(*size, args.hfov or HFOV)
            source = render_loop(camera, args.seed, args.frames)
        else:
            source = open_input(args.input, args.hfov)
        rate = args.rate or source.rate
        publish_frames(source, rate, args.truth_rate or rate, note_signals())
    return 0


def check_camera_arguments(args: argparse.Namespace) -> None:
    """A UserError for a number that makes no camera."""
    check_range('--rate', args.rate, *RATES, 'Hz')
    check_range('--hfov', args.hfov, 1, 170, 'degrees')
    if args.seed < 0:
        raise UserError(f'--seed is {args.seed}: a whole number from 0 is needed')


def parse_size(text: str) -> tuple[int, int]:
    """(width, height) in pixels of a text such as 640x480."""
    match = re.fullmatch(r'(\d{1,5})x(\d{1,5})', text)
    size = (int(match[1]), int(match[2])) if match else (0, 0)
    if not all(MOST_PIXELS >= side >= LEAST_PIXELS for side in size):
        raise UserError(
            f"--size is '{text}': WIDTHxHEIGHT is needed, such as 640x480, of {LEAST_PIXELS} to "
            f'{MOST_PIXELS} pixels each'
        )
    return size
