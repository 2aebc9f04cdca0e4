"""What tests share: a ROS 2 domain of their own, small models and a small data root."""

from __future__ import annotations

import json
import os
import random
from dataclasses import replace
from pathlib import Path

import cv2
import hypothesis
import numpy as np
import pytest
from support import MORE, write_frame

from fastdepth_ros.network.config import NetworkConfig
from fastdepth_ros.network.metadata import KEY, ModelMetadata
from fastdepth_ros.simulation.room.boxes import Box, Paint, span
from fastdepth_ros.simulation.room.scene import Room

os.environ['ROS_DOMAIN_ID'] = str(random.SystemRandom().randint(1, 101))
os.environ['ROS_AUTOMATIC_DISCOVERY_RANGE'] = 'LOCALHOST'

# The same examples in every run: what must pass is no matter of luck. HYPOTHESIS_PROFILE=search
# looks for new ones, 20 times as many (support.examples for tests with a number of their own).
hypothesis.settings.register_profile('same', derandomize=True, deadline=None)
hypothesis.settings.register_profile('search', deadline=None, max_examples=100 * MORE)
hypothesis.settings.load_profile(os.environ.get('HYPOTHESIS_PROFILE', 'same'))

SHARED_DATA = Path(__file__).resolve().parents[2] / 'shared' / 'data'
WIDTH, HEIGHT = 96, 64  # of the models' input: small, not square, multiples of 32
ROOM = (3.0, 2.4, 2.2)  # m
PLASTER = Paint('plaster')
STUB_NEAR, STUB_SLOPE = 0.5, 4.0  # m: the stub's depth is 0.5 m + 4 m * mean(rgb) / 255


@pytest.fixture(scope='session')
def shared_data() -> Path:
    """../shared/data, the developers' real frames; the test is skipped where they are absent."""
    if not SHARED_DATA.is_dir():
        pytest.skip(f'{SHARED_DATA} is not here')
    return SHARED_DATA


@pytest.fixture(scope='session')
def metadata() -> ModelMetadata:
    """Metadata of the small models: f_model = 80 px at 96 x 64."""
    training = {'median_depth': 2.0, 'data': 'none: a model for tests'}
    return ModelMetadata(NetworkConfig(), WIDTH, HEIGHT, 80.0, 80.0, name='t', training=training)


@pytest.fixture(scope='session')
def stub_onnx(tmp_path_factory: pytest.TempPathFactory, metadata: ModelMetadata) -> Path:
    """An ONNX file whose depth is a known function of the image; needs no torch."""
    return write_stub(tmp_path_factory.mktemp('stub') / 'stub.onnx', metadata)


@pytest.fixture(scope='session')
def doubtful_onnx(tmp_path_factory: pytest.TempPathFactory, metadata: ModelMetadata) -> Path:
    """The stub with a second output: the error it expects is mean(rgb) / 255 of 2 x 2 pixels."""
    doubtful = replace(metadata, network=replace(metadata.network, error=True))
    return write_stub(tmp_path_factory.mktemp('doubtful') / 'doubtful.onnx', doubtful)


