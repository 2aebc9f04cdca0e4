from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.network.initial_weights import initial_weights


def test_none_is_nothing() -> None:
    assert initial_weights('none') == (None, {})


@pytest.mark.shared_data
def test_imagenet_weights_fit_the_encoder(shared_data: Path) -> None:
    path = shared_data / 'weights' / 'mobilenet_v1_imagenet.npz'
    _, tensors = initial_weights(str(path))
    raw = np.load(path)
    added = tensors['conv3.4.running_var'] - raw['conv3.4.running_var']
    np.testing.assert_allclose(added, 1e-3 - 1e-5, atol=1e-6)
    torch = pytest.importorskip('torch')
    from fastdepth_ros.network.fastdepth import FastDepth, network_tensors

    network = network_tensors(FastDepth())
    encoder = {name: tuple(t.shape) for name, t in network.items() if name.startswith('conv')}
    assert {name: a.shape for name, a in tensors.items()} == encoder
    assert torch.__version__


@pytest.mark.shared_data
def test_another_encoder_is_refused(shared_data: Path) -> None:
    path = shared_data / 'weights' / 'efficientnet_lite0_imagenet.npz'
    with pytest.raises(UserError, match='does not hold a MobileNetV1'):
        initial_weights(str(path))


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
