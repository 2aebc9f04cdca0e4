"""Camera and depth node as two ROS 2 processes: live figures, a picture and a table.

The camera is a simulated room with true depth, or --input. Rate, latency and CPU share are shown
while it runs. At the end the folder --out holds demo.png (what the camera saw and its depth) and
demo.json; a table of how close the depth is to the truth goes to stdout. Ctrl-C ends it early.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fastdepth_ros.errors import UserError
from fastdepth_ros.share import DEFAULT, MODEL_HELP
from fastdepth_ros.signals import note_signals
from fastdepth_ros.simulation.camera import add_camera_arguments, check_camera_arguments

EXAMPLES = """\
  python -m fastdepth_ros demo
  python -m fastdepth_ros demo --duration 0 --input 0          a webcam, until Ctrl-C
  python -m fastdepth_ros demo --input drive.mp4 --hfov 70 --model my.onnx --threads 2
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    add_camera_arguments(parser)
    parser.add_argument(
        '--duration', type=float, default=20, help='seconds from the first depth; 0: until Ctrl-C'
    )
    parser.add_argument('--model', default=DEFAULT, help=MODEL_HELP)
    parser.add_argument('--threads', type=int, default=1, help='of the depth node (default: 1)')
    parser.add_argument('--out', type=Path, default=Path('demo'), help='folder (default: demo)')
    parser.add_argument('--json', action='store_true', help='JSON on stdout, not the table')


def run(args: argparse.Namespace) -> int:
    """0 also after Ctrl-C, 1 where a process failed, 2 for a user's error."""
    received = note_signals()
    check_camera_arguments(args)
    if not 0 <= args.duration < float('inf'):
        raise UserError(f'--duration is {args.duration:g}: seconds are needed, 0 for no end')
    try:
        args.out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"cannot make the folder '{args.out}': {error.strerror}") from error
    from fastdepth_ros.demo.ros.session import run_demo  # after the signals: it takes a while

    return run_demo(args, received)
