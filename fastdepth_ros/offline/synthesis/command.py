"""Write random rooms as training frames: path-traced pictures, exact depth, intrinsics.

Room N of a seed is the same on every machine; every tenth goes to the val split. A room that is
there already is left as it is: after a kill the same command goes on. Needs the extra [synthesis]
(embreex, pyoidn). docs/synthesis.md says more.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from tqdm import tqdm

from fastdepth_ros.errors import UserError
from fastdepth_ros.files import remove_unfinished
from fastdepth_ros.offline.data.frame_file import write_frame
from fastdepth_ros.offline.synthesis.assets import Assets
from fastdepth_ros.offline.synthesis.cameras import PATTERN, Camera, is_worth_it, random_camera
from fastdepth_ros.offline.synthesis.exposure import develop
from fastdepth_ros.offline.synthesis.materials import Random
from fastdepth_ros.offline.synthesis.path_tracing import render
from fastdepth_ros.offline.synthesis.room import Room
from fastdepth_ros.offline.synthesis.rooms import random_room
from fastdepth_ros.offline.synthesis.scene import Scene
from fastdepth_ros.offline.synthesis.styles import STYLES, Style

EXAMPLES = """\
  python -m fastdepth_ros synthesize rooms --rooms 20
  python -m fastdepth_ros synthesize rooms --rooms 3000 --seed 1 --assets room_assets --jobs 2
  python -m fastdepth_ros inspect rooms --sheet sheet.jpg
"""
TRIES = 40  # poses for one view
VAL_EVERY = 10


@dataclass(frozen=True)
class Plan:
    """What every room has in common."""

    out: Path
    seed: int
    views: int
    size: tuple[int, int]  # (width, height), px
    samples: int
    assets: Path | None
    style: Style

    def frames(self, number: int) -> list[Path]:
        """The files of room `number`."""
        scene = self.scene(number)
        if number % VAL_EVERY == VAL_EVERY - 1:
            official = self.out / 'val' / 'official'
            return [official / f'{scene}_{view:05d}.h5' for view in range(self.views)]
        return [self.out / 'train' / scene / f'{view + 1000:05d}.h5' for view in range(self.views)]

    def scene(self, number: int) -> str:
        """A name that no other seed has."""
        return f'room_{self.seed}_{number:06d}'


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command line."""
    parser.add_argument('out', metavar='OUT', type=Path, help='data root to write into')
    parser.add_argument('--rooms', type=int, default=100, help='how many (default: 100)')
    parser.add_argument('--first', type=int, default=0, help='number of the first room')
    parser.add_argument('--views', type=int, default=4, help='frames of each room (default: 4)')
    parser.add_argument('--seed', type=int, default=0, help='of every random choice')
    parser.add_argument(
        '--assets', type=Path, help='folder with models/index.json and textures/; none: all drawn'
    )
    parser.add_argument(
        '--style',
        choices=STYLES,
        default='household',
        help='household: desks, kitchens and things in the sizes in which they are sold, many '
        'tabletops; home: also beds, couches, bathrooms; apartment: the same, each room in a '
        'few materials; dwelling: each a kitchen, a bedroom, ... with curtains, cushions, '
        'clothes; tabletop: workshops, desks and tables full of things, seen from near; '
        'suite: homes and pantries that open into each other, in the colours of most rooms; '
        'office: offices, classrooms, shops, stores; any: of any size (default: '
        'household)',
    )
    parser.add_argument('--width', type=int, default=320, help='px (default: 320)')
    parser.add_argument('--height', type=int, default=240, help='px (default: 240)')
    parser.add_argument('--samples', type=int, default=4, help='paths a pixel (default: 4)')
    parser.add_argument('--jobs', type=int, default=1, help='processes (default: 1)')
    parser.add_argument('--json', action='store_true', help='the summary as JSON')


def run(args: argparse.Namespace) -> int:
    """Renders what is missing; exit code 0."""
    for name in ('rooms', 'views', 'width', 'height', 'samples', 'jobs'):
        if getattr(args, name) < 1:
            raise UserError(f'{name} is {getattr(args, name)}: at least 1 is needed')
    if args.seed < 0 or args.first < 0:
        raise UserError(f'seed is {args.seed}, first is {args.first}: both must be 0 or more')
    Assets.at(args.assets)  # whether there are any, before anything is written
    size = (args.width, args.height)
    plan = Plan(
        args.out, args.seed, args.views, size, args.samples, args.assets, STYLES[args.style]
    )
    numbers = range(args.first, args.first + args.rooms)
    missing = [n for n in numbers if not all(path.is_file() for path in plan.frames(n))]
    frames = 0
    with tqdm(total=len(missing), unit='room', disable=None) as progress:
        for count in _rooms(plan, missing, args.jobs):
            frames += count
            progress.update()
            progress.set_postfix(frames=frames)
    summary = {'rooms': len(missing), 'frames': frames, 'there_before': args.rooms - len(missing)}
    if args.json:
        print(json.dumps(summary))
    else:
        print(f"{frames} frames of {len(missing)} rooms in '{args.out}'", end='')
        print(f'; {summary["there_before"]} rooms were there' if summary['there_before'] else '')
    return 0


def _rooms(plan: Plan, numbers: list[int], jobs: int) -> Iterator[int]:
    if jobs == 1:
        yield from map(partial(write_room, plan), numbers)
        return
    with ProcessPoolExecutor(jobs, get_context('spawn')) as pool:
        yield from pool.map(partial(write_room, plan), numbers)


_assets: dict[Path | None, Assets] = {}


def write_room(plan: Plan, number: int) -> int:
    """Renders room `number`; returns how many frames it has."""
    if plan.assets not in _assets:
        _assets[plan.assets] = Assets.at(plan.assets)
    rng = np.random.default_rng([plan.seed, number])
    room = random_room(rng, _assets[plan.assets], plan.style)
    scene = Scene(room.meshes, room.lights)
    for path in plan.frames(number):
        camera = _view(scene, room, plan.size, rng)
        picture = render(scene, camera, rng, plan.samples, room.ambient)
        rgb = develop(picture.light, rng)
        depth = np.where(np.isfinite(picture.depth), picture.depth, 0).astype(np.float32)
        remove_unfinished(path.parent, path.name)
        write_frame(path, rgb, depth, camera.intrinsics, plan.scene(number), 'synthesis')
    return plan.views


def _view(scene: Scene, room: Room, size: tuple[int, int], rng: Random) -> Camera:
    """A camera that sees something; after TRIES the last one."""
    v, u = (grid.ravel() for grid in np.mgrid[: PATTERN[1], : PATTERN[0]].astype(np.float32))
    for _ in range(TRIES):
        camera = random_camera(rng, room, size)
        directions = camera.rays(u * size[0] / PATTERN[0], v * size[1] / PATTERN[1])
        origins = np.broadcast_to(camera.position, directions.shape)
        inside = 0.05 < camera.position[2] < room.height - 0.05
        if inside and is_worth_it(scene.hit(origins, directions), rng, room.style):
            break
    return camera
