"""Measure the metric scale of one camera, for the node's parameter scale_file.

Predicts frames whose depth a sensor has measured, and writes the factor between the two as YAML:
a curve over depth where that predicts frames better that it was not fitted to. Frames come from a
rosbag2 with a depth image, a LaserScan or a PointCloud2 (--bag; no ROS is needed), from live
topics (--live) or from a data root (--data). Drive or turn the camera meanwhile, so that near and
far things are seen. Nothing is written where the evidence is thin. docs/scale.md has the rest.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.bags.bag import open_bag
from fastdepth_ros.engines.cpu import available_cores
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.engines.registry import AUTO, ENGINES
from fastdepth_ros.errors import UserError, check_range
from fastdepth_ros.geometry.distortion import RECTIFY_MODES
from fastdepth_ros.offline.calibrate.live import record_live
from fastdepth_ros.offline.calibrate.samples import Measured, collect
from fastdepth_ros.offline.calibrate.sources import frames_of_bag, frames_of_root
from fastdepth_ros.offline.data.root import SPLITS
from fastdepth_ros.offline.record.options import Options
from fastdepth_ros.scale.calibration import ScaleCalibration
from fastdepth_ros.scale.running import LIMITS
from fastdepth_ros.share import DEFAULT, MODEL_HELP

EXAMPLES = """\
  python -m fastdepth_ros calibrate --bag drive1 --out scale.yaml
  python -m fastdepth_ros calibrate --bag drive1 --depth /scan --extrinsics tf.yaml --out s.yaml
  python -m fastdepth_ros calibrate --live --image /camera/image_raw --depth /scan \\
      --extrinsics -0.08 0 -0.12 0 0 0 --seconds 30 --out scale.yaml
  python -m fastdepth_ros calibrate --data my_robot --out scale.yaml
