"""An ONNX file's metadata, by our own walk over the protobuf."""

from __future__ import annotations

from collections.abc import Iterator

from fuzz.taken import written
from fuzz.targets.model_metadata import example

from fastdepth_ros.engines.onnx_metadata import read_onnx_metadata
from fastdepth_ros.network.metadata import KEY


def field(number: int, kind: int, value: bytes = b'') -> bytes:
    return varint(number << 3 | kind) + (varint(len(value)) if kind == 2 else b'') + value


def varint(value: int) -> bytes:
    out = b''
    while value > 127:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def seeds() -> Iterator[bytes]:
    entry = field(1, 2, KEY.encode()) + field(2, 2, example().to_json().encode())
    model = field(1, 0, varint(8)) + field(7, 2, b'graph' * 20) + field(14, 2, entry)
    yield model
    yield model + field(99, 1, bytes(8)) + field(98, 5, bytes(4))
    yield field(14, 2, entry) * 3
    yield field(7, 2) + varint(2**63)
    yield b'\xff' * 12


def harness(data: bytes) -> None:
    """Right: the entry under our key."""
    with written(data, 'model.onnx') as path:
        metadata = read_onnx_metadata(path)
    assert metadata.to_json()
