"""Depth of images, folders, videos, webcams and bags, as pictures, numbers, clouds and videos.

INPUT is an image, a folder of images (or of RGB-D frames, with meta.json), a video, a webcam (0 or
/dev/video0) or a rosbag2 (folder, .mcap or .db3). Without --write, what moves becomes an MP4 of
the image beside its depth, at its own frame rate, and images become such pictures. Everything is
under --out, a folder for each kind: out/video/NAME.mp4, out/overlay/NAME.jpg,
out/npy/FOLDER/NAME.npy. Ctrl-C ends it early; what was written by then is whole.
"""

from __future__ import annotations

import argparse
import json
import re
from fractions import Fraction
from pathlib import Path

from fastdepth_ros.engines.cpu import available_cores
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.engines.registry import AUTO, ENGINES, PRECISIONS
from fastdepth_ros.errors import UserError, check_choice
from fastdepth_ros.pictures.depth_picture import LAYOUTS, DepthPicture
from fastdepth_ros.pictures.frames import RATE
from fastdepth_ros.predict.cameras import CameraChoice, add_camera_arguments
from fastdepth_ros.predict.prediction import NETWORK, SOURCE, Predictor
from fastdepth_ros.predict.session import Session, Wishes
from fastdepth_ros.predict.sources import open_sources
from fastdepth_ros.predict.writers import KINDS, check_targets
from fastdepth_ros.share import DEFAULT, MODEL_HELP
from fastdepth_ros.signals import noted_signals

EXAMPLES = """\
  python -m fastdepth_ros predict drive.mp4 --out depth --hfov 70
  python -m fastdepth_ros predict photos/*.jpg --out depth --write overlay,depth_png --size source
  python -m fastdepth_ros predict /dev/video0 --out depth               until Ctrl-C
  python -m fastdepth_ros predict my_bag --topic /camera/image_raw --out depth --write npy,ply
"""
RANGES: dict[str, tuple[float, float, str]] = {
    'max_depth': (0.1, 1000, 'm'),
    'height': (16, 4320, 'px'),
    'fps': (0.1, 240, 'pictures a second'),
    'every': (1, 1_000_000, 'pictures'),
    'max_frames': (1, 1_000_000_000, 'pictures'),
    'edge_threshold': (0, 10, 'times the depth'),
    'max_error': (0, 10, 'times the depth'),
}
SIDES = (16, 8192)  # px, of --size


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument('inputs', nargs='+', metavar='INPUT')
    parser.add_argument('--out', type=Path, required=True, help='folder for all results')
    parser.add_argument(
        '--write', default='', metavar='KIND[,KIND]', help=f'of {", ".join(KINDS)} (see above)'
    )
    parser.add_argument('--overwrite', action='store_true', help='replace files of the same name')
    parser.add_argument('--skip-bad', action='store_true', help='leave out what cannot be read')
    parser.add_argument('--json', action='store_true', help='JSON on stdout, not the table')
    add_camera_arguments(parser)
    _add_picture_arguments(parser)
    _add_input_arguments(parser)
    group = parser.add_argument_group('model')
    group.add_argument('--model', default=DEFAULT, help=MODEL_HELP)
    group.add_argument('--engine', choices=(AUTO, *ENGINES), default=AUTO)
    group.add_argument('--precision', choices=(AUTO, *PRECISIONS), default=AUTO)
    group.add_argument('--threads', type=int, default=available_cores(), help='of inference')


