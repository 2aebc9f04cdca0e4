"""meta.json of a folder of RGB-D frames: intrinsics, the unit of depth, how many scenes it has.

`intrinsics` holds fx, fy, cx, cy, width and height in pixels of the stored images,
`intrinsics_by_frame` those of single frames by name, `depth_scale` the units a metre (1000:
millimetres), `scenes` how many scenes there are. All may be absent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fastdepth_ros.documents import read_json
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.intrinsics import Intrinsics

NAME = 'meta.json'
MILLIMETRES = 1000.0  # a metre


@dataclass(frozen=True)
class RgbdMeta:
    """What meta.json says."""

    camera: Intrinsics | None = None
    by_frame: dict[str, Intrinsics] = field(default_factory=dict)
    depth_scale: float = MILLIMETRES
    one_scene: bool = True

    def camera_of(self, name: str) -> Intrinsics | None:
        """The frame's own intrinsics, else those of all."""
        return self.by_frame.get(name, self.camera)


def read_meta(folder: Path, depth_scale: float = MILLIMETRES) -> RgbdMeta:
    """Reads folder/meta.json; a UserError that says what is wrong with it.

    `depth_scale` is what holds where it says nothing.
    """
    path = folder / NAME
    try:
        meta = read_json(path)
        camera = meta.get('intrinsics')
        return RgbdMeta(
            None if camera is None else _intrinsics(camera),
            {n: _intrinsics(c) for n, c in meta.get('intrinsics_by_frame', {}).items()},
            _depth_scale(meta.get('depth_scale', depth_scale)),
            meta.get('scenes', 1) == 1,
        )
    except (OSError, ArithmeticError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise UserError(
            f"'{path}' is not the meta.json of an RGB-D folder ({error}): 'intrinsics' holds fx, "
            'fy, cx, cy, width and height'
        ) from error


def _intrinsics(camera: dict[str, float]) -> Intrinsics:
    fx, fy, cx, cy = (float(camera[name]) for name in ('fx', 'fy', 'cx', 'cy'))
    width, height = int(camera['width']), int(camera['height'])
    if not (fx > 0 and fy > 0 and width > 0 and height > 0 and math.isfinite(fx + fy + cx + cy)):
        raise ValueError(f'{camera} is no camera')
    return Intrinsics(fx, fy, cx, cy, width, height)


def _depth_scale(value: Any) -> float:
    if isinstance(value, bool) or not 1 <= float(value) < math.inf:
        raise ValueError(f'depth_scale is {value}: units a metre are meant, such as 1000 or 5000')
    return float(value)
