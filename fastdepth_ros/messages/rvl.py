"""RVL, the lossless run-length code for 16-bit depth (Wilson, ISS 2017) of compressedDepth.

The stream is nibbles, eight to a little-endian 32-bit word, the high one first. A number is the
lower three bits of one or more of them, the low ones first; the fourth bit says that more follow.
Numbers are: how many zeros, how many pixels that are not, and of each of these its zigzag-coded
difference from the one before; again and again.
"""

from __future__ import annotations

import numpy as np

from fastdepth_ros.errors import UserError

NIBBLES_OF_32_BITS = 11  # more is no number that an encoder writes


def decode_rvl(data: bytes, count: int) -> np.ndarray:
    """(count,) uint16; UserError for a stream that is cut off or of another size."""
    numbers = _numbers(data)
    pixels = np.zeros(count, np.uint16)
    at, pixel, previous = 0, 0, 0
    while pixel < count:
        if at + 2 > len(numbers):
            raise UserError(f'its RVL is cut off after {pixel} of {count} pixels')
        zeros, others = int(numbers[at]), int(numbers[at + 1])
        at, pixel = at + 2, pixel + zeros
        if pixel + others > count or at + others > len(numbers):
            raise UserError(f'its RVL is damaged after {pixel} of {count} pixels')
        if others:
            zigzag = numbers[at : at + others]
            run = previous + np.cumsum((zigzag >> 1) ^ -(zigzag & 1))
            pixels[pixel : pixel + others] = run & 0xFFFF
            previous = int(run[-1])
        at, pixel = at + others, pixel + others
    return pixels


def _numbers(data: bytes) -> np.ndarray:
    """(n,) int64: every number of the stream."""
    words = np.frombuffer(data, '<u4', len(data) // 4)
    nibbles = ((words[:, None] >> np.arange(28, -1, -4, dtype=np.uint32)) & 0xF).ravel()
    ends = np.flatnonzero(nibbles < 8)
    if not ends.size:
        return np.empty(0, np.int64)
    starts = np.concatenate([[0], ends[:-1] + 1])
    if (ends - starts >= NIBBLES_OF_32_BITS).any():
        raise UserError('its RVL is damaged: a number has more than 32 bits')
    place = np.arange(ends[-1] + 1) - np.repeat(starts, ends - starts + 1)
    bits = (nibbles[: ends[-1] + 1].astype(np.int64) & 7) << (3 * place)
    return np.add.reduceat(bits, starts)
