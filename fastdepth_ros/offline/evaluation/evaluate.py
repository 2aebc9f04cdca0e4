"""Measure how close a model, or another system's depth maps, is to the truth.

Frames are those of a split of a data root (docs/data.md).

Figures are computed for each image and then averaged. `metric` is the depth as the node would
publish it, `scaled` after multiplication by the ratio of medians, which asks only for structure.
Intervals come from a bootstrap over scenes. Of a model that tells its expected error there is a
risk-coverage curve, too. docs/evaluation.md says how to read it all.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from fastdepth_ros.engines.cpu import available_cores
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.engines.registry import AUTO, ENGINES, PRECISIONS
from fastdepth_ros.errors import UserError
from fastdepth_ros.files import write_atomically
from fastdepth_ros.offline.data.arguments import add_data_arguments
from fastdepth_ros.offline.data.frames import SPLITS
from fastdepth_ros.offline.evaluation.aspect import parse_aspect
from fastdepth_ros.offline.evaluation.bands import DEFAULT_BANDS, parse_bands
from fastdepth_ros.offline.evaluation.comparison import compare, comparison_table, differences_csv
from fastdepth_ros.offline.evaluation.degradations import KINDS, parse_degradation
from fastdepth_ros.offline.evaluation.evaluation import Evaluation
from fastdepth_ros.offline.evaluation.protocols import PROTOCOLS
from fastdepth_ros.offline.evaluation.results import (
    SUFFIXES,
    Results,
    read_results,
    to_csv,
    to_rows,
)
from fastdepth_ros.offline.evaluation.sources import DepthSource, ModelSource, StoredDepth
from fastdepth_ros.offline.evaluation.split_frames import SplitFrames
from fastdepth_ros.offline.evaluation.table import full_table
from fastdepth_ros.share import DEFAULT, MODEL_HELP, SHIPPED

EXAMPLES = """\
  python -m fastdepth_ros evaluate --data nyudepthv2 --model runs/nyu/best.safetensors
  python -m fastdepth_ros evaluate --data nyudepthv2 --protocol eigen --json a.json --report a
  python -m fastdepth_ros evaluate --data nyudepthv2 --protocol eigen --predictions other_system
  python -m fastdepth_ros evaluate --compare a.json b.json
  python -m fastdepth_ros evaluate --data my_robot --compare default runs/mine/best.safetensors
  python -m fastdepth_ros evaluate --data my_robot --degrade motion:0.5
  python -m fastdepth_ros evaluate --data my_robot --aspect 16:9 --compare default small
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    add_data_arguments(parser, required=False)
    what = parser.add_mutually_exclusive_group()
    what.add_argument('--model', help=f'{MODEL_HELP} (default: {DEFAULT})')
    what.add_argument(
        '--predictions',
        type=Path,
        metavar='DIR',
        help='depth maps of another system: PATH_UNDER_THE_SPLIT.npy (m) or .png (16-bit mm)',
    )
    what.add_argument(
        '--compare',
        nargs=2,
        metavar=('A', 'B'),
        help='B - A, image by image: results (.json, .csv), models or folders of predictions',
    )
    parser.add_argument('--split', choices=SPLITS, default='val', help='default: val')
    parser.add_argument('--protocol', choices=PROTOCOLS, default='full', help='default: full')
    parser.add_argument(
        '--bands',
        type=parse_bands,
        default=DEFAULT_BANDS,
        help=f'true distances to judge apart, m (default: {DEFAULT_BANDS})',
    )
    parser.add_argument('--flip', action='store_true', help="the mean with the mirror image's")
    parser.add_argument(
        '--max-error',
        type=float,
        default=0.0,
        help='leave out pixels whose expected relative error is above (default: 0, none)',
    )
    parser.add_argument(
        '--degrade',
        type=parse_degradation,
        metavar='KIND[:STRENGTH]',
        help='pictures as of a worse camera, one thing at a time, at strength 1 or another: '
        + ', '.join(KINDS),
    )
    parser.add_argument(
        '--aspect',
        type=parse_aspect,
        metavar='W:H',
        help='the middle of each frame in this shape, as a camera of 16:9 sees it; protocol full',
    )
    parser.add_argument('--engine', choices=(AUTO, *ENGINES), default=AUTO)
    parser.add_argument('--precision', choices=(AUTO, *PRECISIONS), default=AUTO)
    parser.add_argument('--threads', type=int, default=available_cores())
    parser.add_argument('--seed', type=int, default=0, help='of the bootstrap (default: 0)')
    parser.add_argument('--skip-bad', action='store_true', help='leave damaged frames out')
    parser.add_argument('--json', type=Path, metavar='OUT', help='write all figures there')
    parser.add_argument('--csv', type=Path, metavar='OUT', help='write a line an image there')
    parser.add_argument('--report', type=Path, metavar='DIR', help='write DIR/index.html')


