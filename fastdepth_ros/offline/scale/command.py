"""Measure what each source of metric scale is worth: depth before and after, and its cost.

Frames are those of a split of a data root (docs/data.md) that know their intrinsics, or of drives
through simulated rooms. Their true depth plays the robot's other sensors: a level row of lidar
beams with noise and outliers, the camera's height above the floor and which way is up.
`calibration` learns from the first part of each scene and is scored on the rest. docs/scale.md
says how to read it.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.engines.registry import AUTO, ENGINES, PRECISIONS
from fastdepth_ros.errors import UserError
from fastdepth_ros.files import write_atomically
from fastdepth_ros.offline.data.frames import SPLITS
from fastdepth_ros.offline.scale.observations import Observation, observe, observe_drive
from fastdepth_ros.offline.scale.study import SOURCES, StudyOptions, study
from fastdepth_ros.offline.scale.table import rows, table
from fastdepth_ros.share import DEFAULT, MODEL_HELP
from fastdepth_ros.simulation.sensors import SensorOptions

EXAMPLES = """\
  python -m fastdepth_ros scale --data ROOT
  python -m fastdepth_ros scale --data ROOT --scene hololens_office --running --fps 5
  python -m fastdepth_ros scale --rooms 7 8 9 --running
  python -m fastdepth_ros scale --data ROOT --sources ranges --beams 16 --noise 0.1 --json a.json
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    sensors = SensorOptions()
    frames = parser.add_mutually_exclusive_group(required=True)
    frames.add_argument('--data', type=Path, metavar='ROOT', help='docs/data.md')
    frames.add_argument('--rooms', type=int, nargs='+', metavar='SEED', help='simulated ones')
    parser.add_argument(
        '--frames', type=int, default=200, help='of a round through a room (200: 0.1 m each)'
    )
    parser.add_argument('--split', choices=SPLITS, default='val', help='default: val')
    parser.add_argument('--scene', default='', help='only scenes whose names start so')
    parser.add_argument('--sources', nargs='+', choices=SOURCES, default=list(SOURCES))
    parser.add_argument(
        '--running',
        action='store_true',
        help="the node's running scale over each scene's frames in order, not each by itself",
    )
    parser.add_argument('--fps', type=float, default=10.0, help='of the frames (default: 10)')
    parser.add_argument(
        '--max-rate', type=float, default=1.0, help='of the running scale, a second (1)'
    )
    parser.add_argument('--window', type=float, default=0.15, help='of it, s (0.15)')
    parser.add_argument('--model', default=DEFAULT, help=MODEL_HELP)
    parser.add_argument('--engine', choices=(AUTO, *ENGINES), default=AUTO)
    parser.add_argument('--precision', choices=(AUTO, *PRECISIONS), default=AUTO)
    parser.add_argument('--beams', type=int, default=sensors.beams, help='of the lidar row (64)')
    parser.add_argument(
        '--noise', type=float, default=sensors.noise, help='of a range, relative (0.03)'
    )
    parser.add_argument(
        '--outliers', type=float, default=sensors.outliers, help='share of the ranges (0.05)'
    )
    parser.add_argument(
        '--tilt-noise', type=float, default=sensors.tilt_noise, help='of up, deg (1)'
    )
    parser.add_argument(
        '--height-noise', type=float, default=sensors.height_noise, help='relative (0.01)'
    )
    parser.add_argument('--seed', type=int, default=0, help='of the noise (default: 0)')
    parser.add_argument('--json', type=Path, metavar='OUT', help='write all figures there')


def run(args: argparse.Namespace) -> int:
    """Studies, prints the table, and writes what was asked for."""
    if not args.fps > 0:
        raise UserError(f'--fps is {args.fps:g}: more than 0 is needed')
    if args.seed < 0:
        raise UserError(f'--seed is {args.seed}: at least 0 is needed')
    sensors = SensorOptions(
        args.beams, args.noise, args.outliers, args.tilt_noise, args.height_noise
    )
    options = StudyOptions(
        tuple(args.sources),
        sensors,
        args.fps,
        args.running,
        args.max_rate,
        args.window,
        seed=args.seed,
    )
    estimator = DepthEstimator(args.model, args.engine, args.precision, num_threads=1)
    found = rows(study(_observed(args, estimator), options))
    if args.json:
        result = {
            'model': estimator.metadata.name,
            'engine': estimator.engine.name,
            'precision': estimator.engine.precision,
            'data': args.data.name if args.data else None,
            'split': args.split,
            'rooms': args.rooms,
            'running': args.running,
            'rows': found,
        }
        write_atomically(args.json, (json.dumps(result, indent=2) + '\n').encode())
    print(table(found))
    return 0


def _observed(args: argparse.Namespace, estimator: DepthEstimator) -> Iterator[Observation]:
    if args.data:
        return observe(args.data, args.split, args.scene, estimator)
    return chain.from_iterable(observe_drive(s, args.frames, estimator) for s in args.rooms)
