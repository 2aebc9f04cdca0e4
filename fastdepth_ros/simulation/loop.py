"""A camera that drives through the simulated room: a loop of frames, rendered beforehand."""

from __future__ import annotations

import itertools
import sys

import cv2

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.pictures.frames import Frame, Source
from fastdepth_ros.simulation.room.path import camera_path
from fastdepth_ros.simulation.room.render import RoomRenderer
from fastdepth_ros.simulation.room.scene import build_room

REPORTS = 4  # lines of progress


def render_loop(intrinsics: Intrinsics, seed: int, count: int) -> Source:
    """`count` frames of one round through the room of `seed`.

    Beforehand and on one core: rendering takes 20 to 30 ms a frame at 640 x 480, which would
    else be missing to the depth node beside it.
    """
    cv2.setNumThreads(1)
    print(f'building the room of seed {seed}', file=sys.stderr, flush=True)
    room = build_room(seed)
    renderer = RoomRenderer(room, intrinsics, seed)
    frames = []
    for n, pose in enumerate(camera_path(room.size, count, seed), start=1):
        frames.append(Frame(*renderer.render(pose), intrinsics))
        if n * REPORTS // count > (n - 1) * REPORTS // count:
            print(f'rendered {n} of {count} frames', file=sys.stderr, flush=True)
    return Source(itertools.cycle(frames))
