"""rgb.txt, depth.txt and associations.txt of a TUM sequence."""

from __future__ import annotations

from collections.abc import Iterator

from fuzz.taken import folder

from fastdepth_ros.offline.data.tum_sequence import ASSOCIATIONS, DEPTH, RGB, TumSequence

BETWEEN = b'\x1c'  # the two lists


def seeds() -> Iterator[bytes]:
    yield b'# t file\n1.00 rgb/a.png\n1.03 rgb/b.png\n\x1c1.01 depth/a.png\n1.04 depth/b.png\n'
    yield b'1.0,rgb/a.png,1.1,depth/a.png\n2.0 rgb/b.png 2.1 depth/b.png\n'
    yield b'1.0 depth/a.png 1.1 rgb/a.png\n'
    yield b'nan . inf /\n'
    yield b'1 a\n' * 300 + BETWEEN + b'1 a\n' * 300


def harness(data: bytes) -> None:
    """Right: pairs of files, none of them twice."""
    place = folder() / 'sequence'
    place.mkdir(exist_ok=True)
    lists = (RGB, DEPTH) if BETWEEN in data else (ASSOCIATIONS,)
    files = [place / name for name in lists]
    for file, content in zip(files, data.split(BETWEEN, 1), strict=True):
        file.write_bytes(content)
    try:
        sequence = TumSequence(place)
        pairs = sequence.pairs()
        sequence.notes()
        if len(lists) == 2:
            assert sorted(id(p) for p in pairs) == sorted({id(p) for p in pairs})
    finally:
        for file in files:
            file.unlink()
