"""What a model costs on this machine: engines x precisions x threads, timed in turns.

Every row is a process of its own. Ratios are times over the time of what ran beside it in the
same run, so smaller is faster: `eager` is the same network in eager PyTorch (NCHW, float32),
`FastDepth` the published network at 224 x 224 in the same, and `limit` the network's multiply-adds
at the rate of a 1024 x 1024 x 1024 matrix multiply in the row's engine, precision and threads.

--node measures the whole way through ROS 2, from the camera's message to the depth's, beside the
node that users write, and tells where the CPU goes. --growth tells how the cost grows with the
network's input and the camera's image, --training what a training run spends on loading its
frames.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from fastdepth_ros.benchmark import node_path
from fastdepth_ros.benchmark.engines import engines_table, measure_engines
from fastdepth_ros.benchmark.growth import growth_plot, growth_table, measure_growth
from fastdepth_ros.benchmark.node_table import node_table
from fastdepth_ros.engines.cpu import check_threads
from fastdepth_ros.engines.registry import ENGINES, PRECISIONS
from fastdepth_ros.errors import UserError, check_choice
from fastdepth_ros.files import write_atomically
from fastdepth_ros.share import DEFAULT, MODEL_HELP

EXAMPLES = """\
  python -m fastdepth_ros benchmark --threads 1 2 --json benchmark.json
  python -m fastdepth_ros benchmark --model mine.onnx --engines openvino
  python -m fastdepth_ros benchmark --node --busy
  python -m fastdepth_ros benchmark --growth --threads 1 2 --plot growth.png
  python -m fastdepth_ros benchmark --training --data nyudepthv2 --config run.yaml
"""


ROUNDS = 15


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument('--model', default=DEFAULT, help=MODEL_HELP)
    parser.add_argument('--threads', type=int, nargs='+', default=[1], help='(default: 1)')
    parser.add_argument('--engines', nargs='+', default=list(ENGINES), metavar='ENGINE')
    parser.add_argument(
        '--precisions',
        nargs='+',
        default=[],
        metavar='PRECISION',
        help='(default: all that run here)',
    )
    parser.add_argument(
        '--rounds', type=int, help=f'turns (default: {ROUNDS}; --node {node_path.ROUNDS})'
    )
    parser.add_argument('--json', type=Path, metavar='OUT', help='write the figures there, too')
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument('--node', action='store_true', help='the whole way through ROS 2')
    mode.add_argument('--growth', action='store_true', help='cost by input and by camera size')
    mode.add_argument('--training', action='store_true', help='images a second, and the waiting')
    parser.add_argument('--plot', type=Path, metavar='OUT.png', help='of --growth')
    parser.add_argument('--data', type=Path, metavar='ROOT', help='of --training')
    parser.add_argument('--config', metavar='RECIPE', help='of --training: as of train')
    node_path.add_node_arguments(parser)


def run(args: argparse.Namespace) -> int:
    """Measures, prints a table, and writes --json."""
    check(args)
    rounds = args.rounds or ROUNDS
    if args.training:
        result, text = training(args)
    elif args.node:
        result = node_path.run_node(args)
        text = node_table(result)
    elif args.growth:
        result = measure_growth(args.model, args.threads, rounds)
        text = growth_table(result)
        if args.plot:
            write_atomically(args.plot, growth_plot(result))
    else:
        result = measure_engines(args.model, args.engines, args.precisions, args.threads, rounds)
        text = engines_table(result)
    if args.json:
        write_atomically(args.json, (json.dumps(result, indent=2) + '\n').encode())
    print(text)
    return 0


def training(args: argparse.Namespace) -> tuple[dict[str, object], str]:
    """The figures of --training, and their table."""
    from fastdepth_ros.benchmark.training import measure_training, training_table
    from fastdepth_ros.offline.training.run_config import RunConfig, recipe_options

    config = RunConfig(**recipe_options(args.config))
    result = measure_training(args.data, config)
    return result, training_table(result)


def check(args: argparse.Namespace) -> None:
    """UserError for options that do not do, before anything is measured."""
    for threads in args.threads:
        check_threads(threads)
    for engine in args.engines:
        check_choice('engine', engine, ENGINES)
    for precision in args.precisions:
        check_choice('precision', precision, PRECISIONS)
    if args.rounds is not None and args.rounds < 1:
        raise UserError(f'--rounds is {args.rounds}: at least 1 is needed')
    if args.training and args.data is None:
        raise UserError('--training needs --data: a root with train/')
    if args.plot and (not args.growth or args.plot.suffix != '.png'):
        raise UserError(f"--plot is '{args.plot}': the name of a .png file, with --growth")
