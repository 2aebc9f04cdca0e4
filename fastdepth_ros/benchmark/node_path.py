"""What a depth costs on its whole way through ROS 2, and where that goes.

A camera process sends images; our node, and the node that users write, take turns beside it. The
other turns say where our node's CPU goes: the engine alone and the whole way from image to metres,
at the same rate in processes without ROS; a subscriber that does nothing; and the node while
nobody listens to it.
"""

from __future__ import annotations

import argparse
import math
from typing import Any

from tqdm import tqdm

from fastdepth_ros.benchmark.bare import BARE, ENGINE, Paced, run_paced
from fastdepth_ros.benchmark.node_figures import Turn, cpu_of_stages, node_row, where_it_goes
from fastdepth_ros.benchmark.node_setup import SHM, SUBJECTS, TRANSPORTS, Setup, Subject
from fastdepth_ros.benchmark.node_setup import naive_lacks as find_naive_lacks
from fastdepth_ros.engines.cpu import check_threads
from fastdepth_ros.errors import UserError, check_choice, check_range
from fastdepth_ros.share import DEFAULT
from fastdepth_ros.signals import note_signals
from fastdepth_ros.simulation.camera import RATES, parse_size

DURATIONS = (1, 3600)  # s
ROUNDS = 2
MOST_ROUNDS = 100


def add_node_arguments(parser: argparse.ArgumentParser) -> None:
    """Those that go with --node."""
    group = parser.add_argument_group('of --node, the whole way through ROS 2')
    group.add_argument('--rate', type=float, default=30.0, help='Hz of the camera (default: 30)')
    group.add_argument('--size', default='640x480', metavar='WxH', help='of its images')
    group.add_argument('--duration', type=float, default=10.0, help='s of a turn (default: 10)')
    group.add_argument('--busy', action='store_true', help='beside a busy process a core, too')
    group.add_argument(
        '--transport',
        default=SHM,
        metavar='|'.join(TRANSPORTS),
        help='shm: with config/fastdds_shm.xml, default: without (default: shm)',
    )


def run_node(args: argparse.Namespace) -> dict[str, Any]:
    """What the arguments ask for; `model`, `threads` and `rounds` are those of `benchmark`."""
    threads = args.threads if isinstance(args.threads, list) else [args.threads]
    if len(threads) != 1:
        raise UserError(f'--threads is {" ".join(map(str, threads))}: --node takes one number')
    size = parse_size(args.size)
    setup = Setup(args.model, threads[0], size, args.rate, args.transport)
    return measure_node(setup, args.duration, args.rounds or ROUNDS, args.busy)


def measure_node(
    setup: Setup | None = None, duration: float = 10.0, rounds: int = ROUNDS, busy: bool = False
) -> dict[str, Any]:
    """JSON-ready figures of `rounds` turns of `duration` seconds of each process.

    UserError for a value out of range, and for a model that does not run.
    """
    setup = setup or Setup(DEFAULT)
    check_threads(setup.threads)
    check_choice('transport', setup.transport, TRANSPORTS)
    check_range('--rate', setup.rate, *RATES, 'Hz')
    check_range('--duration', duration, *DURATIONS, 's')
    check_range('--rounds', rounds, 1, MOST_ROUNDS, 'turns')
    if duration * setup.rate < 1:
        raise UserError(
            f'--duration {duration:g} at --rate {setup.rate:g} gives no image: at this rate '
            f'{math.ceil(1 / setup.rate)} s or more are needed'
        )
    lacks = find_naive_lacks()
    subjects = [s for s in SUBJECTS if s.busy <= busy]
    heard: dict[Subject, list[Turn]] = {s: [] for s in subjects if not (s.naive and lacks)}
    paced: dict[str, list[Paced]] = {ENGINE: [], BARE: []}
    _take_turns(setup, duration, rounds, heard, paced)
    cpu = cpu_of_stages(paced, heard)
    return {
        'model': setup.model,
        **paced[ENGINE][0].said,
        'size': list(setup.size),
        'rate_hz': setup.rate,
        'transport': setup.transport,
        'duration_s': duration,
        'rounds': rounds,
        'naive_lacks': lacks,
        'rows': [node_row(s, heard.get(s, []), heard) for s in subjects if s.answers],
        'cpu_ms': cpu,
        'where': where_it_goes(cpu),
    }


def _take_turns(
    setup: Setup,
    seconds: float,
    rounds: int,
    heard: dict[Subject, list[Turn]],
    paced: dict[str, list[Paced]],
) -> None:
    """One after the other, again and again: what the machine does falls on all alike."""
    from fastdepth_ros.benchmark.ros.session import session

    received = note_signals()
    with (
        session(setup, received) as beside_camera,
        tqdm(total=rounds * (len(heard) + len(paced)), unit='turn', leave=False) as bar,
    ):
        for _ in range(rounds):
            for kind, runs in paced.items():
                bar.set_description(kind)
                runs.append(run_paced(kind, setup, seconds, received))
                bar.update()
            for subject, turns in heard.items():
                bar.set_description(subject.title)
                turns.append(beside_camera.turn(subject, seconds))
                bar.update()
