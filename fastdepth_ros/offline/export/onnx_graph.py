"""A network as an ONNX graph: uint8 RGB (1, H, W, 3) in, metres (1, H, W) out.

With an error head, there is a second output: expected |log depth error|, (1, h, w), coarser.
"""

from __future__ import annotations

import math
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval

from fastdepth_ros.files import write_atomically
from fastdepth_ros.network.fastdepth import FastDepth, WithError, load_tensors
from fastdepth_ros.network.metadata import KEY, ModelMetadata
from fastdepth_ros.network.model_file import load_model
from fastdepth_ros.network.runnable import RunnableNetwork

OPSET = 18
FLOAT16_FROM = 20_000  # elements of a tensor


def export(path: Path, out: Path) -> None:
    """Writes the model at `path` to `out` as ONNX."""
    metadata, tensors = load_model(path)
    network = FastDepth(metadata.network)
    load_tensors(network, tensors, path)
    write_atomically(out, to_onnx(network, metadata).SerializeToString())


def to_onnx(network: FastDepth, metadata: ModelMetadata) -> onnx.ModelProto:
    """The ONNX model of a network, BatchNorm folded, with metadata and float16 storage."""
    runnable: nn.Module = RunnableNetwork(network, metadata)
    outputs = ['depth']
    if network.config.error:
        runnable, outputs = WithError(runnable), ['depth', 'error']
    runnable = fold_batch_norm(runnable.eval())
    image = torch.zeros(1, metadata.input_height, metadata.input_width, 3, dtype=torch.uint8)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')  # the exporter's notes on its own internals
        program = torch.onnx.export(
            runnable,
            (image,),
            input_names=['image'],
            output_names=outputs,
            opset_version=OPSET,
            dynamo=True,
            verbose=False,
        )
    model = program.model_proto  # type: ignore[union-attr]
    store_as_float16(model)
    strip_export_traces(model)
    helper.set_model_props(model, {KEY: metadata.to_json()})
    onnx.checker.check_model(model, full_check=True)
    return model


def fold_batch_norm(module: nn.Module) -> nn.Module:
    """A copy of `module` with every convolution + BatchNorm of a Sequential as one convolution."""
    if not isinstance(module, nn.Sequential):
        folded = _shallow_copy(module)
        for name, child in module.named_children():
            folded._modules[name] = fold_batch_norm(child)
        return folded
    layers: list[nn.Module] = []
    for layer in module:
        if isinstance(layer, nn.BatchNorm2d):
            layers[-1] = fuse_conv_bn_eval(layers[-1], layer)  # type: ignore[type-var]
        else:
            layers.append(fold_batch_norm(layer))
    return nn.Sequential(*layers).eval()


def _shallow_copy(module: nn.Module) -> nn.Module:
    copy = module.__class__.__new__(module.__class__)
    copy.__dict__ = {**module.__dict__, '_modules': dict(module._modules)}
    return copy


def store_as_float16(model: onnx.ModelProto) -> None:
    """Keeps large weights as float16 initializers, each behind a Cast to float32.

    Engines fold the Cast when they load, so nothing is computed in float16 that was not asked for.
    Smaller ones stay as they are: depthwise kernels with their BatchNorm folded in have a range
    that float16 rounds by 0.3 % of the depth, and the heads' outputs are logarithms.
    """
    casts = []
    for tensor in model.graph.initializer:
        if tensor.data_type != TensorProto.FLOAT or math.prod(tensor.dims) < FLOAT16_FROM:
            continue
        name = tensor.name
        weights = numpy_helper.to_array(tensor)
        tensor.CopyFrom(numpy_helper.from_array(weights.astype(np.float16), f'{name}_f16'))
        casts.append(helper.make_node('Cast', [tensor.name], [name], to=TensorProto.FLOAT))
    nodes = [*casts, *model.graph.node]
    del model.graph.node[:]
    model.graph.node.extend(nodes)


def strip_export_traces(model: onnx.ModelProto) -> None:
    """Drops the exporter's notes (source paths and stack traces of the exporting machine)."""
    for node in model.graph.node:
        del node.metadata_props[:]
        node.doc_string = ''
    for value in (*model.graph.input, *model.graph.output, *model.graph.value_info):
        del value.metadata_props[:]
    del model.graph.metadata_props[:]
