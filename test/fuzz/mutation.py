"""Inputs made of others, where nothing tells which were worth it."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

NUMBERS = (0, 1, 2, 127, 128, 255, 2**15, 2**16 - 1, 2**31 - 1, 2**31, 2**32 - 1, 2**63, 2**64 - 1)


def mutated(inputs: Sequence[bytes], rng: random.Random) -> bytes:
    """One of the inputs, changed a few times."""
    data = bytearray(rng.choice(inputs))
    for _ in range(1 << rng.randrange(4)):
        rng.choice(CHANGES)(data, inputs, rng)
    return bytes(data)


def flip(data: bytearray, _: Sequence[bytes], rng: random.Random) -> None:
    if data:
        data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)


def set_byte(data: bytearray, _: Sequence[bytes], rng: random.Random) -> None:
    if data:
        data[rng.randrange(len(data))] = rng.randrange(256)


def set_number(data: bytearray, _: Sequence[bytes], rng: random.Random) -> None:
    size = rng.choice((1, 2, 4, 8))
    at = rng.randrange(len(data) + 1)
    value = rng.choice(NUMBERS) % 256**size
    data[at : at + size] = value.to_bytes(size, rng.choice(('little', 'big')))


def cut(data: bytearray, _: Sequence[bytes], rng: random.Random) -> None:
    at = rng.randrange(len(data) + 1)
    del data[at : at + rng.randrange(1, 1 + max(1, len(data) // 4))]


def shorten(data: bytearray, _: Sequence[bytes], rng: random.Random) -> None:
    del data[rng.randrange(len(data) + 1) :]


def repeat(data: bytearray, _: Sequence[bytes], rng: random.Random) -> None:
    at = rng.randrange(len(data) + 1)
    data[at:at] = data[at : at + rng.randrange(1, 64)] * rng.randrange(1, 9)


def splice(data: bytearray, inputs: Sequence[bytes], rng: random.Random) -> None:
    other = rng.choice(inputs)
    at, start = rng.randrange(len(data) + 1), rng.randrange(len(other) + 1)
    piece = other[start : start + rng.randrange(1, 128)]
    data[at : at + rng.choice((0, len(piece)))] = piece


Change = Callable[[bytearray, Sequence[bytes], random.Random], None]
CHANGES: tuple[Change, ...] = (flip, set_byte, set_number, cut, shorten, repeat, splice)
