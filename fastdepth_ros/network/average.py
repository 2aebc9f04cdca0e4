"""Write the mean of several models' weights as one model ("model soup", arXiv 2203.05482).

Models that were trained on from the same weights, on other data or with another seed, lie close
enough that their mean is a model, too: often a more accurate one than each, above all on cameras
that none has seen, at the cost of one. The first model's input size and licence are the result's.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.network.model_file import SUFFIX, load_model, save_model
from fastdepth_ros.share import MODEL_HELP, resolve_model

EXAMPLES = """\
  python -m fastdepth_ros average runs/a/last.safetensors runs/b/last.safetensors \\
      --out mean.safetensors
  python -m fastdepth_ros average default small --weights 0.7 0.3 --out between.safetensors
"""
SAME = ('network', 'fx', 'fy', 'mean', 'std')  # without which weights mean different things

Model = tuple[ModelMetadata, dict[str, np.ndarray]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument('models', nargs='+', metavar='MODEL', help=MODEL_HELP)
    parser.add_argument('--out', type=Path, required=True, help=f'the {SUFFIX} file to write')
    parser.add_argument(
        '--weights', type=float, nargs='+', metavar='W', help='one a model (default: equal)'
    )
    parser.add_argument('--name', default='', help='of the result, in its metadata')
    parser.add_argument('--json', action='store_true', help='print the result as JSON')


def run(args: argparse.Namespace) -> int:
    """Reads, averages, writes."""
    if args.out.suffix != SUFFIX:
        raise UserError(f"--out is '{args.out}': the name of a {SUFFIX} file is needed")
    paths = [resolve_model(model, SUFFIX) for model in args.models]
    for path in paths:
        if path.suffix != SUFFIX:
            raise UserError(f"'{path}' has no weights to average: {SUFFIX} files are needed")
    weights = args.weights or [1.0] * len(paths)
    metadata, tensors = average([load_model(path) for path in paths], weights)
    shares = [w / sum(weights) for w in weights]
    parts = [
        {'model': str(model), 'share': share}
        for model, share in zip(args.models, shares, strict=True)
    ]
    metadata = replace(
        metadata,
        name=args.name or f'mean of {", ".join(map(str, args.models))}',
        training={**metadata.training, 'mean_of': parts},
    )
    save_model(args.out, metadata, tensors)
    if args.json:
        print(json.dumps({'out': str(args.out), 'mean_of': parts}))
    else:
        shown = ' + '.join(f'{part["share"]:.3g} {part["model"]}' for part in parts)
        print(f'{shown} -> {args.out}')
    return 0


def average(models: Sequence[Model], weights: Sequence[float]) -> Model:
    """The weighted mean; metadata are the first's, without figures, with everybody's depths.

    Raises:
        UserError: fewer than two models, networks that differ, or weights that do not fit.

    """
    if len(models) < 2:
        raise UserError(f'{len(models)} model to average: at least 2 are needed')
    if len(weights) != len(models):
        raise UserError(f'{len(weights)} weights for {len(models)} models: one each is needed')
    if not (np.isfinite(weights).all() and min(weights) >= 0 and sum(weights) > 0):
        raise UserError(f'weights are {list(weights)}: 0 or more, and not all 0, are needed')
    first, tensors = models[0]
    for number, (other, found) in enumerate(models[1:], 2):
        for name in SAME:
            mine, its = getattr(first, name), getattr(other, name)
            if mine != its:
                raise UserError(
                    f'{name} of model {number} is {its}, of the first {mine}: only '
                    'models trained on from the same one can be averaged'
                )
        if {n: t.shape for n, t in found.items()} != {n: t.shape for n, t in tensors.items()}:
            raise UserError(f'model {number} has other weights than the first')
    shares = np.asarray(weights, np.float64) / np.sum(weights)
    mean = {
        name: np.sum([s * t[name] for s, (_, t) in zip(shares, models, strict=True)], 0)
        for name in tensors
    }
    metadata = replace(
        first,
        min_depth=min(m.min_depth for m, _ in models),
        max_depth=max(m.max_depth for m, _ in models),
        metrics={},
    )
    return metadata, mean
