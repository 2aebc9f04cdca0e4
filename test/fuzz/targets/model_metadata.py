"""The metadata of a model file, as JSON, and what is asked of it before a network is made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from fastdepth_ros.network.config import NAMED_CONFIGS
from fastdepth_ros.network.cost import macs, parameters
from fastdepth_ros.network.metadata import ModelMetadata


def example(network: str = 'fastdepth') -> ModelMetadata:
    return ModelMetadata(NAMED_CONFIGS[network], 96, 64, 80.0, 80.0, training={'data': 'none'})


def seeds() -> Iterator[bytes]:
    for name in NAMED_CONFIGS:
        yield example(name).to_json().encode()
    values = {'format': 1, **asdict(example())}
    network = values['network']
    for changes in (
        {'mean': 'abc', 'std': [0, 0, 0]},
        {'fx': float('inf'), 'fy': float('nan')},
        {'quantisation': [], 'metrics': 3, 'training': None},
        {'name': 5, 'licence': ['a']},
        {'input_width': 32 * 10**9},
        {'network': {**network, 'decoder_widths': [10**12] * 5, 'skips': 'none'}},
        {'max_depth': 10**400, 'fx': True},
    ):
        yield json.dumps({**values, **changes}).encode()
    yield b'{"format":' + b'[' * 5000


def harness(data: bytes) -> None:
    """Right: it survives being written again, and a network of its size can be costed."""
    metadata = ModelMetadata.from_json(data.decode(errors='replace'), 'input')
    again = ModelMetadata.from_json(metadata.to_json(), 'again')
    assert asdict(again) == asdict(metadata)
    assert metadata.focal_length > 0
    assert metadata.is_int8 in (False, True)
    assert all(isinstance(value, (int, float)) for value in (*metadata.mean, *metadata.std))
    assert parameters(metadata.network) > 0
    assert macs(metadata.network, metadata.input_width, metadata.input_height) > 0
