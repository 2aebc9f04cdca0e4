"""The same weights with other input sizes, as ONNX files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from fastdepth_ros.errors import UserError
from fastdepth_ros.files import write_atomically
from fastdepth_ros.network.fastdepth import FastDepth, load_tensors
from fastdepth_ros.network.metadata import ModelMetadata
from fastdepth_ros.network.model_file import SUFFIX, load_model
from fastdepth_ros.offline.export.onnx_graph import to_onnx
from fastdepth_ros.share import SHIPPED, resolve_model

Size = tuple[int, int]


def export_at_sizes(
    model: str, sizes: Sequence[Size], folder: Path
) -> tuple[ModelMetadata, dict[Size, Path]]:
    """The model's own metadata, and size (width, height) -> an ONNX file in `folder`."""
    if model not in SHIPPED and not model.endswith(SUFFIX):
        raise UserError(f"--model is '{model}': other input sizes need its {SUFFIX} file")
    path = resolve_model(model, SUFFIX)
    metadata, tensors = load_model(path)
    network = FastDepth(metadata.network)
    load_tensors(network, tensors, path)
    files = {}
    for width, height in sizes:
        resized = metadata.resized(width, height)
        out = folder / f'{width}x{height}.onnx'
        write_atomically(out, to_onnx(network, resized).SerializeToString())
        files[width, height] = out
    return metadata, files
