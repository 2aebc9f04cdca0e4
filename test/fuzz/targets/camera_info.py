"""sensor_msgs/CameraInfo, and all that the node plans by it: view, rectifier, cloud and scan."""

from __future__ import annotations

import array
import math
import struct
from collections.abc import Iterator
from types import SimpleNamespace

import numpy as np
from fuzz.taken import Taken

from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.camera_info import CameraModel, camera_of_message
from fastdepth_ros.geometry.distortion import MODELS, needs_rectification
from fastdepth_ros.geometry.field_of_view import lens_warning
from fastdepth_ros.geometry.laser_scan import LEVEL, ScanBuilder, ScanOptions
from fastdepth_ros.geometry.metric_scale import metric_scale
from fastdepth_ros.geometry.point_cloud import CloudOptions, PointCloudBuilder
from fastdepth_ros.geometry.view import FITS, plan_view

MODEL_NAMES = (*MODELS, '', 'thin_prism')
NETWORK = (32, 32)
# choices, size, binning, ROI, K, P, R; then D
HEAD = struct.Struct('<BBBHHBBHHHH9d12d9d')
MOVED = LEVEL.copy()
MOVED[0, 3] = 0.3  # the scan's origin is not the camera's


def seeds() -> Iterator[bytes]:
    pinhole = CameraModel.pinhole
    from fastdepth_ros.geometry.intrinsics import Intrinsics

    camera = pinhole(Intrinsics(70.0, 71.0, 40.0, 30.0, 80, 60))
    for model in range(len(MODEL_NAMES)):
        for choice in range(8):
            yield packed(camera, model, choice, d=(0.1, -0.01, 0.0, 0.0))
    yield packed(camera, 0, 3, k=(0.0,) * 9)
    yield packed(camera, 0, 3, p=(0.0,) * 12)
    yield packed(camera, 0, 4, k=(1e12, 0, 40, 0, 1e12, 30, 0, 0, 1), p=(0.0,) * 12)
    yield packed(camera, 0, 4, k=(1e-12, 0, 40, 0, 1e-12, 30, 0, 0, 1), p=(0.0,) * 12)


def packed(camera: CameraModel, model: int, choice: int, **changes: tuple[float, ...]) -> bytes:
    values = {name: getattr(camera, name) for name in 'kprd'} | changes
    head = (choice, model, 0, camera.width, camera.height, 1, 1, 0, 0, 0, 0)
    packed = HEAD.pack(*head, *values['k'], *values['p'], *values['r'])
    return packed + struct.pack(f'<{len(values["d"])}d', *values['d'])


def harness(data: bytes) -> None:
    """Right: a view of the image's size, whose scale is None or a positive finite number."""
    given = Taken(data)
    choice, model = given.integer(1), given.choice(MODEL_NAMES)
    large = given.integer(1) & 1
    width, height = given.integer(2), given.integer(2)
    binning = given.integer(1), given.integer(1)
    roi = [given.integer(2) for _ in range(4)]
    message = SimpleNamespace(
        width=width << 16 * large,
        height=height << 16 * large,
        distortion_model=model,
        k=array.array('d', [given.double() for _ in range(9)]),
        p=array.array('d', [given.double() for _ in range(12)]),
        r=array.array('d', [given.double() for _ in range(9)]),
        binning_x=binning[0],
        binning_y=binning[1],
        roi=SimpleNamespace(x_offset=roi[0], y_offset=roi[1], height=roi[2], width=roi[3]),
    )
    rest = given.rest()
    message.d = array.array('d', rest[: len(rest) // 8 * 8])
    camera = camera_of_message(message)
    if not (0 < camera.width <= 640 and 0 < camera.height <= 640):
        raise UserError('as the node: it is of another size than the image')
    plan_all(camera, choice)


def plan_all(camera: CameraModel, choice: int) -> None:
    rectify = needs_rectification('on' if choice & 1 else 'off', 'image', camera)
    size = camera.width, camera.height
    view = plan_view(
        camera,
        size,
        NETWORK,
        FITS[choice % len(FITS)],
        rectify=rectify,
        raw=any(camera.d) and bool(choice & 2),
        registered=bool(choice & 8),
    )
    assert view.image_size == size
    lens_warning(view.intrinsics)
    scale = metric_scale(view.intrinsics, 80.0)
    assert math.isfinite(scale)
    assert scale > 0
    camera = view.depth_intrinsics
    if camera is None:
        return
    assert (camera.width, camera.height) == view.depth_size
    depth = np.full((camera.height, camera.width), 2.0, np.float32)
    depth[::2, ::3] = np.nan
    with np.errstate(all='ignore'):
        cloud = PointCloudBuilder(CloudOptions())
        cloud.write(depth, camera, np.empty(cloud.shape(depth), np.float32), None)
        scan = ScanBuilder(ScanOptions()).build(depth, camera, MOVED if choice & 4 else LEVEL)
    assert not (scan.ranges < 0).any()
