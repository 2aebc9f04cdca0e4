"""Camera, node and listeners for as long as you like: what gets lost, and what grows.

The simulated camera, the depth node, and a listener each to depth/image, depth/points and
depth/scan run as processes of their own, with the shared-memory profile. Goals: nothing lost in
transport, at most 0.1 % of the images skipped while the node was busy, after the warm-up (a fifth
of the time, 60 s at most) less than 1 MiB more memory, and not one thread or file descriptor more.
The last line on stdout has the figures; exit code 1 says that a goal was missed. Ctrl-C ends it
early, with the figures so far.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from fastdepth_ros.benchmark.node_setup import SHM, TRANSPORTS, Setup
from fastdepth_ros.engines.cpu import check_threads
from fastdepth_ros.errors import check_choice, check_range
from fastdepth_ros.files import write_atomically
from fastdepth_ros.processes.group import ProcessEndedError
from fastdepth_ros.share import DEFAULT, MODEL_HELP
from fastdepth_ros.signals import note_signals
from fastdepth_ros.simulation.camera import RATES, parse_size

EXAMPLES = """\
  python -m fastdepth_ros soak --minutes 30
  python -m fastdepth_ros soak --minutes 5 --size 1920x1080 --rate 15 --json soak.json
"""
MINUTES = (0.05, 7 * 24 * 60)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument('--minutes', type=float, default=30.0, help='(default: 30)')
    parser.add_argument('--size', default='640x480', metavar='WxH', help='of the images')
    parser.add_argument('--rate', type=float, default=30.0, help='Hz (default: 30)')
    parser.add_argument('--model', default=DEFAULT, help=MODEL_HELP)
    parser.add_argument('--threads', type=int, default=1, help='of the node (default: 1)')
    parser.add_argument(
        '--transport',
        default=SHM,
        metavar='|'.join(TRANSPORTS),
        help='shm: with config/fastdds_shm.xml, default: without (default: shm)',
    )
    parser.add_argument('--json', type=Path, metavar='OUT', help='write the figures there, too')


def run(args: argparse.Namespace) -> int:
    """0, or 1 where a goal was missed or a process ended by itself."""
    setup = check(args)
    received = note_signals()
    from fastdepth_ros.reliability.ros.soak_run import run_soak  # after the signals

    try:
        soak = run_soak(setup, 60 * args.minutes, received)
    except ProcessEndedError as error:
        print(f'error: {error}', file=sys.stderr)
        return 1
    if args.json:
        write_atomically(args.json, (json.dumps(soak.to_json(), indent=2) + '\n').encode())
    for goal in soak.missed_goals():
        print(f'goal missed: {goal}', file=sys.stderr)
    print(soak.line())
    return 1 if soak.missed_goals() else 0


def check(args: argparse.Namespace) -> Setup:
    """What runs; UserError for what does not do."""
    check_range('--minutes', args.minutes, *MINUTES, 'minutes')
    check_range('--rate', args.rate, *RATES, 'Hz')
    size = parse_size(args.size)
    return Setup(
        args.model,
        check_threads(args.threads),
        size,
        args.rate,
        check_choice('transport', args.transport, TRANSPORTS),
    )
