"""Small networks with the structure of the authors' classes, saved as they save theirs."""

from __future__ import annotations

import copy
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from torch import nn

ENCODER_WIDTHS = (4, 6, 8, 7, 8, 10, 12, 12, 12, 12, 12, 12, 16, 14)
DECODER_WIDTHS = (12, 10, 7, 6, 4)
STRIDES = (2, 1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)
SKIPPED = {2: 5, 3: 3, 4: 1}  # decoder stage: encoder layer
FORMATS = ('legacy', 'zip')


class PublishedModels:
    """Networks whose classes are, while they are built and saved, those of a module `models`."""

    def __init__(self) -> None:
        self.classes = _classes()
        self._made: dict[tuple[Any, ...], nn.Module] = {}

    def network(self, name: str = 'MobileNetSkipAdd', **options: Any) -> nn.Module:
        """A network of the named class with random weights and BatchNorm statistics."""
        key = (name, *sorted(options.items()))
        if key not in self._made:
            self._made[key] = self._make(name, options)
        return copy.deepcopy(self._made[key])

    def _make(self, name: str, options: dict[str, Any]) -> nn.Module:
        import torch

        torch.manual_seed(1)
        network = self.classes[name](**options)
        norms = [m for m in network.modules() if isinstance(m, torch.nn.BatchNorm2d)]
        for norm in norms:
            norm.momentum = 1.0
            torch.nn.init.uniform_(norm.weight, 0.7, 1.3)
            torch.nn.init.normal_(norm.bias, 0.1, 0.1)
        torch.nn.init.constant_(norms[-1].bias, 3.0)  # a depth that no ReLU cuts away
        with torch.no_grad():
            network.train()(torch.rand(4, 3, 64, 96))
        return network.eval()

    def save(self, value: object, path: Path, file_format: str) -> Path:
        """Saves with torch.save in one of FORMATS."""
        import torch

        with self._importable(), warnings.catch_warnings():
            warnings.simplefilter('ignore')  # no source code of these classes is found
            torch.save(value, path, _use_new_zipfile_serialization=file_format == 'zip')
        return path

    @contextmanager
    def _importable(self) -> Iterator[None]:
        module = types.ModuleType('models')
        module.__dict__.update(self.classes)
        sys.modules['models'] = module
        try:
            yield
        finally:
            del sys.modules['models']


def _classes() -> dict[str, type]:
    import torch
    from torch import nn

    def block(inputs: int, outputs: int, kernel: int, act: Any, **options: Any) -> list[nn.Module]:
        layer = nn.Conv2d(
            inputs, outputs, kernel, padding=(kernel - 1) // 2, bias=False, **options
        )
        return [layer, nn.BatchNorm2d(outputs), act(inplace=True)]

    def encoder() -> list[nn.Module]:
        layers: list[nn.Module] = [
            nn.Sequential(*block(3, ENCODER_WIDTHS[0], 3, nn.ReLU6, stride=2))
        ]
        pairs = zip(ENCODER_WIDTHS[:-1], ENCODER_WIDTHS[1:], STRIDES[1:], strict=True)
        for inputs, outputs, stride in pairs:
            depthwise = block(inputs, inputs, 3, nn.ReLU6, stride=stride, groups=inputs)
            layers.append(nn.Sequential(*depthwise, *block(inputs, outputs, 1, nn.ReLU6)))
        return layers

    def stage(inputs: int, outputs: int, depthwise: bool) -> nn.Module:
        if not depthwise:
            return nn.Sequential(*block(inputs, outputs, 5, nn.ReLU))
        return nn.Sequential(
            nn.Sequential(*block(inputs, inputs, 5, nn.ReLU, groups=inputs)),
            nn.Sequential(*block(inputs, outputs, 1, nn.ReLU)),
        )

    def decoder(depthwise: bool, concat: bool) -> list[nn.Module]:
        inputs = [ENCODER_WIDTHS[-1], *DECODER_WIDTHS]
        for number, layer in SKIPPED.items() if concat else ():
            inputs[number] += ENCODER_WIDTHS[layer]
        stages = [stage(i, o, depthwise) for i, o in zip(inputs[:-1], DECODER_WIDTHS, strict=True)]
        return [*stages, nn.Sequential(*block(inputs[-1], 1, 1, nn.ReLU))]

    def double(x: Any) -> Any:
        return nn.functional.interpolate(x, scale_factor=2, mode='nearest')

    class MobileNetSkipAdd(nn.Module):
        concat = False

        def __init__(self, depthwise: bool = True) -> None:
            super().__init__()
            self.output_size = (64, 96)
            for i, layer in enumerate(encoder()):
                setattr(self, f'conv{i}', layer)
            for i, layer in enumerate(decoder(depthwise, self.concat), start=1):
                setattr(self, f'decode_conv{i}', layer)

        def forward(self, x: Any) -> Any:
            seen = []
            for i in range(14):
                x = getattr(self, f'conv{i}')(x)
                seen.append(x)
            for i in range(1, 6):
                x = double(getattr(self, f'decode_conv{i}')(x))
                if i in SKIPPED:
                    other = seen[SKIPPED[i]]
                    x = torch.cat((x, other), 1) if self.concat else x + other
            return self.get_submodule('decode_conv6')(x)

    class MobileNetSkipConcat(MobileNetSkipAdd):
        concat = True

    class NNConv(nn.Module):
        def __init__(self, depthwise: bool) -> None:
            super().__init__()
            for i, layer in enumerate(decoder(depthwise, concat=False), start=1):
                setattr(self, f'conv{i}', layer)

        def forward(self, x: Any) -> Any:
            for i in range(1, 6):
                x = double(getattr(self, f'conv{i}')(x))
            return self.get_submodule('conv6')(x)

    class BLConv(NNConv):
        pass

    class MobileNet(nn.Module):
        def __init__(self, depthwise: bool = True, bilinear: bool = False) -> None:
            super().__init__()
            self.mobilenet = nn.Sequential(*encoder())
            self.decoder = (BLConv if bilinear else NNConv)(depthwise)

        def forward(self, x: Any) -> Any:
            return self.decoder(self.mobilenet(x))

    class ResNetSkipAdd(MobileNetSkipAdd):
        pass

    found = {name: c for name, c in locals().items() if isinstance(c, type)}
    for name, made in found.items():
        made.__module__, made.__qualname__ = 'models', name
    return found


@pytest.fixture(scope='module')
def published() -> Iterator[PublishedModels]:
    """Builds and saves small networks of the authors' classes, on one thread: they are tiny."""
    torch = pytest.importorskip('torch')
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield PublishedModels()
    torch.set_num_threads(threads)


@pytest.fixture(params=FORMATS)
def file_format(request: pytest.FixtureRequest) -> str:
    """Each of torch.save's two formats."""
    return str(request.param)


@pytest.fixture
def saved(published: PublishedModels, tmp_path: Path, file_format: str) -> Callable[..., Path]:
    """saved(value) -> the path of a checkpoint of it, in each format."""

    def save(value: object, name: str = 'net.pth.tar') -> Path:
        return published.save(value, tmp_path / name, file_format)

    return save