def run(args: argparse.Namespace) -> int:
    """Evaluates or compares, writes what was asked for, and prints a table."""
    if args.seed < 0:
        raise UserError(f'--seed is {args.seed}: at least 0 is needed')
    return run_comparison(args) if args.compare else run_evaluation(args)


def run_evaluation(args: argparse.Namespace) -> int:
    """One model, or one folder of predictions."""
    report = report_module(args)
    what = str(args.predictions or args.model or DEFAULT)
    frames, source = open_source(args, what, stored=args.predictions is not None)
    evaluation = evaluate(args, frames, source)
    result = {
        **evaluation.summary(),
        'split': args.split,
        'data': args.data.name,
        'depth': frames.depth_kind,
        'degraded': str(args.degrade) if args.degrade else None,
        'aspect': str(args.aspect) if args.aspect else None,
        'model': what,
        **source.describe(),
        'skipped': frames.skipped,
        'risk': evaluation.risk.summary(),
    }
    if args.json:
        write_json(args.json, {**result, 'images': to_rows(evaluation.images)})
    if args.csv:
        write_atomically(args.csv, to_csv(evaluation.images, args.protocol, args.bands))
    if report:
        report.write_report(args.report, result, evaluation, frames)
    print(full_table(result))
    return 0


def report_module(args: argparse.Namespace) -> ModuleType | None:
    """What writes reports, if one is asked for; loaded first, for it needs more packages."""
    name = 'fastdepth_ros.offline.evaluation.report'
    return importlib.import_module(name) if args.report else None


def open_source(
    args: argparse.Namespace, what: str, *, stored: bool
) -> tuple[SplitFrames, DepthSource]:
    """The split's frames and what gives their depth: stored predictions, or a model."""
    if args.data is None:
        raise UserError(f"--data ROOT is needed to evaluate '{what}'")
    for option in ('degrade', 'aspect', 'flip') if stored else ():
        if getattr(args, option):
            raise UserError(f'--{option} needs a model: stored predictions are as they are')
    if args.aspect and args.protocol != 'full':
        raise UserError(
            f"--aspect is {args.aspect}, but protocol '{args.protocol}' cuts frames its own way: "
            'choose protocol full'
        )
    changes = args.degrade, args.aspect
    frames = SplitFrames(args.data, args.split, args.depth, args.skip_bad, *changes)
    if stored:
        if args.max_error:
            raise UserError('--max-error needs a model: stored predictions have no expected error')
        return frames, StoredDepth(Path(what), frames.names, args.protocol)
    engine = what, args.engine, args.precision, args.threads
    estimator = DepthEstimator(*engine, flip=args.flip)
    estimator.check_max_error(args.max_error)
    return frames, ModelSource(estimator, args.protocol)


def evaluate(args: argparse.Namespace, frames: SplitFrames, source: DepthSource) -> Evaluation:
    """Every frame of the split scored."""
    evaluation = Evaluation(source, args.protocol, args.bands, args.seed, args.max_error)
    for name, frame in frames:
        evaluation.add(frame, name)
    if evaluation.without_depth:
        count, first = len(evaluation.without_depth), evaluation.without_depth[0]
        print(f"left out: {count} frames without valid depth, first '{first}'", file=sys.stderr)
    return evaluation


def run_comparison(args: argparse.Namespace) -> int:
    """Two of anything, B against A."""
    report = report_module(args)
    first, second = (open_results(args, what) for what in args.compare)
    comparison = compare(first, second, args.seed)
    if args.json:
        write_json(args.json, comparison.result)
    if args.csv:
        write_atomically(args.csv, differences_csv(comparison))
    if report:
        report.write_comparison(args.report, comparison)
    print(comparison_table(comparison.result))
    return 0


def open_results(args: argparse.Namespace, what: str) -> Results:
    """Read from a result file, or made now."""
    if Path(what).suffix in SUFFIXES:
        return read_results(Path(what))
    stored = what not in SHIPPED and Path(what).is_dir()
    frames, source = open_source(args, what, stored=stored)
    return Results(what, args.protocol, evaluate(args, frames, source).images)


def write_json(path: Path, result: dict[str, Any]) -> None:
    """Indented."""
    write_atomically(path, (json.dumps(result, indent=2) + '\n').encode())
