"""sensor_msgs/CompressedImage of depth: compressedDepth as PNG and RVL, and plain 16-bit PNG."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
from bag_writer import encode_rvl
from fuzz.pictures import png

from fastdepth_ros.messages.depth_image import read_depth

FORMATS = (
    '16UC1; compressedDepth png',
    '16UC1; compressedDepth rvl',
    '32FC1; compressedDepth png',
    '32FC1; compressedDepth rvl',
    '16UC1; png compressed ',
    'rgb8; jpeg',
)
STORED = np.array([[0, 500, 1000], [60000, 0, 2]], np.uint16)


def seeds() -> Iterator[bytes]:
    head = struct.pack('<iff', 0, 40.0, 0.5)
    rvl = struct.pack('<II', 3, 2) + encode_rvl(STORED.ravel().tolist())
    for i in range(len(FORMATS)):
        yield bytes([i]) + head + (rvl if 'rvl' in FORMATS[i] else png(STORED))
    yield b'\4' + png(STORED)
    yield b'\1' + head + struct.pack('<II', 2**31, 2**31)
    yield b'\1' + head + struct.pack('<II', 64, 64) + bytes(400)


def harness(data: bytes) -> None:
    """Right: finite metres, none below 0."""
    name = FORMATS[data[0] % len(FORMATS)] if data else ''
    depth = read_depth(SimpleNamespace(format=name, data=np.frombuffer(data[1:], np.uint8)))
    assert depth.dtype == np.float32
    assert depth.ndim == 2
    assert (np.isfinite(depth) & (depth >= 0)).all()
