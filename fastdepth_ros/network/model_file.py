"""The model file: safetensors with our metadata. Weights are stored as float16, unless asked.

Vectors (BatchNorm, biases) stay float32: they are 1 % of the bytes, and a variance can be outside
float16's range.
"""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np

from fastdepth_ros.errors import UserError
from fastdepth_ros.files import write_atomically
from fastdepth_ros.network.metadata import KEY, ModelMetadata

SUFFIX = '.safetensors'
STORED = ('F16', 'F32')


def save_model(
    path: Path, metadata: ModelMetadata, tensors: dict[str, np.ndarray], *, exact: bool = False
) -> None:
    """Writes `path` whole or not at all; `tensors` are float arrays by parameter name.

    `exact` stores float32: twice the bytes, and what the weights compute stays the same.
    """
    from safetensors.numpy import save

    weights = np.float32 if exact else np.float16
    with np.errstate(over='ignore'):  # infinite then, and refused below
        stored = {
            name: np.ascontiguousarray(t, weights if t.ndim > 1 else np.float32)
            for name, t in tensors.items()
        }
    for name, tensor in stored.items():
        if not np.isfinite(tensor).all():
            raise UserError(f"weights of '{name}' are not finite in {tensor.dtype}: not saved")
    write_atomically(path, save(stored, {KEY: metadata.to_json()}))


def load_model(path: Path) -> tuple[ModelMetadata, dict[str, np.ndarray]]:
    """Reads a file of save_model: metadata and float32 arrays by parameter name."""
    from safetensors import SafetensorError, safe_open

    check_readable(path)
    try:
        with safe_open(str(path), framework='numpy') as file:
            metadata = ModelMetadata.from_json((file.metadata() or {}).get(KEY), path)
            names = list(file.keys())
            for name in names:
                check_floats(path, name, file.get_slice(name).get_dtype())
            return metadata, {n: file.get_tensor(n).astype(np.float32) for n in names}
    except (SafetensorError, OSError, MemoryError) as error:
        raise UserError(
            f"'{path}' is not a whole safetensors model file ({error}): copy or train it again"
        ) from error


def check_floats(path: Path, name: str, kind: str) -> None:
    """A UserError for weights of a kind that save_model does not write, and NumPy may not know."""
    if kind not in STORED:
        raise UserError(
            f"'{path}' has '{name}' as {kind}: a model file has {' or '.join(STORED)}; export or "
            'train it again'
        )


def check_readable(path: Path) -> None:
    """A UserError unless `path` is a file that can be opened."""
    if not path.is_file():
        raise UserError(f"model file '{path}' does not exist ('default' and 'small' are shipped)")
    if not os.access(path, os.R_OK):
        raise UserError(f"model file '{path}' may not be read: check its permissions")
