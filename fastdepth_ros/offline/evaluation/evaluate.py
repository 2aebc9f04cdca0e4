"""Measure how close a model is to the truth, on a split of a data root (docs/data.md).

Figures are computed for each image and then averaged. `metric` is the depth as the node would
publish it, `scaled` after multiplication by the ratio of medians, which asks only for structure.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from tqdm import tqdm

from fastdepth_ros.engines.cpu import available_cores
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.engines.registry import AUTO, ENGINES, PRECISIONS
from fastdepth_ros.files import write_atomically
from fastdepth_ros.offline.data.arguments import add_data_arguments
from fastdepth_ros.offline.data.bad_frames import BadFrames, good_frames
from fastdepth_ros.offline.data.frames import SPLITS, depth_kind, list_frames
from fastdepth_ros.offline.evaluation.evaluation import Evaluation
from fastdepth_ros.offline.evaluation.metrics import METRICS
from fastdepth_ros.offline.evaluation.protocols import PROTOCOLS
from fastdepth_ros.share import DEFAULT

EXAMPLES = """\
  python -m fastdepth_ros evaluate --data nyudepthv2 --model runs/nyu/best.safetensors
  python -m fastdepth_ros evaluate --data nyudepthv2 --protocol fastdepth --json result.json
"""
KINDS = ('metric', 'scaled')


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    add_data_arguments(parser)
    parser.add_argument('--model', default=DEFAULT, help="a model file, or 'default'")
    parser.add_argument('--split', choices=SPLITS, default='val', help='default: val')
    parser.add_argument('--protocol', choices=PROTOCOLS, default='full', help='default: full')
    parser.add_argument('--engine', choices=(AUTO, *ENGINES), default=AUTO)
    parser.add_argument('--precision', choices=(AUTO, *PRECISIONS), default=AUTO)
    parser.add_argument('--threads', type=int, default=available_cores())
    parser.add_argument('--skip-bad', action='store_true', help='leave damaged frames out')
    parser.add_argument('--json', type=Path, metavar='OUT', help='write the figures there too')


def run(args: argparse.Namespace) -> int:
    """Evaluates and prints a table."""
    paths = list_frames(args.data, args.split, args.depth)
    estimator = DepthEstimator(args.model, args.engine, args.precision, args.threads)
    bad = BadFrames(args.skip_bad)
    evaluation = Evaluation(estimator, args.protocol)
    for frame in good_frames(tqdm(paths, unit='image', leave=False), bad):
        evaluation.add(frame)
    result = {
        **evaluation.summary(),
        'split': args.split,
        'depth': depth_kind(paths),
        'model': args.model,
        'engine': estimator.engine.name,
        'precision': estimator.engine.precision,
        'skipped': len(bad.seen),
    }
    if args.json:
        write_atomically(args.json, (json.dumps(result, indent=2) + '\n').encode())
    print(table(result))
    return 0


def table(result: dict[str, Any]) -> str:
    """The figures for people."""
    lines = [
        f'{result["count"]} images, protocol {result["protocol"]}, split {result["split"]}, '
        f'depth {result["depth"]}, {result["engine"]} {result["precision"]}; '
        f'{result["invalid_predictions"]} pixels without a prediction, '
        f'{result["without_depth"]} images without depth, {result["skipped"]} damaged',
        ' ' * 8 + ''.join(f'{name:>9}' for name in METRICS),
    ]
    lines += [_row(kind, result[kind]) for kind in KINDS]
    constant = result['constant']
    if constant:
        lines.append(f'for comparison, {constant["depth"]} m everywhere, without looking:')
        lines += [_row(kind, constant[kind]) for kind in KINDS]
    return '\n'.join(lines)


def _row(name: str, figures: dict[str, float]) -> str:
    return f'{name:<8}' + ''.join(f'{figures[metric]:9.3f}' for metric in METRICS)
