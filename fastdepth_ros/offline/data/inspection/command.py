"""The command `inspect`."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import cv2
import numpy as np
from tqdm import tqdm

from fastdepth_ros.errors import UserError
from fastdepth_ros.files import write_atomically
from fastdepth_ros.offline.data.arguments import add_depth_argument
from fastdepth_ros.offline.data.frames import SPLITS, depth_kind, list_frames
from fastdepth_ros.offline.data.inspection.sheet import contact_sheet
from fastdepth_ros.offline.data.inspection.survey import Survey
from fastdepth_ros.offline.data.inspection.text import report
from fastdepth_ros.offline.data.root import DataRoot
from fastdepth_ros.offline.data.roots import open_root
from fastdepth_ros.thinning import evenly

EXAMPLES = """\
  python -m fastdepth_ros inspect nyudepthv2
  python -m fastdepth_ros inspect nyu_depth_v2_labeled.mat --split val --depth filled
  python -m fastdepth_ros inspect my_robot --frames 500 --sheet sheet.jpg --json
"""
BAD_FILES = 1
SHEETS = ('.jpg', '.png')


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument('root', type=Path, metavar='ROOT', help='any data root of docs/data.md')
    parser.add_argument('--split', choices=SPLITS, default='all', help='default: all')
    add_depth_argument(parser)
    parser.add_argument('--frames', type=int, help='read this many, evenly taken (default: all)')
    parser.add_argument('--sheet', type=Path, metavar='OUT.jpg', help='write a contact sheet')
    parser.add_argument('--json', action='store_true', help='print the figures as JSON')


def run(args: argparse.Namespace) -> int:
    """Reads the frames and prints what they are; 1 if any of them is bad."""
    check(args)
    root = open_root(args.root, args.depth)
    refs = list_frames(args.root, args.split, args.depth)
    chosen = refs if args.frames is None else evenly(refs, args.frames)
    survey = Survey()
    survey.read(tqdm(chosen, desc='reading', unit='frame', leave=False))
    result = {
        'root': str(args.root),
        'kind': root.kind,
        'split_rule': root.split_rule(),
        'notes': root.notes(),
        'splits': split_sizes(root),
        'split': args.split,
        'frames': len(refs),
        'depth_kind': depth_kind(refs),
        **survey.figures(),
    }
    print(json.dumps(result) if args.json else report(result))
    if args.sheet:
        far = survey.quantile(0.99) if result['depth'] else 10.0
        write_sheet(args.sheet, contact_sheet(chosen, far))
    return BAD_FILES if survey.bad else 0


def check(args: argparse.Namespace) -> None:
    """UserError for options that do not do, before anything is read."""
    if args.frames is not None and args.frames < 1:
        raise UserError(f'--frames is {args.frames}: at least 1 is needed')
    if args.sheet and args.sheet.suffix.lower() not in SHEETS:
        raise UserError(f"--sheet is '{args.sheet}': a name with {' or '.join(SHEETS)} is needed")


def split_sizes(root: DataRoot) -> dict[str, int]:
    """Frames in each split that has any; a split that cannot be told has none."""
    sizes: dict[str, int] = {}
    for split in SPLITS[:-1]:
        try:
            count = len(root.frames(split))
        except UserError:
            continue  # the labelled set without splits.mat: notes() says it
        if count:
            sizes[split] = count
    return sizes


def write_sheet(path: Path, picture: np.ndarray) -> None:
    """As the suffix says."""
    write_atomically(path, cv2.imencode(path.suffix.lower(), picture)[1].tobytes())