then: ros2 run fastdepth_ros depth_node --ros-args -p scale_file:=$PWD/scale.yaml
"""
LEAST_FRAMES = 10
MOST_RESIDUAL = 0.35  # mean |ln| over frames left out: more is no scale


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument('--bag', type=Path, help='a rosbag2: its folder, .mcap or .db3')
    source.add_argument('--live', action='store_true', help='topics of a running robot')
    source.add_argument('--data', type=Path, metavar='ROOT', help='any root of docs/data.md')
    parser.add_argument('--out', type=Path, required=True, metavar='YAML', help='what is written')
    parser.add_argument('--camera', default='', help='a name for it, to be kept in the file')
    parser.add_argument('--max-frames', type=int, default=100, metavar='N', help='(default: 100)')
    parser.add_argument('--max-depth', type=float, default=0.0, metavar='M', help='m; 0: no limit')
    parser.add_argument('--skip-bad', action='store_true', help='leave out what is damaged')
    parser.add_argument('--json', action='store_true', help='print the result as JSON')
    _add_topic_arguments(parser)
    group = parser.add_argument_group('data root')
    group.add_argument('--split', choices=SPLITS, default='train')
    group = parser.add_argument_group('model')
    group.add_argument('--model', default=DEFAULT, help=MODEL_HELP)
    group.add_argument('--engine', choices=(AUTO, *ENGINES), default=AUTO)
    group.add_argument('--threads', type=int, default=available_cores(), help='of inference')


def _add_topic_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group('bag and live topics, as of record')
    group.add_argument('--image', default='', metavar='TOPIC', help='colour, where there are more')
    group.add_argument(
        '--depth', default='', metavar='TOPIC', help='depth image, LaserScan or PointCloud2'
    )
    group.add_argument('--camera-info', default='', metavar='TOPIC')
    group.add_argument('--depth-camera-info', default='', metavar='TOPIC')
    group.add_argument('--camera-info-url', default='', metavar='FILE')
    group.add_argument('--rectify', choices=RECTIFY_MODES, default='auto')
    group.add_argument(
        '--extrinsics',
        nargs='+',
        default=[],
        metavar='NUMBER|FILE',
        help='pose of the depth sensor: x y z roll pitch yaw, as scan_extrinsics of the node, '
        "x y z qx qy qz qw in the frame of the image, or YAML; else the bag's /tf_static",
    )
    group.add_argument('--registered', action='store_true', help="depth on the image's pixels")
    group.add_argument('--max-offset', type=float, default=20.0, metavar='MS')
    group.add_argument('--seconds', type=float, default=20.0, help='of --live (default: 20)')


def run(args: argparse.Namespace) -> int:
    """Measures, and writes the file; UserError where the evidence is thin."""
    check_range('--max-frames', args.max_frames, LEAST_FRAMES, 10_000, 'frames')
    check_range('--seconds', args.seconds, 1, 600, 's')
    bad = BadFrames(args.skip_bad)
    estimator = DepthEstimator(args.model, args.engine, num_threads=args.threads)
    frames = frames_of(args, bad)
    pairs = collect(frames, estimator)
    model = estimator.metadata.name
    calibration = checked(ScaleCalibration.fit(pairs, args.camera, model))
    calibration.save(args.out)
    print(report(args, calibration, len(bad.seen)))
    return 0


def frames_of(args: argparse.Namespace, bad: BadFrames) -> Iterator[Measured]:
    """From where the user says."""
    if args.data is not None:
        yield from frames_of_root(args.data, args.split, args.max_frames, args.max_depth, bad)
        return
    options = options_of(args)
    if args.live:
        yield from frames_of_bag(record_live(options, args.seconds, args.max_frames), options, bad)
        return
    with open_bag(args.bag) as bag:
        yield from frames_of_bag(bag, options, bad)


def options_of(args: argparse.Namespace) -> Options:
    """As `record` would be told, with all of the bag for one split."""
    return Options(
        image=args.image,
        depth=args.depth,
        camera_info=args.camera_info,
        depth_camera_info=args.depth_camera_info,
        camera_info_url=args.camera_info_url,
        rectify=args.rectify,
        extrinsics=tuple(args.extrinsics),
        registered=args.registered,
        max_offset=args.max_offset,
        max_frames=args.max_frames,
        max_depth=args.max_depth,
        val_share=0.0,
    )


def checked(calibration: ScaleCalibration) -> ScaleCalibration:
    """Returns it, or raises a UserError that says why it is not to be trusted."""
    c, (low, high) = calibration, LIMITS
    if c.frames < LEAST_FRAMES:
        raise UserError(
            f'nothing is written: {c.frames} frames have measured depth, at least {LEAST_FRAMES} '
            'that differ are needed: record longer, and move meanwhile'
        )
    if not low <= c.factor <= high:
        raise UserError(
            f'nothing is written: a factor of {c.factor:.3g} cannot be, {low:g} to {high:g} is '
            "allowed: is the measured depth in metres, and in the camera's frame?"
        )
    if c.residual > MOST_RESIDUAL:
        raise UserError(
            f'nothing is written: the measured depth is still {math.expm1(c.residual):.0%} off, '
            f'{math.expm1(MOST_RESIDUAL):.0%} is allowed: check the extrinsics and the camera_info'
        )
    return c


def report(args: argparse.Namespace, c: ScaleCalibration, skipped: int) -> str:
    """What came of it."""
    kind = f'a curve of {len(c.curve)} points' if c.curve else 'a factor'
    if args.json:
        values: dict[str, Any] = {
            'out': str(args.out),
            'factor': c.factor,
            'curve': c.curve,
            'frames': c.frames,
            'residual': c.residual,
            'model': c.model,
            'skipped': skipped,
        }
        return json.dumps(values)
    lines = [
        f'{c.frames} frames: true depth is {c.factor:.3f} times the predicted',
        f'kept as {kind}; frames left out of the fit are {math.expm1(c.residual):.1%} off with it',
        f'wrote {args.out}: set scale_file to its full path',
    ]
    return '\n'.join(lines)
