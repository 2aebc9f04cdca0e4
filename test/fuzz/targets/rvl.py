"""RVL streams of a known size; a second, slow decoder says what is right."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from bag_writer import encode_rvl

from fastdepth_ros.messages.rvl import decode_rvl


def seeds() -> Iterator[bytes]:
    for pixels in ([0] * 9, [1, 2, 3] * 3, [0, 65535, 0, 1, 0, 0, 7, 7, 40000]):
        yield bytes([len(pixels), 0]) + encode_rvl(pixels)
    yield b'\x40\x1f' + bytes(64)


def harness(data: bytes) -> None:
    """Right: what the paper's own loop gives."""
    count, stream = int.from_bytes(data[:2], 'little'), data[2:]
    pixels = decode_rvl(stream, count)
    assert pixels.tolist() == slowly(stream, count)


def slowly(stream: bytes, count: int) -> list[int]:
    """Nibble by nibble, as the paper's appendix."""
    words = np.frombuffer(stream, '<u4', len(stream) // 4).tolist()
    nibbles = iter([word >> shift & 15 for word in words for shift in range(28, -1, -4)])

    def number() -> int:
        value = shift = 0
        while (nibble := next(nibbles)) & 8:
            value |= (nibble & 7) << shift
            shift += 3
        return value | nibble << shift

    pixels: list[int] = []
    previous = 0
    while len(pixels) < count:
        pixels += [0] * number()
        for _ in range(number()):
            zigzag = number()
            previous += (zigzag >> 1) ^ -(zigzag & 1)
            pixels.append(previous & 0xFFFF)
    return pixels
