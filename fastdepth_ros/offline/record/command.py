"""Turn bags of a robot into frames to fine-tune on: colour and depth in, FastDepth's HDF5 out.

BAG is a rosbag2 (sqlite3 or mcap; its folder, or one file of it) with a colour image and its
CameraInfo, and with a depth image, a LaserScan or a PointCloud2. No ROS is needed. Topics are
found where a bag has only one of the kind. An image goes with the depth next to it by header
stamp. Depth of a camera or scanner of its own is projected into the colour image by /tf_static or
--extrinsics; pixels that nothing falls on have no depth. Each bag is a scene, and its end is for
validation.

Writes OUT/train/SCENE/STAMP.h5, OUT/val/official/SCENE_STAMP.h5 and OUT/record.json. What is
written stays when it is interrupted; the same command with --append goes on. docs/record.md shows
the way from the bag to the robot.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.bags.bag import open_bag
from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.record.manifest import Manifest
from fastdepth_ros.offline.record.options import Options, add_options, options_of
from fastdepth_ros.offline.record.recording import record_bag
from fastdepth_ros.offline.record.tally import text

EXAMPLES = """\
  python -m fastdepth_ros record drive1 my_robot
  python -m fastdepth_ros record drive1 drive2.mcap my_robot --every 5 --max-depth 8
  python -m fastdepth_ros record drive1 my_robot --depth /scan --extrinsics tf.yaml
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's options."""
    parser.add_argument('bags', nargs='+', type=Path, metavar='BAG', help='rosbag2s')
    parser.add_argument('out', type=Path, metavar='OUT', help='folder for the frames')
    parser.add_argument('--append', action='store_true', help='go on with an OUT that has frames')
    parser.add_argument('--scene', help="the frames' scene (default: the bag's name)")
    add_options(parser)
    parser.add_argument(
        '--skip-bad', action='store_true', help='leave damaged messages out, counted'
    )
    parser.add_argument('--json', action='store_true', help='print the result as JSON')


def run(args: argparse.Namespace) -> int:
    """Records every bag and prints what came of each."""
    options = options_of(args)
    scenes = scene_names(args.bags, args.scene)
    manifest = Manifest(args.out, args.append)
    bad = BadFrames(args.skip_bad)
    results = {}
    for scene, path in scenes.items():
        results[scene] = record(path, scene, args.out, options, manifest, bad)
        if not args.json:
            print(text(scene, results[scene]))
    if args.json:
        print(json.dumps({'out': str(args.out), 'scenes': results, 'skipped': len(bad.seen)}))
    elif bad.seen:
        print(f'damaged, left out: {len(bad.seen)}')
    if not any(r['train'] + r['val'] + r['there_already'] for r in results.values()):
        raise UserError('no frame was written: the lines above say what was left out, and why')
    return 0


def record(
    path: Path, scene: str, out: Path, options: Options, manifest: Manifest, bad: BadFrames
) -> dict[str, Any]:
    """One bag."""
    with open_bag(path) as bag:
        return record_bag(bag, scene, out, options, manifest, bad)


def scene_names(bags: list[Path], name: str | None) -> dict[str, Path]:
    """A scene for each bag; UserError where two would be the same."""
    if name is not None and (len(bags) > 1 or name in ('', '.', '..') or '/' in name):
        raise UserError(
            f"--scene is '{name}': a plain name is needed, and one bag at a time (--append)"
        )
    scenes: dict[str, Path] = {}
    for path in bags:
        own = path.resolve()
        scene = name or (own.stem if own.suffix in ('.db3', '.mcap') else own.name)
        if scene in scenes:
            raise UserError(
                f"'{scenes[scene]}' and '{path}' would be the same scene '{scene}': record one at "
                'a time, with --append and --scene'
            )
        scenes[scene] = path
    return scenes
