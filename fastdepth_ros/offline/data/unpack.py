"""Unpack an archive of frames (.tar, .tar.gz, .bz2, .xz), such as FastDepth's nyudepthv2.tar.gz.

The archive is streamed: no temporary copy, and `-` reads it from stdin. A file has its name only
once it is whole, and one that is whole already (by size and time) is skipped, so an interrupted
run is continued by the same command. Only plain files inside OUT are written: an archive with
links, devices, absolute paths or `..` is refused.
"""

from __future__ import annotations

import argparse
import io
import json
import math
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import cast

from tqdm import tqdm

from fastdepth_ros.errors import UserError
from fastdepth_ros.files import user_path
from fastdepth_ros.offline.data.archive import visit_archive
from fastdepth_ros.offline.data.extraction import Extraction
from fastdepth_ros.offline.data.roots import find_root

EXAMPLES = """\
  python -m fastdepth_ros unpack nyudepthv2.tar.gz data
  curl -L https://example.org/nyudepthv2.tar.gz | python -m fastdepth_ros unpack - data
"""
STDIN = '-'
GIGABYTE = 10**9


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument('archive', metavar='ARCHIVE', help='a file, or - for stdin')
    parser.add_argument('out', type=Path, metavar='OUT', help='the folder to unpack into')
    parser.add_argument(
        '--max-gigabytes',
        type=float,
        default=100,
        help='refuse an archive that holds more than this, unpacked (default: 100)',
    )
    parser.add_argument(
        '--max-files',
        type=int,
        default=1_000_000,
        help='refuse an archive of more files (default: 1000000)',
    )
    parser.add_argument('--json', action='store_true', help='print the result as JSON')


def run(args: argparse.Namespace) -> int:
    """Unpacks, and says how many files there are and where the data root is."""
    if not 0 < args.max_gigabytes < math.inf:
        raise UserError(f'--max-gigabytes is {args.max_gigabytes:g}: a number above 0 is needed')
    if args.max_files <= 0:
        raise UserError(f'--max-files is {args.max_files}: at least 1 is needed')
    limits = round(args.max_gigabytes * GIGABYTE), args.max_files
    if args.archive == STDIN:
        stdin = cast(io.BufferedReader, sys.stdin.buffer)
        done = unpack(stdin, 'stdin', None, args.out, limits)
    else:
        path = user_path(args.archive)
        try:
            with path.open('rb') as file:
                done = unpack(file, str(path), path.stat().st_size, args.out, limits)
        except OSError as error:
            raise UserError(f"cannot read '{path}': {error.strerror}") from error
    root = data_root(args.out, done.folders)
    result = {
        'out': str(args.out),
        'written': done.written,
        'already_there': done.skipped,
        'bytes': done.bytes,
        'data_root': root and str(root),
    }
    print(json.dumps(result) if args.json else text(done, args.out, root))
    return 0


def unpack(
    file: io.BufferedReader, name: str, size: int | None, out: Path, limits: tuple[int, int]
) -> Extraction:
    """Unpacks a stream of `size` bytes (None: unknown) within limits of bytes and files."""
    extraction = Extraction(out, *limits)
    with tqdm(total=size, desc='unpacking', unit='B', unit_scale=True, leave=False) as bar:
        visit_archive(file, name, extraction.add, bar.update)
    return extraction


def data_root(out: Path, folders: Iterable[str]) -> Path | None:
    """What --data may name: OUT, or a folder that the archive has in it."""
    candidates = [out, *(out / folder for folder in sorted(folders))]
    return next((path for path in candidates if _is_root(path)), None)


def _is_root(path: Path) -> bool:
    try:
        return find_root(path) is not None
    except UserError:
        return True  # what is wrong with it, `inspect` says


def text(done: Extraction, out: Path, root: Path | None) -> str:
    """The result for people."""
    lines = [
        f'{out}: {done.written} files written, {done.skipped} were there, '
        f'{done.bytes / GIGABYTE:.3g} GB in all'
    ]
    lines += [f'data root: {root}'] if root else ['no data root in it: see docs/data.md']
    return '\n'.join(lines)
