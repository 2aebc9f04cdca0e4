"""Published tensors become our config and names, and compute what they computed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fastdepth_ros.errors import UserError

torch = pytest.importorskip('torch')
from fastdepth_ros.network.checkpoint import read_checkpoint  # noqa: E402
from fastdepth_ros.network.config import NetworkConfig  # noqa: E402
from fastdepth_ros.network.fastdepth import FastDepth, load_tensors  # noqa: E402
from fastdepth_ros.network.published import convert  # noqa: E402

Save = Callable[..., Path]
VARIANTS = [
    ('MobileNetSkipAdd', True, 'add'),
    ('MobileNetSkipAdd', False, 'add'),
    ('MobileNetSkipConcat', True, 'concat'),
    ('MobileNetSkipConcat', False, 'concat'),
    ('MobileNet', True, 'none'),
    ('MobileNet', False, 'none'),
]


def imported(path: Path) -> tuple[NetworkConfig, dict[str, np.ndarray]]:
    return convert(read_checkpoint(path), path)


def refused(path: Path) -> str:
    with pytest.raises(UserError) as error:
        imported(path)
    assert str(path) in str(error.value)
    assert '\n' not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize(('name', 'depthwise', 'skips'), VARIANTS)
def test_an_imported_network_computes_the_same_depth(
    published: Any, saved: Save, name: str, depthwise: bool, skips: str
) -> None:
    original = published.network(name, depthwise=depthwise)
    config, tensors = imported(saved({'epoch': 1, 'model': original}))
    assert config.skips == skips
    assert config.decoder == ('depthwise' if depthwise else 'full')
    network = FastDepth(config).eval()
    load_tensors(network, tensors, 'test')
    image = torch.rand(2, 3, 64, 96)
    with torch.no_grad():
        wanted, found = original(image), network(image)
    assert wanted.std() > 0.1  # a depth that tells something
    torch.testing.assert_close(found, wanted, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(('name', 'depthwise', 'skips'), VARIANTS)
def test_a_state_dict_and_a_parallel_module_tell_the_same(
    published: Any, saved: Save, name: str, depthwise: bool, skips: str
) -> None:
    network = published.network(name, depthwise=depthwise)
    parallel = torch.nn.DataParallel(network)
    config, tensors = imported(saved({'model': network}))
    for value in (network.state_dict(), {'state_dict': parallel.state_dict()}, parallel):
        other_config, others = imported(saved(value))
        assert other_config == config
        assert others.keys() == tensors.keys()
        assert all(np.array_equal(others[key], tensors[key]) for key in tensors)
    assert config.skips == skips


def test_step_counts_may_be_missing_or_there(published: Any, saved: Save) -> None:
    state = published.network().state_dict()
    without = {n: t for n, t in state.items() if not n.endswith('num_batches_tracked')}
    assert len(without) < len(state)
    assert imported(saved(without))[1].keys() == imported(saved(state))[1].keys() == without.keys()


@pytest.mark.parametrize(
    'name',
    ['conv0.0.weight', 'conv7.4.running_var', 'decode_conv5.1.0.weight', 'decode_conv6.1.bias'],
)
def test_a_missing_tensor_is_named(published: Any, saved: Save, name: str) -> None:
    state = published.network().state_dict()
    del state[name]
    assert name in refused(saved(state))


@pytest.mark.parametrize('name', ['conv0.0.bias', 'conv14.0.weight', 'scale', 'fc.weight'])
def test_an_extra_tensor_is_named(published: Any, saved: Save, name: str) -> None:
    state = published.network().state_dict()
    state[name] = torch.ones(4)
    assert f'{name} is unknown' in refused(saved(state))


def test_an_extra_module_is_named(published: Any, saved: Save) -> None:
    network = published.network()
    network.refine = torch.nn.Conv2d(1, 1, 1)
    assert 'refine.weight is unknown' in refused(saved(network))


@pytest.mark.parametrize(
    ('name', 'shape'),
    [
        ('conv0.0.weight', (4, 1, 3, 3)),
        ('conv3.0.weight', (8, 1, 5, 5)),
        ('conv3.4.bias', (1,)),
        ('conv5.3.weight', (10,)),
        ('decode_conv6.0.weight', (2, 4, 1, 1)),
        ('decode_conv2.1.0.weight', (11, 12, 1, 1)),
    ],
)
def test_a_wrong_shape_is_named(
    published: Any, saved: Save, name: str, shape: tuple[int, ...]
) -> None:
    state = published.network().state_dict()
    state[name] = torch.ones(shape)
    assert any(part in refused(saved(state)) for part in (name, 'decoder stage 2'))


def test_widths_that_no_memory_could_hold_are_refused(published: Any, saved: Save) -> None:
    state = published.network('MobileNet').state_dict()
    wide = {n: torch.ones(60_000, 1, 1, 1) for n in state if n.endswith('.3.weight')}
    assert 'differences' in refused(saved({**state, **wide}))
    wider = torch.ones(100_000, 1, 1, 1)
    wider_state = {**state, 'mobilenet.8.3.weight': wider}
    assert "no convolution's shape" in refused(saved(wider_state))


def test_other_networks_are_refused(published: Any, saved: Save) -> None:
    assert 'lacks conv0.0.weight' in refused(saved(torch.nn.Linear(3, 4)))
    assert 'BLConv' in refused(saved(published.network('MobileNet', bilinear=True)))
    parallel = torch.nn.DataParallel(published.network('MobileNet', bilinear=True))
    assert 'BLConv' in refused(saved(parallel))


def test_a_class_of_another_name_is_said(
    published: Any, saved: Save, capsys: pytest.CaptureFixture[str]
) -> None:
    path = saved(published.network('ResNetSkipAdd'))  # by its name alone
    assert convert(read_checkpoint(path), path)[0].skips == 'add'
    assert "'ResNetSkipAdd' is none of FastDepth's" in capsys.readouterr().err


def test_a_class_that_contradicts_its_tensors_is_refused(published: Any, saved: Save) -> None:
    network = published.network('MobileNetSkipConcat')
    network.__class__ = published.classes['MobileNetSkipAdd']
    assert "skips 'concat'" in refused(saved(network))
