"""From a published checkpoint's tensors to our architecture config and parameter names."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import torch

from fastdepth_ros.errors import UserError
from fastdepth_ros.network.checkpoint import Checkpoint
from fastdepth_ros.network.config import DECODER_WIDTHS, ENCODERS, MAX_WIDTH, NetworkConfig
from fastdepth_ros.network.fastdepth import FastDepth, check_shapes

# The authors' classes of whole networks -> their skips. The class tells what tensors cannot.
SKIPS_OF_CLASS = {'MobileNetSkipAdd': 'add', 'MobileNetSkipConcat': 'concat', 'MobileNet': 'none'}
MOBILENET = ENCODERS['mobilenet_v1']
NEAREST_DECODER = 'NNConv'  # MobileNet's decoder; BLConv has the same tensors, and is bilinear
PARALLEL = 'module.'  # DataParallel's prefix
STEP_COUNT = '.num_batches_tracked'  # of BatchNorm, since PyTorch 0.4.1; only training reads it
# MobileNet's names -> those of MobileNetSkipAdd, which are ours.
PLAIN_NAMES = {r'mobilenet\.(\d+)\.': r'conv\1.', r'decoder\.conv(\d+)\.': r'decode_conv\1.'}

Tensors = dict[str, np.ndarray]


def convert(checkpoint: Checkpoint, path: Path) -> tuple[NetworkConfig, Tensors]:
    """The config and the float32 tensors of `checkpoint` in our names; `path` is for messages.

    Raises UserError for another network, or when a tensor is missing, extra or misshapen.
    """
    tensors = {n: t for n, t in checkpoint.tensors.items() if not n.endswith(STEP_COUNT)}
    tensors = {name.removeprefix(PARALLEL): tensor for name, tensor in tensors.items()}
    plain = any(name.startswith('mobilenet.') for name in tensors)
    if plain:
        tensors = {_our_name(name): tensor for name, tensor in tensors.items()}
    config = _infer_config(tensors, plain, path)
    _check_classes(checkpoint.classes, config.skips, path)
    with torch.device('meta'):  # names and shapes without memory: the widths are the file's
        network = FastDepth(config)
    check_shapes(network, {name: tensor.shape for name, tensor in tensors.items()}, path)
    return config, tensors


def _our_name(name: str) -> str:
    for pattern, ours in PLAIN_NAMES.items():
        name = re.sub(f'^{pattern}', ours, name)
    return name


def _infer_config(tensors: Tensors, plain: bool, path: Path) -> NetworkConfig:
    decoder = 'depthwise' if 'decode_conv1.0.0.weight' in tensors else 'full'
    outputs = '1.0.weight' if decoder == 'depthwise' else '0.weight'
    encoder = [f'conv{i}.{3 if i else 0}.weight' for i in range(len(MOBILENET.layers))]
    decoders = [f'decode_conv{i}.{outputs}' for i in range(1, len(DECODER_WIDTHS) + 1)]
    widths = _widths(tensors, [*encoder, *decoders], path)
    encoder_widths, decoder_widths = widths[: len(encoder)], widths[len(encoder) :]
    # Stage 3 sees the channels of stage 2, and those of conv5 beside them if concatenated.
    concatenated = encoder_widths[MOBILENET.skips[2]] + decoder_widths[1]
    skips = 'concat' if tensors[decoders[2]].shape[1] == concatenated else 'add'
    try:
        return NetworkConfig(
            encoder_widths=tuple(encoder_widths),
            decoder_widths=tuple(decoder_widths),
            decoder=decoder,
            skips='none' if plain else skips,
        )
    except UserError as error:
        raise UserError(f"'{path}' does not fit together: {error}") from error


def _widths(tensors: Tensors, names: list[str], path: Path) -> list[int]:
    missing = [name for name in names if name not in tensors]
    if missing:
        raise UserError(
            f"'{path}' is not a whole FastDepth network: it lacks {_few(missing)} and has "
            f'{_few(sorted(tensors))}'
        )
    for name in names:
        if tensors[name].ndim != 4 or max(tensors[name].shape) > MAX_WIDTH:
            shape = tensors[name].shape
            raise UserError(f"'{path}' is no FastDepth: {name} is {shape}, no convolution's shape")
    return [tensors[name].shape[0] for name in names]


def _few(names: list[str]) -> str:
    shown = ', '.join(names[:3])
    return f'{shown} and {len(names) - 3} more' if len(names) > 3 else shown or 'nothing'


def _check_classes(classes: dict[str, str], skips: str, path: Path) -> None:
    """Refuses a module whose tensors would fit, but whose class computes something else.

    A state_dict has no class; a class that is none of the authors' is named on stderr.
    """
    prefix = PARALLEL if classes.get('') == 'DataParallel' else ''
    network = classes.get(prefix.rstrip('.'))
    if network is None:
        return
    if network not in SKIPS_OF_CLASS:
        print(
            f"{path}: the class {network!a} is none of FastDepth's; it is taken to compute what "
            f"its tensors fit: skips '{skips}', nearest upsampling",
            file=sys.stderr,
        )
    elif SKIPS_OF_CLASS[network] != skips:
        raise UserError(
            f"'{path}' holds a {network!a} with tensors for skips '{skips}': only "
            f'{", ".join(SKIPS_OF_CLASS)} with their own tensors are understood'
        )
    decoder = classes.get(f'{prefix}decoder', NEAREST_DECODER)
    if decoder != NEAREST_DECODER:
        raise UserError(
            f"'{path}' has the decoder {decoder!a}: only {NEAREST_DECODER} (nnconv5, nnconv5dw) "
            'is understood'
        )
