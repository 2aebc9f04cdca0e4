from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

torch = pytest.importorskip('torch')
pytest.importorskip('onnxscript')

from fastdepth_ros.engines.registry import load_engine  # noqa: E402
from fastdepth_ros.network.config import NAMED_CONFIGS  # noqa: E402
from fastdepth_ros.network.fastdepth import FastDepth, network_tensors  # noqa: E402
from fastdepth_ros.network.metadata import ModelMetadata  # noqa: E402
from fastdepth_ros.network.model_file import save_model  # noqa: E402
from fastdepth_ros.offline.export import export  # noqa: E402


@pytest.fixture(
    scope='module',
    params=['lite0_log', 'lite0_shuffle', 'lite0_shuffle_error', 'lite2_shuffle_error'],
)
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model file of random weights, and BatchNorm statistics that fit noise."""
    torch.manual_seed(0)
    network = FastDepth(NAMED_CONFIGS[request.param]).train()
    torch.nn.init.normal_(network.decode_conv6[0].weight, 0, 0.5)
    if network.config.error:
        torch.nn.init.normal_(network.decode_error.weight, 0, 0.5)
    with torch.inference_mode():
        for _ in range(20):
            network(torch.rand(4, 3, 64, 96))
    path = tmp_path_factory.mktemp('lite0') / 'lite0.safetensors'
    metadata = ModelMetadata(network.config, 96, 64, 80.0, 80.0)
    save_model(path, metadata, {n: t.numpy() for n, t in network_tensors(network).items()})
    export(path, path.with_suffix('.onnx'))
    return path


@pytest.mark.parametrize('engine', ['onnxruntime', 'openvino'])
def test_the_exported_network_computes_the_same(model: Path, engine: str) -> None:
    pytest.importorskip(engine)
    image = np.random.default_rng(0).integers(0, 256, (64, 96, 3), np.uint8)
    torch_engine = load_engine(str(model), 'torch', 'f32')
    expected = torch_engine.infer(image)
    assert expected.std() > 0.1 * expected.mean()  # something to compare
    exported = load_engine(str(model.with_suffix('.onnx')), engine, 'f32')
    np.testing.assert_allclose(exported.infer(image), expected, rtol=5e-3)
    if not exported.metadata.network.error:
        assert exported.error is torch_engine.error is None
        return
    assert exported.error is not None
    assert torch_engine.error is not None
    assert exported.error.shape == (16, 24)
    np.testing.assert_allclose(exported.error, torch_engine.error, rtol=5e-3)


def test_no_batch_norm_is_left_to_run(model: Path) -> None:
    onnx = pytest.importorskip('onnx')
    kinds = {node.op_type for node in onnx.load(model.with_suffix('.onnx')).graph.node}
    assert 'Conv' in kinds
    assert 'BatchNormalization' not in kinds
