"""Frames with measured depth from a bag or a data root."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from tqdm import tqdm

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.bags.bag import Bag
from fastdepth_ros.bags.topics import find_streams
from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.calibrate.samples import Measured
from fastdepth_ros.offline.data.frames import list_frames
from fastdepth_ros.offline.data.good_frames import good_frames
from fastdepth_ros.offline.record.extrinsics import parse_extrinsics
from fastdepth_ros.offline.record.frame_maker import FrameMaker
from fastdepth_ros.offline.record.options import Options
from fastdepth_ros.offline.record.plan import plan_frames
from fastdepth_ros.offline.record.recording import messages_of
from fastdepth_ros.offline.record.registration import depth_reader, frame_camera
from fastdepth_ros.offline.record.survey import survey_bag
from fastdepth_ros.thinning import evenly


def frames_of_bag(bag: Bag, options: Options, bad: BadFrames) -> Iterator[Measured]:
    """As `record` would write them; UserError for what is wrong with the bag as a whole."""
    o = options
    streams = find_streams(bag, o.image, o.depth, o.camera_info, o.depth_camera_info)
    survey = survey_bag(bag, streams, bad)
    camera = frame_camera(streams, survey, o)
    depth = depth_reader(streams, survey, o, camera, parse_extrinsics(o.extrinsics))
    shots = plan_frames(bag, streams, survey, o, bad).shots
    maker = FrameMaker(bag, streams, camera, depth, o.max_depth)
    messages = messages_of(bag, streams, shots, bad)
    for shot, image, found in tqdm(messages, 'frames', len(shots), unit='frame', leave=False):
        try:
            rgb, metres = maker.make(shot, image, found)
        except UserError as error:
            bad.handle(error)
            continue
        yield Measured(rgb, metres, camera.intrinsics)


def frames_of_root(
    root: Path, split: str, most: int, max_depth: float, bad: BadFrames
) -> Iterator[Measured]:
    """At most so many, evenly spread; UserError for frames without intrinsics."""
    refs = evenly(list_frames(root, split), most)
    frames = good_frames(refs, bad)
    for frame in tqdm(frames, 'frames', len(refs), unit='frame', leave=False):
        if frame.intrinsics is None:
            raise UserError(
                f"'{frame.ref}' has no intrinsics: a scale is of a camera that is known; frames "
                'of `record` have them'
            )
        rgb = np.ascontiguousarray(frame.rgb.transpose(1, 2, 0))
        depth = frame.depth
        if max_depth:
            depth = np.where(depth > max_depth, np.float32(0), depth)
        yield Measured(rgb, depth, frame.intrinsics)
