"""Which frames of a bag are written and to which split; decided before anything is written."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from tqdm import tqdm

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.bags.bag import Bag, at_message, whole_messages
from fastdepth_ros.bags.topics import Streams
from fastdepth_ros.errors import UserError
from fastdepth_ros.messages.colour_image import read_colour
from fastdepth_ros.offline.record.duplicates import changed, thumbnail
from fastdepth_ros.offline.record.options import Options
from fastdepth_ros.offline.record.survey import Survey, Track
from fastdepth_ros.offline.record.synchronise import MS, pair, smallest_offset_ns
from fastdepth_ros.thinning import evenly


@dataclass(frozen=True)
class Shot:
    """One frame to be: which messages of the two topics it is made of."""

    image: int
    depth: int
    stamp: int  # ns, the image's
    offset: int  # ns from it to the depth's
    split: str = 'train'


@dataclass
class Plan:
    """The frames of a bag in order of time, and how many were left out for what."""

    shots: list[Shot]
    left_out: dict[str, int] = field(default_factory=dict)

    def keep(self, shots: list[Shot], reason: str) -> None:
        """Goes on with `shots`; the others are left out for `reason`."""
        self.left_out[reason] = len(self.shots) - len(shots)
        self.shots = shots


def plan_frames(
    bag: Bag, streams: Streams, survey: Survey, options: Options, bad: BadFrames
) -> Plan:
    """Pairs, then every n-th, then what is new, then at most so many, then the split by time."""
    plan = Plan(pair_up(bag, streams, survey, options.max_offset))
    plan.left_out['without a partner'] = len(survey.image.stamps) - len(plan.shots)
    plan.keep(plan.shots[:: options.every], 'by --every')
    if options.min_change:
        small = thumbnails(bag, streams.image, {shot.image for shot in plan.shots}, bad)
        plan.keep([shot for shot in plan.shots if shot.image in small], 'damaged')
        keep = changed((small[shot.image] for shot in plan.shots), options.min_change)
        new = [shot for shot, good in zip(plan.shots, keep, strict=True) if good]
        plan.keep(new, 'near-duplicates')
    if 0 < options.max_frames < len(plan.shots):
        plan.keep(evenly(plan.shots, options.max_frames), 'by --max-frames')
    plan.keep(split_by_time(plan.shots, options.val_share, options.val_gap), 'by --val-gap')
    return plan


def pair_up(bag: Bag, streams: Streams, survey: Survey, max_offset: float) -> list[Shot]:
    """Every image with the depth of its time; UserError where there is none."""
    images, depths = (
        stamps_of(bag, topic, track)
        for topic, track in ((streams.image, survey.image), (streams.depth, survey.depth))
    )
    pairs = pair(images, depths, round(max_offset * MS))
    if not len(pairs):
        apart = smallest_offset_ns(images, depths) / MS
        raise UserError(
            f"'{bag.path}': no image of {streams.image} has depth of {streams.depth} within "
            f'{max_offset:g} ms (the closest two are {apart:.1f} ms apart): raise --max-offset, '
            'or have both stamped by one clock'
        )
    return [
        Shot(
            survey.image.numbers[i],
            survey.depth.numbers[d],
            int(images[i]),
            int(depths[d] - images[i]),
        )
        for i, d in pairs
    ]


def stamps_of(bag: Bag, topic: str, track: Track) -> np.ndarray:
    """(n,) int64 ns; UserError where there are none, or all are 0."""
    stamps = np.array(track.stamps, np.int64)
    if not stamps.size:
        raise UserError(f"'{bag.path}': {topic} has no message that is whole")
    if not stamps.any():
        raise UserError(f"'{bag.path}': every stamp of {topic} is 0: nothing tells its time")
    return stamps


def thumbnails(bag: Bag, topic: str, numbers: set[int], bad: BadFrames) -> dict[int, np.ndarray]:
    """The second pass: small pictures of these images; damaged ones go to `bad`."""
    found: dict[int, np.ndarray] = {}
    messages = whole_messages(bag, [topic], bad)
    total = bag.counts[topic]
    for _, number, message in tqdm(messages, 'pictures', total, unit='message', leave=False):
        if number not in numbers or message is None:
            continue
        try:
            found[number] = thumbnail(read_colour(message))
        except UserError as error:
            bad.handle(at_message(bag, topic, number, error))
    return found


def split_by_time(shots: list[Shot], val_share: float, gap: float) -> list[Shot]:
    """The last val_share of the shots is `val`; `gap` seconds before it are left out.

    UserError where nothing is left for training, unless all was to be `val`.
    """
    count = math.ceil(len(shots) * val_share - 1e-9)
    cut = len(shots) - count
    val = [Shot(s.image, s.depth, s.stamp, s.offset, 'val') for s in shots[cut:]]
    train = shots[:cut]
    if val and train:
        train = [s for s in train if s.stamp <= val[0].stamp - round(gap * 1000 * MS)]
        if not train:
            raise UserError(
                f'all {cut} frames before the validation are within its gap of {gap:g} s: set '
                '--val-gap or --val-share lower, or --every and --min-change'
            )
    return [*train, *val]
