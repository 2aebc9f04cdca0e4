"""Write a published FastDepth checkpoint (.pth.tar) as a model file of this package.

Takes what the authors' code saves with torch.save, in the old and the zip format: a whole module
(MobileNetSkipAdd, MobileNetSkipConcat, or MobileNet with an nnconv5 or nnconv5dw decoder), pruned
or not, a dict that holds one, or a state_dict. No code in the file is run, whatever it holds.

The result says that it was trained on NYU Depth V2 at 224 x 224 pixels, as the published ones are.
A state_dict does not say how its network upsamples: it is taken to be by nearest neighbour.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from fastdepth_ros.errors import UserError
from fastdepth_ros.network.checkpoint import read_checkpoint
from fastdepth_ros.network.config import PUBLISHED_INPUT, NetworkConfig
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.network.model_file import SUFFIX, save_model
from fastdepth_ros.network.published import convert

EXAMPLES = """\
  python -m fastdepth_ros import_checkpoint \\
      mobilenet-nnconv5dw-skipadd-pruned.pth.tar pruned.safetensors
  python -m fastdepth_ros export --model pruned.safetensors --out pruned.onnx
"""
NYU_FX, NYU_FY = 198.9, 265.8  # px, of an NYU Depth V2 frame after FastDepth's crop and resize
NYU_MAX_DEPTH = 10.0  # m


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument('file', type=Path, help='the checkpoint to read')
    parser.add_argument('out', type=Path, help=f'the {SUFFIX} file to write')
    parser.add_argument('--licence', default='MIT', help='of the weights (default: %(default)s)')
    parser.add_argument('--json', action='store_true', help='print the result as JSON')


def run(args: argparse.Namespace) -> int:
    """Reads, converts, writes, and says what it was."""
    if args.out.suffix != SUFFIX:
        raise UserError(f"OUT is '{args.out}': the name of a {SUFFIX} file is needed")
    print(f'reading {args.file}', file=sys.stderr)
    config, tensors = convert(read_checkpoint(args.file), args.file)
    variant = variant_name(config)
    metadata = ModelMetadata(
        network=config,
        input_width=PUBLISHED_INPUT,
        input_height=PUBLISHED_INPUT,
        fx=NYU_FX,
        fy=NYU_FY,
        max_depth=NYU_MAX_DEPTH,
        name=variant,
        licence=args.licence,
        training={'data': 'NYU Depth V2', 'source': args.file.name},
    )
    save_model(args.out, metadata, tensors, exact=True)  # the depth is the authors' to 1e-5
    parameters = sum(t.size for name, t in tensors.items() if '.running_' not in name)
    result = {
        'variant': variant,
        'parameters': parameters,
        'out': str(args.out),
        'bytes': args.out.stat().st_size,
    }
    if args.json:
        print(json.dumps(result))
    else:
        print(f'{variant}: {parameters} parameters -> {args.out} ({result["bytes"] / 1e6:.1f} MB)')
    return 0


def variant_name(config: NetworkConfig) -> str:
    """The authors' name for a network: mobilenet-nnconv5dw-skipadd-pruned, ..."""
    decoder = 'nnconv5dw' if config.decoder == 'depthwise' else 'nnconv5'
    parts = ['mobilenet', decoder]
    if config.skips != 'none':
        parts.append(f'skip{config.skips}')
    unpruned = NetworkConfig(decoder=config.decoder, skips=config.skips)
    if config != unpruned:
        parts.append('pruned')
    return '-'.join(parts)
