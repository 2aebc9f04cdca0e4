"""One bag into one scene: survey, plan, then the pass that writes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tqdm import tqdm

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.bags.bag import Bag, whole_messages
from fastdepth_ros.bags.topics import Streams, find_streams
from fastdepth_ros.errors import UserError
from fastdepth_ros.files import remove_unfinished
from fastdepth_ros.offline.data.frame_file import frame_path, write_frame
from fastdepth_ros.offline.record.extrinsics import parse_extrinsics
from fastdepth_ros.offline.record.frame_maker import FrameMaker
from fastdepth_ros.offline.record.manifest import Manifest
from fastdepth_ros.offline.record.options import Options
from fastdepth_ros.offline.record.plan import Shot, plan_frames
from fastdepth_ros.offline.record.registration import depth_reader, frame_camera
from fastdepth_ros.offline.record.survey import survey_bag
from fastdepth_ros.offline.record.tally import Tally


def record_bag(
    bag: Bag, scene: str, out: Path, options: Options, manifest: Manifest, bad: BadFrames
) -> dict[str, Any]:
    """Writes the frames of a bag below `out`; returns what was written and left out.

    What can be wrong with the bag as a whole is a UserError before the first frame is written.
    Frames that are there already stay.
    """
    o = options
    streams = find_streams(bag, o.image, o.depth, o.camera_info, o.depth_camera_info)
    survey = survey_bag(bag, streams, bad)
    camera = frame_camera(streams, survey, o)
    depth = depth_reader(streams, survey, o, camera, parse_extrinsics(o.extrinsics))
    plan = plan_frames(bag, streams, survey, o, bad)
    manifest.begin(scene, origin(bag, streams, options))
    paths = {shot: frame_path(out, shot.split, scene, shot.stamp) for shot in plan.shots}
    tally = write_frames(FrameMaker(bag, streams, camera, depth, o.max_depth), paths, scene, bad)
    result = tally.result(streams, plan, depth.how, camera.intrinsics)
    manifest.end(scene, result)
    return result


def write_frames(maker: FrameMaker, paths: dict[Shot, Path], scene: str, bad: BadFrames) -> Tally:
    """Makes and writes what is not there yet; damaged frames go to `bad`."""
    for folder in {path.parent for path in paths.values()}:
        remove_unfinished(folder, '*.h5')
    todo = [shot for shot, path in paths.items() if not path.exists()]
    tally = Tally(there_already=len(paths) - len(todo))
    messages = messages_of(maker.bag, maker.streams, todo, bad)
    for shot, image, depth in tqdm(messages, 'frames', len(todo), unit='frame', leave=False):
        try:
            rgb, metres = maker.make(shot, image, depth)
        except UserError as error:
            bad.handle(error)
            tally.left_out['damaged'] += 1
            continue
        if metres.any():
            write_frame(paths[shot], rgb, metres, maker.camera.intrinsics, scene, 'record')
            tally.add(shot.split, metres)
        else:
            tally.left_out['without depth'] += 1
    return tally


def origin(bag: Bag, streams: Streams, options: Options) -> dict[str, Any]:
    """What decides which frames a bag gives, and which way they go."""
    return {
        'bag': {'name': bag.path.name, 'start_ns': bag.start_ns, 'messages': bag.counts},
        'options': asdict(options),
        'topics': {'image': streams.image, 'depth': streams.depth},
    }


def messages_of(
    bag: Bag, streams: Streams, shots: list[Shot], bad: BadFrames
) -> Iterator[tuple[Shot, Any, Any]]:
    """The third pass: (shot, image, depth) of each, as soon as both messages have come."""
    wanted = {(streams.image, shot.image): shot for shot in shots}
    wanted |= {(streams.depth, shot.depth): shot for shot in shots}
    waiting: dict[Shot, dict[str, Any]] = {}
    left = len(shots)
    for topic, number, message in whole_messages(bag, (streams.image, streams.depth), bad):
        if not left:
            return
        shot = wanted.get((topic, number))
        if shot is None:
            continue
        both = waiting.setdefault(shot, {})
        both[topic] = message
        if len(both) == 2:
            del waiting[shot]
            left -= 1
            yield shot, both[streams.image], both[streams.depth]
