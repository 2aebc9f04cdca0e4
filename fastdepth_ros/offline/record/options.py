"""What a user may say of a recording; part of what OUT remembers of it."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, field, fields
from typing import Any

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.distortion import RECTIFY_MODES


def _option(default: Any, text: str, metavar: str | None = None, **limits: Any) -> Any:
    return field(default=default, metadata={'help': text, 'metavar': metavar, **limits})


@dataclass(frozen=True)
class Options:
    """The same fields are flags."""

    image: str = _option('', 'colour topic, where the bag has several', 'TOPIC')
    depth: str = _option('', 'depth image, LaserScan or PointCloud2, likewise', 'TOPIC')
    camera_info: str = _option('', 'CameraInfo, where it is not beside the image', 'TOPIC')
    depth_camera_info: str = _option('', 'CameraInfo of the depth, likewise', 'TOPIC')
    camera_info_url: str = _option('', 'calibration YAML instead of a CameraInfo', 'FILE')
    rectify: str = _option(
        'auto',
        'undistort the image; auto: where CameraInfo has distortion and the topic is not named '
        '*rect*',
        choices=RECTIFY_MODES,
    )
    extrinsics: tuple[str, ...] = _option(
        (),
        'pose of the depth sensor in the colour camera, where /tf_static does not say it: x y z '
        'roll pitch yaw (m, rad, x forward, as scan_extrinsics of the node), x y z qx qy qz qw '
        '(m, between the frames that the messages name), or a YAML file',
        'NUMBER|FILE',
        nargs='+',
    )
    registered: bool = _option(
        False, "the depth image lies on the colour image's pixels, whatever its frame_id and K say"
    )
    max_offset: float = _option(20.0, 'ms between an image and its depth', 'MS', minimum=0)
    every: int = _option(1, 'every n-th pair', 'N', minimum=1)
    min_change: float = _option(
        4.0,
        'leave out a picture that differs from the last one kept by less: mean difference of the '
        'grey values (0 to 255) of thumbnails; 0: keep all',
        'GREY',
        minimum=0,
    )
    max_frames: int = _option(0, 'of each bag, evenly spread over it; 0: no limit', 'N', minimum=0)
    max_depth: float = _option(
        0.0, 'm from which on depth is taken for none; 0: no limit', 'M', minimum=0
    )
    val_share: float = _option(
        0.1, 'share of each bag that is validation: its end', 'SHARE', minimum=0, maximum=1
    )
    val_gap: float = _option(
        2.0, 's before that which are left out, lest both show the same', 'S', minimum=0
    )

    def __post_init__(self) -> None:
        for item in fields(self):
            value = getattr(self, item.name)
            low, high = item.metadata.get('minimum'), item.metadata.get('maximum')
            if (low is not None and not value >= low) or (high is not None and not value <= high):
                allowed = f'at least {low}' if high is None else f'{low} to {high}'
                raise UserError(f'--{flag(item.name)} is {value}: {allowed} is needed')


def flag(name: str) -> str:
    """A field as it is on the command line."""
    return name.replace('_', '-')


def add_options(parser: argparse.ArgumentParser) -> None:
    """A flag for every field."""
    for item in fields(Options):
        kind: dict[str, Any] = {'type': type(item.default), 'default': item.default}
        shown = '' if item.default in ('', ()) else f' (default: {item.default})'
        if isinstance(item.default, bool):
            kind, shown = {'action': 'store_true'}, ''
        elif 'choices' in item.metadata:
            kind['choices'] = item.metadata['choices']
        elif 'nargs' in item.metadata:
            kind |= {'type': str, 'nargs': item.metadata['nargs']}
        if item.metadata['metavar']:
            kind['metavar'] = item.metadata['metavar']
        parser.add_argument(f'--{flag(item.name)}', help=item.metadata['help'] + shown, **kind)


def options_of(args: argparse.Namespace) -> Options:
    """What the command line says."""
    values = {item.name: getattr(args, item.name) for item in fields(Options)}
    return Options(**{**values, 'extrinsics': tuple(args.extrinsics)})
