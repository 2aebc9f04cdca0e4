"""The options of every command that reads frames."""

from __future__ import annotations

import argparse
from pathlib import Path

from fastdepth_ros.offline.data.root import DEPTHS, RAW


def add_data_arguments(
    parser: argparse.ArgumentParser, required: bool = True, use: str = ''
) -> None:
    """--data and --depth, for list_frames; `use` says what for where that is not plain."""
    parser.add_argument(
        '--data',
        type=Path,
        required=required,
        metavar='ROOT',
        help='any data root of docs/data.md' + use,
    )
    add_depth_argument(parser)


def add_depth_argument(parser: argparse.ArgumentParser) -> None:
    """--depth alone."""
    parser.add_argument(
        '--depth',
        choices=DEPTHS,
        default=RAW,
        help='of the labelled NYU set: measured with its holes, or in-painted (default: raw)',
    )