def write_stub(path: Path, metadata: ModelMetadata) -> Path:
    """The graph of stub_onnx, and of doubtful_onnx where the metadata promise an error."""
    onnx = pytest.importorskip('onnx')
    node, proto = onnx.helper.make_node, onnx.TensorProto
    scale = onnx.numpy_helper.from_array(np.array(STUB_SLOPE / 255, np.float32), 'scale')
    near = onnx.numpy_helper.from_array(np.array(STUB_NEAR, np.float32), 'near')
    value = onnx.helper.make_tensor_value_info
    outputs = [value('depth', proto.FLOAT, [1, HEIGHT, WIDTH])]
    doubts = []
    if metadata.network.error:
        outputs.append(value('error', proto.FLOAT, [1, HEIGHT // 2, WIDTH // 2]))
        doubts = [
            node('Unsqueeze', ['mean', 'zero'], ['plane']),
            node('AveragePool', ['plane'], ['pooled'], kernel_shape=[2, 2], strides=[2, 2]),
            node('Squeeze', ['pooled', 'zero'], ['coarse']),
            node('Mul', ['coarse', 'white'], ['error']),
        ]
    zero = onnx.numpy_helper.from_array(np.array([0]), 'zero')
    white = onnx.numpy_helper.from_array(np.array(1 / 255, np.float32), 'white')
    graph = onnx.helper.make_graph(
        [
            node('Cast', ['image'], ['float'], to=proto.FLOAT),
            node('ReduceMean', ['float'], ['mean'], axes=[3], keepdims=0),
            node('Mul', ['mean', 'scale'], ['scaled']),
            node('Add', ['scaled', 'near'], ['depth']),
            *doubts,
        ],
        'stub',
        [value('image', proto.UINT8, [1, HEIGHT, WIDTH, 3])],
        outputs,
        [scale, near, *([zero, white] if doubts else [])],
    )
    opset = onnx.helper.make_opsetid('', 17)  # OpenVINO 2024.0 takes no axes as input
    model = onnx.helper.make_model(graph, opset_imports=[opset], ir_version=10)
    onnx.helper.set_model_props(model, {KEY: metadata.to_json()})
    onnx.save(model, path)
    return path


@pytest.fixture(scope='session')
def untrained_model(tmp_path_factory: pytest.TempPathFactory, metadata: ModelMetadata) -> Path:
    """A safetensors file of random weights of the published architecture."""
    torch = pytest.importorskip('torch')
    from fastdepth_ros.network.fastdepth import FastDepth, network_tensors
    from fastdepth_ros.network.model_file import save_model

    torch.manual_seed(0)
    network = FastDepth(metadata.network).train()
    with torch.no_grad():  # BatchNorm statistics that fit, so that the depth is neither 0 nor huge
        network.decode_conv6[1].bias.fill_(2.0)
        for _ in range(30):
            network(torch.rand(4, 3, HEIGHT, WIDTH))
    path = tmp_path_factory.mktemp('untrained') / 'untrained.safetensors'
    save_model(path, metadata, {n: t.numpy() for n, t in network_tensors(network).items()})
    return path


@pytest.fixture(scope='session')
def untrained_onnx(untrained_model: Path) -> Path:
    """`untrained_model` as `export` writes it."""
    pytest.importorskip('onnxscript')
    from fastdepth_ros.offline.export import export

    path = untrained_model.with_suffix('.onnx')
    export(untrained_model, path)
    return path


@pytest.fixture
def rng() -> np.random.Generator:
    """Numbers that are the same in every run."""
    return np.random.default_rng(0)


@pytest.fixture
def image(rng: np.random.Generator) -> np.ndarray:
    """(120, 160, 3) uint8 RGB, smooth enough that resizing it makes sense."""
    y, x = np.mgrid[:120, :160]
    waves = np.stack([np.sin(x / 17), np.cos(y / 13), np.sin((x + y) / 23)], -1)
    return np.clip(128 + 100 * waves + rng.normal(0, 5, waves.shape), 0, 255).astype(np.uint8)


@pytest.fixture
def data_root(tmp_path: Path) -> Path:
    """Six training frames in two scenes and three of validation, with intrinsics."""
    camera = (70.0, 70.0, 40.0, 30.0)
    for i in range(6):
        write_frame(tmp_path / f'root/train/room{i % 2}/0001{i}.h5', i, camera)
    for i in range(3):
        write_frame(tmp_path / f'root/val/official/0000{i}.h5', 10 + i, camera)
    return tmp_path / 'root'


@pytest.fixture(scope='session')
def small_room() -> Room:
    """3 x 2.4 x 2.2 m with a lamp, a wooden block and a carton that is turned by 0.5 rad."""
    x, y, z = ROOM
    walls = [
        span((-0.1, -0.1, -0.1), (x + 0.1, y + 0.1, 0.0), Paint('planks', (0.6, 0.4, 0.3))),
        span((-0.1, -0.1, z), (x + 0.1, y + 0.1, z + 0.1), PLASTER),
        span((-0.1, -0.1, 0.0), (0.0, y + 0.1, z), Paint('brick', (0.6, 0.4, 0.3))),
        span((x, -0.1, 0.0), (x + 0.1, y + 0.1, z), PLASTER),
        span((0.0, -0.1, 0.0), (x, 0.0, z), PLASTER),
        span((0.0, y, 0.0), (x, y + 0.1, z), PLASTER),
    ]
    lamp = span((1.2, 1.0, z - 0.04), (1.8, 1.4, z), Paint('lamp', (1.0, 1.0, 1.0), emission=1.0))
    block = span((2.0, 1.0, 0.0), (2.4, 1.4, 0.8), Paint('wood', (0.6, 0.4, 0.3)))
    carton = Box((2.2, 0.5, 0.2), (0.4, 0.4, 0.4), Paint('cardboard'), yaw=0.5)
    return Room(ROOM, [*walls, lamp, block, carton])


@pytest.fixture
def rgbd_folder(tmp_path: Path) -> Path:
    """Four grey frames of 160 x 120 with the depth that the stub makes of them.

    The camera's focal length is the stub's after the resize to 96 x 64: the scale is 1.
    """
    folder = tmp_path / 'rgbd'
    for name in ('rgb', 'depth'):
        (folder / name).mkdir(parents=True)
    camera = {'fx': 80 * 160 / 96, 'fy': 80 * 120 / 64, 'cx': 80, 'cy': 60}
    meta = {'intrinsics': {**camera, 'width': 160, 'height': 120}}
    (folder / 'meta.json').write_text(json.dumps(meta))
    y, x = np.mgrid[:120, :160]
    for n in range(4):
        grey = np.clip(40 + 0.8 * x + 0.5 * y + 5 * n, 0, 255).astype(np.uint8)
        depth = np.round(1000 * (0.5 + 4 / 255 * grey)).astype(np.uint16)
        depth[:10, :10] = 0
        cv2.imwrite(str(folder / 'rgb' / f'{n}.png'), np.repeat(grey[..., None], 3, axis=2))
        cv2.imwrite(str(folder / 'depth' / f'{n}.png'), depth)
    return folder
