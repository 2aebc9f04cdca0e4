"""Our metadata in an ONNX file, read without the onnx package, which a robot need not have.

An ONNX file is a protobuf ModelProto; field 14 is metadata_props, a repeated message of key
(field 1) and value (field 2). Only the top level is walked, so the weights are skipped over.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path

from fastdepth_ros.errors import UserError
from fastdepth_ros.network.metadata import KEY, ModelMetadata
from fastdepth_ros.network.model_file import check_readable

METADATA_PROPS = 14
VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
FIXED_SIZES = {FIXED64: 8, FIXED32: 4}
Buffer = mmap.mmap | bytes


def read_onnx_metadata(path: Path) -> ModelMetadata:
    """The metadata that `export` wrote; a UserError for a missing, truncated or foreign file."""
    check_readable(path)
    if path.stat().st_size == 0:
        raise UserError(f"'{path}' is empty: copy or export it again")
    with path.open('rb') as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        try:
            properties = dict(
                _key_and_value(value)
                for field, value in fields(data)
                if field == METADATA_PROPS and isinstance(value, bytes)
            )
        except ValueError as error:
            raise UserError(
                f"'{path}' is not a whole ONNX file ({error}): copy or export it again"
            ) from error
    return ModelMetadata.from_json(properties.get(KEY), path)


def fields(data: Buffer) -> Iterator[tuple[int, bytes | None]]:
    """(field number, bytes of a length-delimited field or None) of one protobuf message.

    The bytes of large fields (the graph) are not copied: only METADATA_PROPS-sized ones are.
    """
    position = 0
    while position < len(data):
        tag, position = _varint(data, position)
        field, kind = tag >> 3, tag & 7
        start = position
        if kind == VARINT:
            _, position = _varint(data, position)
        elif kind == BYTES:
            length, start = _varint(data, position)
            position = start + length
        elif kind in FIXED_SIZES:
            position += FIXED_SIZES[kind]
        else:
            raise ValueError(f'wire type {kind} at byte {position}')
        if position > len(data) or field == 0:
            raise ValueError(f'field {field} at byte {start} does not end inside the file')
        wanted = kind == BYTES and position - start < 1 << 20
        yield field, data[start:position] if wanted else None


def _key_and_value(message: bytes) -> tuple[str, str]:
    entry = {field: (value or b'').decode() for field, value in fields(message)}
    return entry.get(1, ''), entry.get(2, '')


def _varint(data: Buffer, position: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if position >= len(data):
            raise ValueError(f'it ends inside a number at byte {position}')
        byte = data[position]
        position += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, position
    raise ValueError(f'a number at byte {position} is too long')
