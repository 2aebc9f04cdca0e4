"""A small room and an RGB-D folder whose depth the stub network knows."""

from __future__ import annotations

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from fastdepth_ros.tools.room.boxes import Box, Paint, span
from fastdepth_ros.tools.room.scene import Room

SIZE = (3.0, 2.4, 2.2)
PLASTER = Paint('plaster')


@pytest.fixture(scope='session')
def small_room() -> Room:
    """3 x 2.4 x 2.2 m with a lamp, a wooden block and a carton that is turned by 0.5 rad."""
    x, y, z = SIZE
    walls = [
        span((-0.1, -0.1, -0.1), (x + 0.1, y + 0.1, 0.0), Paint('planks', (0.6, 0.4, 0.3))),
        span((-0.1, -0.1, z), (x + 0.1, y + 0.1, z + 0.1), PLASTER),
        span((-0.1, -0.1, 0.0), (0.0, y + 0.1, z), Paint('brick', (0.6, 0.4, 0.3))),
        span((x, -0.1, 0.0), (x + 0.1, y + 0.1, z), PLASTER),
        span((0.0, -0.1, 0.0), (x, 0.0, z), PLASTER),
        span((0.0, y, 0.0), (x, y + 0.1, z), PLASTER),
    ]
    lamp = span((1.2, 1.0, z - 0.04), (1.8, 1.4, z), Paint('lamp', (1.0, 1.0, 1.0), emission=1.0))
    block = span((2.0, 1.0, 0.0), (2.4, 1.4, 0.8), Paint('wood', (0.6, 0.4, 0.3)))
    carton = Box((2.2, 0.5, 0.2), (0.4, 0.4, 0.4), Paint('cardboard'), yaw=0.5)
    return Room(SIZE, [*walls, lamp, block, carton])


@pytest.fixture
def rgbd_folder(tmp_path: Path) -> Path:
    """Four grey frames of 160 x 120 with the depth that the stub makes of them.

    The camera's focal length is the stub's after the resize to 96 x 64: the scale is 1.
    """
    folder = tmp_path / 'rgbd'
    for name in ('rgb', 'depth'):
        (folder / name).mkdir(parents=True)
    camera = {'fx': 80 * 160 / 96, 'fy': 80 * 120 / 64, 'cx': 80, 'cy': 60}
    meta = {'intrinsics': {**camera, 'width': 160, 'height': 120}}
    (folder / 'meta.json').write_text(json.dumps(meta))
    y, x = np.mgrid[:120, :160]
    for n in range(4):
        grey = np.clip(40 + 0.8 * x + 0.5 * y + 5 * n, 0, 255).astype(np.uint8)
        depth = np.round(1000 * (0.5 + 4 / 255 * grey)).astype(np.uint16)
        depth[:10, :10] = 0
        cv2.imwrite(str(folder / 'rgb' / f'{n}.png'), np.repeat(grey[..., None], 3, axis=2))
        cv2.imwrite(str(folder / 'depth' / f'{n}.png'), depth)
    return folder
