"""Post-training quantisation: an int8 copy of an ONNX model, by ONNX Runtime's quantiser.

The copy is in QDQ form (QuantizeLinear, DequantizeLinear), which ONNX Runtime and OpenVINO read:
activations uint8 a tensor, weights int8 a channel, ranges from frames of the training split.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import helper
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process
from tqdm import tqdm

from fastdepth_ros.engines.int8 import INT8, fingerprint, int8_sibling
from fastdepth_ros.engines.onnx_metadata import read_onnx_metadata
from fastdepth_ros.engines.preprocess import Preprocessor
from fastdepth_ros.files import write_atomically
from fastdepth_ros.geometry.view import plan_view
from fastdepth_ros.network.config import NetworkConfig
from fastdepth_ros.network.cost import head_convolutions
from fastdepth_ros.network.metadata import KEY, ModelMetadata
from fastdepth_ros.offline.data.frames import FrameRef, list_frames, read_frame
from fastdepth_ros.offline.data.root import RAW
from fastdepth_ros.thinning import evenly

# Left in float. The first depthwise convolution loses nearly all the accuracy that quantising
# the default model loses (a few of its folded weights dwarf the others), and the heads' outputs
# are logarithms; together they are 2 % of the time.
FLOAT_STEM = 2  # convolutions at the start
QUANTISED = ['Conv', 'Relu', 'Clip', 'Add', 'Concat', 'Resize']


def quantise(path: Path, paths: list[FrameRef]) -> Path:
    """Writes the int8 copy of the float model at `path` beside it, and returns where.

    The ranges of activations are the mean, over the frames of `paths`, of each frame's least and
    greatest value: those of all frames waste the 256 steps on a few outliers, which cost the
    default model 0.008 of scaled delta 1 where this costs 0.002.
    """
    metadata = read_onnx_metadata(path)
    model = onnx.load_from_string(quantised_bytes(path, Images(paths, metadata), metadata.network))
    said = {
        'precision': INT8,
        'method': f'onnxruntime {onnxruntime.__version__} quantize_static, mean MinMax',
        'frames': len(paths),
        'sha256': fingerprint(path),
    }
    # The figures of the float model are not this one's.
    values = {**vars(metadata), 'metrics': {}, 'quantisation': said}
    helper.set_model_props(model, {KEY: ModelMetadata(**values).to_json()})
    out = int8_sibling(path)
    write_atomically(out, model.SerializeToString())
    return out


def calibration_frames(data: Path, frames: int, depth: str = RAW) -> list[FrameRef]:
    """`frames` frames (or all, if there are fewer) evenly over the training split of a root.

    UserError if it has none.
    """
    return evenly(list_frames(data, 'train', depth), frames)


class Images(CalibrationDataReader):  # type: ignore[misc]
    """Frames as the node shows them to the network: whole images, stretched to the input."""

    def __init__(self, paths: list[FrameRef], metadata: ModelMetadata) -> None:
        self._size = metadata.input_width, metadata.input_height
        self._images = self._read(tqdm(paths, desc='calibrating', unit='image', leave=False))

    def _read(self, paths: tqdm[FrameRef]) -> Iterator[np.ndarray]:
        preprocess = Preprocessor(*self._size)
        for path in paths:
            rgb = np.ascontiguousarray(read_frame(path).rgb.transpose(1, 2, 0))
            view = plan_view(None, (rgb.shape[1], rgb.shape[0]), self._size)
            yield preprocess(rgb, 'rgb8', view)[np.newaxis].copy()

    def get_next(self) -> dict[str, np.ndarray] | None:
        """The next input of the network, {'image': (1, H, W, 3) uint8}; None at the end."""
        image = next(self._images, None)
        return None if image is None else {'image': image}


def quantised_bytes(path: Path, images: Images, config: NetworkConfig) -> bytes:
    """The quantised graph of the network `config` at `path`, without our metadata."""
    with tempfile.TemporaryDirectory() as folder:
        prepared, quantised = Path(folder, 'prepared.onnx'), Path(folder, 'quantised.onnx')
        quant_pre_process(str(path), str(prepared), skip_symbolic_shape=True)
        quantize_static(
            str(prepared),
            str(quantised),
            images,
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=QUANTISED,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            nodes_to_exclude=float_nodes(onnx.load(prepared), config),
            calibrate_method=CalibrationMethod.MinMax,
            extra_options={'CalibMovingAverage': True},  # a plain mean, for frames read in one go
        )
        return quantised.read_bytes()


def float_nodes(model: onnx.ModelProto, config: NetworkConfig) -> list[str]:
    """Names of the nodes up to the stem's last convolution, and from the heads' first on."""
    nodes = model.graph.node
    convolutions = [i for i, node in enumerate(nodes) if node.op_type == 'Conv']
    heads = len(list(head_convolutions(config)))  # all come after the trunk that they read
    stem, head = convolutions[FLOAT_STEM - 1], convolutions[-heads]
    return [node.name for i, node in enumerate(nodes) if i <= stem or i >= head]
