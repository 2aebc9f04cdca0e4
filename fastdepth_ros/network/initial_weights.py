"""Where training starts from: nothing, one of our model files, or ImageNet encoder weights."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.network.model_file import SUFFIX, check_readable, load_model
from fastdepth_ros.share import resolve_model

NONE = 'none'
# The ImageNet weights were trained with this BatchNorm epsilon, our layers have PyTorch's 1e-5.
IMAGENET_EPS, OUR_EPS = 1e-3, 1e-5
IMAGENET_MEAN = IMAGENET_STD = (0.5, 0.5, 0.5)  # input in [-1, 1]
PLAIN_MEAN, PLAIN_STD = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)  # input in [0, 1], as FastDepth

Tensors = dict[str, np.ndarray]


def initial_weights(init: str) -> tuple[ModelMetadata | None, Tensors]:
    """(metadata of a model file or None, arrays by parameter name) for --init none|default|FILE.

    A .npz of encoder weights has no metadata and only conv0 .. conv13. No pickle is read.
    """
    if init == NONE:
        return None, {}
    path = resolve_model(init, SUFFIX)
    if path.suffix == '.npz':
        return None, load_encoder(path)
    if path.suffix != SUFFIX:
        raise UserError(
            f"--init is '{init}': none, default, a {SUFFIX} file of this package or an .npz of "
            'encoder weights is needed (import_checkpoint reads published .pth.tar files)'
        )
    return load_model(path)


def load_encoder(path: Path) -> Tensors:
    """MobileNetV1 weights in FastDepth's names, BatchNorm adapted to our epsilon."""
    check_readable(path)
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
    except (ValueError, OSError, EOFError, zipfile.BadZipFile) as error:
        raise UserError(f"'{path}' is not a whole .npz of arrays: {error}") from error
    encoder = {name: a.astype(np.float32) for name, a in arrays.items() if name[:4] == 'conv'}
    if 'conv0.0.weight' not in encoder or 'conv13.3.weight' not in encoder:
        raise UserError(f"'{path}' does not hold a MobileNetV1 in FastDepth's names (conv0.0...)")
    for name in encoder:
        if name.endswith('running_var'):
            encoder[name] = encoder[name] + np.float32(IMAGENET_EPS - OUR_EPS)
    return encoder
