"""Faults injected into a running depth node: does it recover, how fast, does an exception escape?

Each fault has a depth node process of its own, beside a camera and a listener in this one. A
recovery is the time from when all is well again to the first depth of an image that was sent after
that; the slowest counts. Where the node must go on meanwhile, the longest time without a depth
does, too. The table goes to stdout; exit code 1 says that a fault is not survived as promised.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from fastdepth_ros.benchmark.node_setup import Setup
from fastdepth_ros.engines.cpu import check_threads
from fastdepth_ros.errors import check_choice, check_range
from fastdepth_ros.files import write_atomically
from fastdepth_ros.processes.group import ProcessEndedError
from fastdepth_ros.reliability.outcome import Outcome, table
from fastdepth_ros.share import DEFAULT, MODEL_HELP
from fastdepth_ros.signals import note_signals
from fastdepth_ros.simulation.camera import RATES, parse_size

if TYPE_CHECKING:
    from fastdepth_ros.reliability.ros.stage import Options

EXAMPLES = """\
  python -m fastdepth_ros faults
  python -m fastdepth_ros faults --only camera_killed clock_jumps --json faults.json
  python -m fastdepth_ros faults --count 100 --seed 7
"""
# name: the module of reliability/ros/ that has it
FAULTS = {
    'camera_killed': 'camera_faults',
    'camera_info_gone': 'camera_faults',
    'flood': 'camera_faults',
    'clock_jumps': 'camera_faults',
    'deaf_listener': 'listener_faults',
    'subscribers_come_and_go': 'listener_faults',
    'random_parameters': 'control_faults',
    'lifecycle_random': 'control_faults',
    'all_cores_loaded': 'machine_faults',
    'memory_limit': 'machine_faults',
    'restarts': 'restart_faults',
    'stale_segments': 'restart_faults',
}
COUNTS = (1, 1_000_000)
LIMITS = (0.01, 600.0)  # s


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument(
        '--only', nargs='+', default=list(FAULTS), metavar='NAME', help=f'of {", ".join(FAULTS)}'
    )
    parser.add_argument(
        '--count',
        type=int,
        default=1000,
        help='subscribers and sets of parameters; slower faults happen less often (default: 1000)',
    )
    parser.add_argument('--seed', type=int, default=0, help='of what is random (default: 0)')
    parser.add_argument('--size', default='640x480', metavar='WxH', help='of the images')
    parser.add_argument('--rate', type=float, default=20.0, help='Hz (default: 20)')
    parser.add_argument('--model', default=DEFAULT, help=MODEL_HELP)
    parser.add_argument('--threads', type=int, default=1, help='of the node (default: 1)')
    parser.add_argument(
        '--limit', type=float, default=1.0, help='s that a recovery may take (default: 1)'
    )
    parser.add_argument(
        '--start-limit', type=float, default=5.0, help='s from a start to a depth (default: 5)'
    )
    parser.add_argument('--json', type=Path, metavar='OUT', help='write the figures there, too')


def run(args: argparse.Namespace) -> int:
    """0 where every fault was survived, else 1."""
    setup = check(args)
    received = note_signals()
    from fastdepth_ros.reliability.ros.stage import Options  # after the signals: it takes a while

    options = Options(setup, args.count, args.seed, args.limit, args.start_limit)
    outcomes = []
    for name in dict.fromkeys(args.only):
        print(f'{name} ...', file=sys.stderr, flush=True)
        outcomes.append((name, inject(name, options, received)))
    if args.json:
        result = {name: outcome.to_json() for name, outcome in outcomes}
        write_atomically(args.json, (json.dumps(result, indent=2) + '\n').encode())
    print(table(outcomes))
    return 0 if all(outcome.ok for _, outcome in outcomes) else 1


def check(args: argparse.Namespace) -> Setup:
    """What runs; UserError for what does not do."""
    for name in args.only:
        check_choice('fault', name, FAULTS)
    check_range('--count', args.count, *COUNTS, 'times')
    check_range('--rate', args.rate, RATES[0], RATES[1] / 10, 'Hz')
    check_range('--limit', args.limit, *LIMITS, 's')
    check_range('--start-limit', args.start_limit, *LIMITS, 's')
    size = parse_size(args.size)
    return Setup(args.model, check_threads(args.threads), size, args.rate)


def inject(name: str, options: Options, received: list[int]) -> Outcome:
    """One fault, on a stage of its own."""
    from fastdepth_ros.reliability.ros.stage import stage

    fault = getattr(importlib.import_module(f'fastdepth_ros.reliability.ros.{FAULTS[name]}'), name)
    with stage(options, received) as here:
        try:
            outcome: Outcome = fault(here)
        except ProcessEndedError as error:
            outcome = here.outcome()
            outcome.problems.append(str(error))
        outcome.exceptions = here.tracebacks
    return outcome