def _add_picture_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group('depth, and pictures of it')
    group.add_argument(
        '--size',
        default=NETWORK,
        help=f"of the depth: '{NETWORK}' (default), '{SOURCE}' (on the image's pixels) or WxH",
    )
    group.add_argument(
        '--layout',
        choices=LAYOUTS,
        default='side',
        help='of overlay and video: image beside its depth (default), depth over it, depth alone',
    )
    group.add_argument(
        '--max-depth', type=float, default=6, help='m that is yellow in all pictures (default: 6)'
    )
    group.add_argument(
        '--height', type=int, metavar='PX', help="of pictures (default: the image's, to 1080)"
    )
    group.add_argument(
        '--edge-threshold',
        type=float,
        default=0,
        help='of ply: relative jump of depth from which on flying pixels are dropped (default: 0)',
    )
    group.add_argument(
        '--max-error',
        type=float,
        default=0,
        help='expected relative error above which a pixel has no depth; needs a model that tells '
        'it (default: 0, off)',
    )
    group.add_argument(
        '--flip', action='store_true', help="the mean with the mirror image's, in twice the time"
    )


def _add_input_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group('input')
    group.add_argument('--topic', help='of a bag with more than one colour topic')
    group.add_argument('--recursive', action='store_true', help='also folders in folders')
    group.add_argument('--every', type=int, default=1, metavar='N', help='every N-th picture only')
    group.add_argument('--max-frames', type=int, metavar='N', help='of each input, at most')
    group.add_argument(
        '--fps', type=float, default=RATE, help=f'of a video of images (default: {RATE:g})'
    )


def run(args: argparse.Namespace) -> int:
    """0; 128 + the signal that ended it, 130 for Ctrl-C. What was done is told in any case."""
    with noted_signals() as received:
        wishes = read_wishes(args)
        cameras = CameraChoice(args)
        size = read_size(args.size)
        rate = Fraction(args.fps).limit_denominator(1001)
        sources = open_sources(args.inputs, rate, args.recursive, args.topic)
        check_targets(wishes.out, wishes.kinds, sources, args.overwrite)
        engine = args.model, args.engine, args.precision, args.threads
        estimator = DepthEstimator(*engine, args.max_error, args.flip)
        session = Session(Predictor(estimator, cameras, size), wishes, received)
        try:
            session.run(sources)
        finally:
            print(report(session, estimator, args))
        return 128 + received[0] if received else 0


def read_wishes(args: argparse.Namespace) -> Wishes:
    """UserError names an option that does not do."""
    for name, (low, high, unit) in RANGES.items():
        value = getattr(args, name)
        if value is not None and not low <= value <= high:
            option = name.replace('_', '-')
            raise UserError(f'--{option} is {value:g}: {low:g} to {high:g} {unit} are allowed')
    kinds = [
        check_choice('kind in --write', kind, KINDS) for kind in args.write.split(',') if kind
    ]
    return Wishes(
        out=args.out,
        kinds=list(dict.fromkeys(kinds)),
        picture=DepthPicture(args.layout, args.max_depth, args.height),
        skip_bad=args.skip_bad,
        every=args.every,
        max_frames=args.max_frames,
        edge_threshold=args.edge_threshold,
    )


def read_size(text: str) -> str | tuple[int, int]:
    """NETWORK, SOURCE or (width, height)."""
    if text in (NETWORK, SOURCE):
        return text
    match = re.fullmatch(r'(\d{1,5})x(\d{1,5})', text)
    size = (int(match[1]), int(match[2])) if match else (0, 0)
    if not all(SIDES[0] <= side <= SIDES[1] for side in size):
        raise UserError(
            f"--size is '{text}': {NETWORK}, {SOURCE} or WIDTHxHEIGHT of {SIDES[0]} to {SIDES[1]} "
            'pixels each is needed'
        )
    return size


def report(session: Session, estimator: DepthEstimator, args: argparse.Namespace) -> str:
    """The summaries, as JSON or for people."""
    engine = estimator.engine
    if not args.json:
        runs = f'{engine.name} {engine.precision}, {engine.num_threads} threads'
        return '\n'.join([*(summary.text() for summary in session.summaries), runs])
    result = {
        'inputs': [summary.figures() for summary in session.summaries],
        'model': args.model,
        'engine': engine.name,
        'precision': engine.precision,
        'threads': engine.num_threads,
    }
    return json.dumps(result, indent=2)
