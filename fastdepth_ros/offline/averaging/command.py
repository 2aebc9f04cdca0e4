"""Write the mean of several models' weights as one model ("model soup", arXiv 2203.05482).

Models that were trained on from the same weights, on other data or with another seed, lie close
enough that their mean is a model, too: often a more accurate one than each, above all on cameras
that none has seen, at the cost of one. The first model's input size and licence are the result's.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.engines.cpu import available_cores
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.errors import UserError
from fastdepth_ros.network.model_file import SUFFIX, load_model, save_model
from fastdepth_ros.offline.averaging.mean import average
from fastdepth_ros.offline.data.frames import list_frames
from fastdepth_ros.offline.evaluation.table import table
from fastdepth_ros.offline.evaluation.validation import validate
from fastdepth_ros.share import MODEL_HELP, resolve_model

EXAMPLES = """\
  python -m fastdepth_ros average runs/a/last.safetensors runs/b/last.safetensors \\
      --data nyudepthv2 --out mean.safetensors
  python -m fastdepth_ros average default small --weights 0.7 0.3 --out between.safetensors
"""
PROTOCOL = 'full'  # of the figures, where the first model does not tell its own


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument('models', nargs='+', metavar='MODEL', help=MODEL_HELP)
    parser.add_argument('--out', type=Path, required=True, help=f'the {SUFFIX} file to write')
    parser.add_argument(
        '--weights', type=float, nargs='+', metavar='W', help='one a model (default: equal)'
    )
    parser.add_argument('--name', default='', help='of the result, in its metadata')
    parser.add_argument(
        '--data',
        type=Path,
        metavar='ROOT',
        help='validate on the val split of this data root, and keep the figures in the file as '
        'train does (needs PyTorch)',
    )
    parser.add_argument('--threads', type=int, default=available_cores(), help='of validation')
    parser.add_argument('--json', action='store_true', help='print the result as JSON')


def run(args: argparse.Namespace) -> int:
    """Reads, averages, writes; validates, if asked to."""
    if args.out.suffix != SUFFIX:
        raise UserError(f"--out is '{args.out}': the name of a {SUFFIX} file is needed")
    paths = [resolve_model(model, SUFFIX) for model in args.models]
    for path in paths:
        if path.suffix != SUFFIX:
            raise UserError(f"'{path}' has no weights to average: {SUFFIX} files are needed")
    frames = list_frames(args.data, 'val') if args.data else []
    weights = args.weights or [1.0] * len(paths)
    metadata, tensors = average([load_model(path) for path in paths], weights)
    parts = [
        {'model': model, 'share': weight / sum(weights)}
        for model, weight in zip(args.models, weights, strict=True)
    ]
    metadata = replace(
        metadata,
        name=args.name or f'mean of {", ".join(args.models)}',
        training={**metadata.training, 'mean_of': parts},
    )
    save_model(args.out, metadata, tensors)
    result: dict[str, Any] = {'out': str(args.out), 'mean_of': parts}
    if args.data:
        protocol = metadata.training.get('recipe', {}).get('protocol', PROTOCOL)
        estimator = DepthEstimator(str(args.out), 'torch', 'f32', args.threads)
        figures = validate(estimator, protocol, frames, BadFrames(skip=False))
        print(table(figures), file=sys.stderr)
        save_model(args.out, replace(metadata, metrics={'val': figures}), tensors)
        result['val'] = figures
    if args.json:
        print(json.dumps(result))
    else:
        shown = ' + '.join(f'{part["share"]:.3g} {part["model"]}' for part in parts)
        print(f'{shown} -> {args.out}')
    return 0
