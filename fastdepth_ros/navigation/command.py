"""What a planner would make of the depth: obstacles found, missed and invented in simulation.

A robot drives through the simulated room with a camera. Points of the predicted depth, of the
true depth and of a constant depth each feed a costmap that marks and clears as Nav2's obstacle
layer does. The true depth's map is the reference.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from fastdepth_ros.errors import UserError
from fastdepth_ros.share import DEFAULT, MODEL_HELP

EXAMPLES = """\
  python -m fastdepth_ros costmap
  python -m fastdepth_ros costmap --model my.onnx --seeds 1 2 3 4 --json
  python -m fastdepth_ros costmap --seeds 1 --picture costmap.png
"""
HEIGHTS = (0.1, 1.5)  # m


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the command's arguments."""
    parser.add_argument('--model', default=DEFAULT, help=MODEL_HELP)
    parser.add_argument(
        '--seeds', type=int, nargs='+', default=[1, 2, 3], help='of the rooms (default: 1 2 3)'
    )
    parser.add_argument(
        '--frames', type=int, default=90, help='in one round through a room (default: 90)'
    )
    parser.add_argument(
        '--camera-height', type=float, default=0.4, help='m above the floor (default: 0.4)'
    )
    parser.add_argument(
        '--edge-threshold',
        type=float,
        default=0.0,
        help="the node's parameter: flying pixels that are left out (default: 0, none)",
    )
    parser.add_argument('--threads', type=int, default=1, help='of inference (default: 1)')
    parser.add_argument('--picture', type=Path, help="PNG file: the last room's maps")
    parser.add_argument('--json', action='store_true', help='JSON on stdout, not the table')


def run(args: argparse.Namespace) -> int:
    """0, or a UserError."""
    low, high = HEIGHTS
    if not low <= args.camera_height <= high:
        raise UserError(
            f'--camera-height is {args.camera_height:g}: {low} to {high} m are allowed'
        )
    if args.frames < 2:
        raise UserError(f'--frames is {args.frames}: at least 2 are needed')
    if min(args.seeds) < 0:
        raise UserError(f'--seeds has {min(args.seeds)}: whole numbers from 0 are needed')
    from fastdepth_ros.navigation.drive import report_costmaps

    report_costmaps(args)
    return 0
