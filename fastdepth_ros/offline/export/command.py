"""Write a trained model (.safetensors) as ONNX, for the engines that need no PyTorch.

The ONNX file takes uint8 RGB (1, H, W, 3) and returns metres (1, H, W): normalisation is inside.
A model that tells its expected error has a second output, `error` (1, h, w), of the logarithm.
Weights are stored as float16 and computed in float32; the metadata is that of the model.

--int8 writes an int8 copy beside it, calibrated on training frames of --data: X.int8.onnx beside
X.onnx, where `precision: int8` or `auto` finds it. With --data a table shows what each precision
that runs here costs in accuracy (validation frames) and gives in speed.

--size takes the same weights to another input: fewer pixels cost less time and show less. Metres
stay metres, for the network knows the focal length in pixels of its input.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from fastdepth_ros.engines.engine import Engine
from fastdepth_ros.engines.registry import load_engine
from fastdepth_ros.errors import UserError
from fastdepth_ros.network.model_file import SUFFIX, load_model, save_model
from fastdepth_ros.offline.data.arguments import add_data_arguments
from fastdepth_ros.offline.data.frames import list_frames
from fastdepth_ros.offline.export.comparison import (
    MAX_LOSS,
    Row,
    compare_precisions,
    int8_loss,
    table,
)
from fastdepth_ros.offline.export.onnx_graph import export
from fastdepth_ros.offline.export.quantise import calibration_frames, quantise
from fastdepth_ros.share import DEFAULT, NAMES, resolve_model

EXAMPLES = """\
  python -m fastdepth_ros export --model runs/nyu/best.safetensors --out nyu.onnx
  python -m fastdepth_ros export --model runs/nyu/best.safetensors --out nyu.onnx --int8 \\
    --data nyudepthv2
  python -m fastdepth_ros export --size 192 128 --out small.onnx --int8 --data nyudepthv2
  python -m fastdepth_ros depth_node --ros-args -p model:=nyu.onnx
"""
TOLERANCE = 2e-3  # relative; folding BatchNorm before the float16 storage moves weights a little


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument('--model', default=DEFAULT, help=f'a .safetensors file, or {NAMES}')
    parser.add_argument('--out', type=Path, required=True, help='the .onnx file to write')
    parser.add_argument(
        '--size',
        type=int,
        nargs=2,
        metavar=('WIDTH', 'HEIGHT'),
        help="of the input, px (default: the model's)",
    )
    add_data_arguments(parser, required=False, use=': compare precisions')
    parser.add_argument(
        '--int8', action='store_true', help='write an int8 copy, too; needs --data'
    )
    parser.add_argument(
        '--calibration-frames', type=int, default=200, help='training frames (default: 200)'
    )
    parser.add_argument(
        '--val-frames', type=int, default=200, help='validation frames, at most (default: 200)'
    )
    parser.add_argument('--json', action='store_true', help='print the result as JSON')


def run(args: argparse.Namespace) -> int:
    """Exports, runs both files on one image, and says how far apart they are."""
    check(args)
    path = resolve_model(args.model, SUFFIX)
    with tempfile.TemporaryDirectory() as folder:
        if args.size:
            path = resized(path, tuple(args.size), Path(folder))
        return _run(args, path)


def resized(path: Path, size: tuple[int, int], folder: Path) -> Path:
    """The same weights for an input of `size` (width, height), in `folder`."""
    metadata, tensors = load_model(path)
    name = '{} at {}x{}'.format(metadata.name, *size)
    metadata = replace(metadata.resized(*size), name=name)
    save_model(folder / path.name, metadata, tensors)
    return folder / path.name


def _run(args: argparse.Namespace, path: Path) -> int:
    # both before anything is written: a root may not have them
    seen = calibration_frames(args.data, args.calibration_frames, args.depth) if args.int8 else []
    unseen = list_frames(args.data, 'val', args.depth) if args.data else []
    export(path, args.out)
    result: dict[str, Any] = {
        'out': str(args.out),
        'bytes': args.out.stat().st_size,
        'max_relative_difference': compare(path, args.out),
    }
    if not result['max_relative_difference'] <= TOLERANCE:  # NaN, too
        raise UserError(
            f"'{args.out}' differs from '{path}' by {result['max_relative_difference']:.1e} of "
            f'the depth, more than {TOLERANCE}: do not use it'
        )
    if args.int8:
        result['int8'] = str(quantise(args.out, seen))
    if args.data:
        result['precisions'] = compare_precisions(args.out, unseen, args.val_frames)
        warn_of_loss(result['precisions'])
    print(json.dumps(result) if args.json else text(result, path.name))
    return 0


def warn_of_loss(rows: list[Row]) -> None:
    """One line on stderr where int8 is less accurate than it may be."""
    loss = int8_loss(rows)
    if loss > MAX_LOSS:
        print(
            f'warning: int8 loses {loss:.3f} of delta 1, more than {MAX_LOSS}: prefer another '
            'precision, or calibrate on more frames of the kind that the camera sees',
            file=sys.stderr,
        )


def check(args: argparse.Namespace) -> None:
    """UserError for options that do not do, before anything is written."""
    if args.out.suffix != '.onnx':
        raise UserError(f"--out is '{args.out}': the name of an .onnx file is needed")
    if args.out.name.endswith('.int8.onnx'):
        raise UserError(f"--out is '{args.out}': .int8.onnx is the name of what --int8 writes")
    if args.int8 and args.data is None:
        raise UserError('--int8 needs --data: the root whose training frames it is calibrated on')
    for option in ('calibration_frames', 'val_frames'):
        if getattr(args, option) < 1:
            name = option.replace('_', '-')
            raise UserError(f'--{name} is {getattr(args, option)}: at least 1 is needed')


def compare(path: Path, onnx_path: Path) -> float:
    """The largest relative difference between both files' outputs on one random image.

    NaN where one of them has any.
    """
    reference = load_engine(str(path), 'torch', 'f32')
    width, height = reference.metadata.input_width, reference.metadata.input_height
    image = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    expected = outputs(reference, image)
    found = outputs(load_engine(str(onnx_path), 'onnxruntime', 'f32'), image)
    differences = [
        np.max(np.abs(b - a) / np.maximum(np.abs(a), 1e-3))
        for a, b in zip(expected, found, strict=True)
    ]
    return float(np.max(differences))  # max() would lose NaN


def outputs(engine: Engine, image: np.ndarray) -> list[np.ndarray]:
    """Depth, and the expected error where the model has it."""
    depth = engine.infer(image)
    return [depth] if engine.error is None else [depth, engine.error]


def text(result: dict[str, Any], model: str) -> str:
    """The result for people."""
    lines = [
        f'{result["out"]}: {result["bytes"] / 1e6:.1f} MB, differs from {model} by at most '
        f'{result["max_relative_difference"]:.1e} of the depth (onnxruntime against PyTorch, one '
        'random image)'
    ]
    if 'int8' in result:
        lines.append(f'{result["int8"]}: {Path(result["int8"]).stat().st_size / 1e6:.1f} MB')
    if 'precisions' in result:
        lines.append(table(result['precisions']))
    return '\n'.join(lines)
