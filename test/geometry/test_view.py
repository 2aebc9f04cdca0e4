"""What the network sees, measured through the images themselves, against what View says of it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from fastdepth_ros.engines.engine import Engine
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.engines.preprocess import Preprocessor
from fastdepth_ros.geometry.camera_info import CameraModel, as_delivered
from fastdepth_ros.geometry.distortion import is_distorted, needs_rectification, rectified
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.view import FITS, View, plan_view
from fastdepth_ros.network.config import NetworkConfig
from fastdepth_ros.network.metadata import ModelMetadata

NETWORK = (96, 64)
F_MODEL = 80.0
PLANE, DISTANCE = np.array([0.25, -0.15, 1.0]), 3.0  # the points with PLANE . X = DISTANCE
BOX = ((-0.4, -0.3, 1.5), (0.3, 0.4, 2.2))  # stands before it


def pinhole(width: int, height: int, f: float) -> CameraModel:
    return CameraModel.pinhole(
        Intrinsics(f, 1.02 * f, width / 2 + 3, height / 2 - 2, width, height)
    )


VGA = pinhole(640, 480, 520.0)
RADIAL = replace(VGA, d=(-0.28, 0.08, 0.001, -0.0005, 0.0))
ROTATION, _ = cv2.Rodrigues(np.array([0.01, -0.02, 0.005]))
STEREO_P = (500.0, 0.0, 330.0, -60.0, 0.0, 500.0, 236.0, 0.0, 0.0, 0.0, 1.0, 0.0)
CAMERAS = {
    'vga': VGA,
    'small': pinhole(160, 120, 140.0),
    'ultra wide screen': pinhole(2560, 1097, 1500.0),
    'portrait': pinhole(480, 640, 520.0),
    '4k': pinhole(3840, 2160, 2800.0),
    'roi and binning': as_delivered(pinhole(1280, 960, 1100.0), (200, 100, 900, 640), (2, 2)),
    'plumb_bob': RADIAL,
    'rational': replace(
        VGA,
        d=(0.4, -0.2, 0.0003, -0.0002, 0.02, 0.7, -0.1, 0.01),
        distortion_model='rational_polynomial',
    ),
    'equidistant': replace(
        VGA,
        k=(300.0, 0.0, 322.0, 0.0, 301.0, 238.0, 0.0, 0.0, 1.0),
        p=(280.0, 0.0, 320.0, 0.0, 0.0, 280.0, 240.0, 0.0, 0.0, 0.0, 1.0, 0.0),
        d=(-0.02, 0.005, -0.001, 0.0002),
        distortion_model='equidistant',
    ),
    'r = f theta': replace(
        VGA,
        k=(300.0, 0.0, 322.0, 0.0, 301.0, 238.0, 0.0, 0.0, 1.0),
        p=(280.0, 0.0, 320.0, 0.0, 0.0, 280.0, 240.0, 0.0, 0.0, 0.0, 1.0, 0.0),
        d=(0.0,) * 4,
        distortion_model='equidistant',
    ),
    'stereo': replace(RADIAL, p=STEREO_P, r=tuple(ROTATION.ravel())),
}


def seen_coordinates(view: View, size: tuple[int, int]) -> np.ndarray:
    """(rows, columns, 2): the raw pixel (x, y) that each pixel of the network's content shows.

    Read out of the pictures: ramps of x and y, a window of each at a time for precision.
    """
    preprocess = Preprocessor(*NETWORK)
    x, y = np.meshgrid(np.arange(size[0]), np.arange(size[1]))
    found = np.full((view.content.height, view.content.width, 2), np.nan)
    slope = min(4.0, 2400 / max(size))
    window = 200 / slope
    for axis, ramp in enumerate((x, y)):
        for begin in np.arange(-window, ramp.max() + window, window * 0.8):
            image = np.clip(20 + (ramp - begin) * slope, 0, 255).astype(np.uint8)
            shown = preprocess(image, 'mono8', view)[view.content.slices][..., 0].astype(float)
            good = (shown > 40) & (shown < 220)
            found[..., axis][good] = begin + (shown[good] - 20 + 0.25) / slope
    return found


def true_rays(camera: CameraModel, pixels: np.ndarray, rectify: bool) -> np.ndarray:
    """(..., 3) with z = 1, in the (rectified) optical frame, by OpenCV's inverse distortion."""
    k, flat = np.reshape(camera.k, (3, 3)), pixels.reshape(-1, 1, 2)
    r = np.reshape(camera.r, (3, 3)) if rectify else np.eye(3)
    d = np.array(camera.d) if rectify else np.zeros(5)
    if camera.distortion_model == 'equidistant':
        xy = cv2.fisheye.undistortPoints(flat, k, d[:4], R=r)
    else:
        xy = cv2.undistortPoints(flat, k, d, R=r)
    xy = xy.reshape(*pixels.shape)
    return np.concatenate([xy, np.ones((*xy.shape[:-1], 1))], -1)


def true_depth(rays: np.ndarray) -> np.ndarray:
    """Z of the plane with a box before it."""
    with np.errstate(divide='ignore'):
        near, far = (np.array(corner) / rays for corner in BOX)
    enter = np.minimum(near, far).max(-1)
    leave = np.maximum(near, far).min(-1)
    plane = DISTANCE / (rays @ PLANE)
    return np.where((enter <= leave) & (enter > 0), np.minimum(enter, plane), plane)


class TrueDepth(Engine):
    """Answers with the depth that it was given, which is the network's at its focal length."""

    name, precision, num_threads = 'true', 'f32', 1

    def __init__(self, depth: np.ndarray) -> None:
        self.metadata = ModelMetadata(NetworkConfig(), *NETWORK, F_MODEL, F_MODEL)
        self._depth = depth

    def infer(self, image: np.ndarray) -> np.ndarray:
        assert image.shape == (*self._depth.shape, 3)
        return self._depth


def deproject(depth: np.ndarray, i: Intrinsics) -> np.ndarray:
    v, u = np.mgrid[: depth.shape[0], : depth.shape[1]]
    return np.stack([(u - i.cx) * depth / i.fx, (v - i.cy) * depth / i.fy, depth], -1)


@pytest.mark.parametrize('fit', FITS)
@pytest.mark.parametrize('name', CAMERAS)
def test_depth_deprojects_to_what_was_seen(name: str, fit: str) -> None:
    camera = CAMERAS[name]
    size = (camera.width, camera.height)
    rectify = needs_rectification('auto', '/camera/image_raw', camera)
    distorted = ('plumb_bob', 'rational', 'equidistant', 'r = f theta', 'stereo')
    assert rectify == (name in distorted)
    view = plan_view(camera, size, NETWORK, fit, rectify=rectify)
    assert view.intrinsics
    assert view.depth_intrinsics
    assert view.depth_size == view.content.size
    rays = true_rays(camera, seen_coordinates(view, size), rectify)
    depth = true_depth(rays)
    assert np.isfinite(depth).mean() > 0.9
    whole = np.full((64, 96), 1.0, np.float32)
    whole[view.content.slices] = depth * F_MODEL / view.intrinsics.focal_length
    estimator = DepthEstimator.from_engine(TrueDepth(whole))
    raw = np.zeros((size[1], size[0]), np.uint8)
    found = estimator.estimate_view(raw, view, 'mono8')
    points, truth = deproject(found, view.depth_intrinsics), rays * depth[..., None]
    known = np.isfinite(depth) & np.isfinite(found)
    assert known.mean() > 0.85
    np.testing.assert_allclose(points[known][:, 2], truth[known][:, 2], rtol=1e-4)
    for axis, f in ((0, view.depth_intrinsics.fx), (1, view.depth_intrinsics.fy)):
        pixels = np.abs(points - truth)[..., axis] * f / truth[..., 2]
        # half a pixel for the convention c * s; the ramps are read to a tenth of one
        assert pixels[known].max() < 0.6
        assert np.median(pixels[known]) < 0.5


@pytest.mark.parametrize('fit', FITS)
@pytest.mark.parametrize('name', ['vga', 'portrait', 'stereo'])
def test_registered_depth_lies_on_the_image_s_own_pixels(name: str, fit: str) -> None:
    camera = CAMERAS[name]
    size = (camera.width, camera.height)
    rectify = name == 'stereo'
    view = plan_view(camera, size, NETWORK, fit, rectify=rectify, registered=True)
    assert view.intrinsics
    assert view.depth_intrinsics == camera.rectified_intrinsics
    i = view.depth_intrinsics
    assert i
    v, u = np.mgrid[: size[1], : size[0]]
    rays = np.stack([(u - i.cx) / i.fx, (v - i.cy) / i.fy, np.ones(u.shape)], -1)
    truth = DISTANCE / (rays @ PLANE)
    # what a network sees of the plane at its own pixels
    part = truth[view.source.slices].astype(np.float32)
    small = cv2.resize(part, view.content.size, interpolation=cv2.INTER_AREA)
    whole = np.full((64, 96), 1.0, np.float32)
    whole[view.content.slices] = small * F_MODEL / view.intrinsics.focal_length
    estimator = DepthEstimator.from_engine(TrueDepth(whole))
    raw = np.zeros((size[1], size[0]), np.uint8)
    found = estimator.estimate_view(raw, view, 'mono8')
    assert found.shape == (size[1], size[0])
    inside = np.zeros(found.shape, bool)
    inside[view.source.slices] = True
    assert np.isnan(found[~inside]).all()
    known = np.isfinite(found)
    assert known[inside].mean() > 0.95
    core = known.copy()  # at the border the resize repeats its last sample
    margin = 10
    core[: view.source.top + margin] = core[view.source.top + view.source.height - margin :] = (
        False
    )
    core[:, : view.source.left + margin] = False
    core[:, view.source.left + view.source.width - margin :] = False
    np.testing.assert_allclose(found[core], truth[core], rtol=2e-3)


def test_the_depth_camera_is_rectified_and_keeps_its_baseline() -> None:
    camera = CAMERAS['stereo']
    view = plan_view(camera, (640, 480), NETWORK, rectify=True)
    info = view.depth_camera
    assert info
    sx, sy = 96 / 640, 64 / 480
    expected = [500 * sx, 0, 330 * sx, -60 * sx, 0, 500 * sy, 236 * sy, 0, 0, 0, 1, 0]
    np.testing.assert_allclose(info.p, expected)
    np.testing.assert_allclose(info.k, [500 * sx, 0, 330 * sx, 0, 500 * sy, 236 * sy, 0, 0, 1])
    assert (info.distortion_model, tuple(info.d)) == ('plumb_bob', (0,) * 5)
    assert tuple(info.r) == (1, 0, 0, 0, 1, 0, 0, 0, 1)


@pytest.mark.parametrize('name', ['equidistant', 'r = f theta'])
def test_a_fisheye_that_is_rectified_is_one_no_more(name: str) -> None:
    camera = rectified(CAMERAS[name])
    assert (camera.distortion_model, tuple(camera.d)) == ('plumb_bob', (0,) * 5)
    assert not is_distorted(camera)


@pytest.mark.parametrize('model', ['equidistant', 'fisheye'])
def test_a_fisheye_is_distorted_even_with_coefficients_of_0(model: str) -> None:
    assert is_distorted(replace(VGA, d=[0.0] * 4, distortion_model=model))
    for other in (VGA, replace(VGA, d=[]), replace(VGA, d=[], distortion_model=model)):
        assert not is_distorted(other)


def test_a_raw_image_that_stays_raw_keeps_its_distortion_and_is_measured_by_k() -> None:
    camera = replace(CAMERAS['stereo'], r=VGA.r)
    view = plan_view(camera, (640, 480), NETWORK, raw=True)
    assert view.depth_camera
    assert view.depth_camera.d == camera.d
    assert view.intrinsics
    assert view.intrinsics.fx == pytest.approx(camera.k[0] * 96 / 640)
    assert plan_view(camera, (640, 480), NETWORK).intrinsics.fx == pytest.approx(500 * 96 / 640)


@pytest.mark.parametrize(
    ('size', 'fit', 'source', 'content'),
    [
        ((640, 480), 'stretch', (0, 0, 640, 480), (0, 0, 96, 64)),
        ((640, 480), 'crop', (0, 26, 640, 427), (0, 0, 96, 64)),
        ((480, 640), 'crop', (0, 160, 480, 320), (0, 0, 96, 64)),
        ((1280, 480), 'crop', (280, 0, 720, 480), (0, 0, 96, 64)),
        ((640, 480), 'letterbox', (0, 0, 640, 480), (5, 0, 85, 64)),
        ((480, 640), 'letterbox', (0, 0, 480, 640), (24, 0, 48, 64)),
        ((2100, 900), 'letterbox', (0, 0, 2100, 900), (0, 11, 96, 41)),
    ],
)
def test_fits(size, fit, source, content) -> None:
    view = plan_view(None, size, NETWORK, fit)
    for rect, expected in ((view.source, source), (view.content, content)):
        assert (rect.left, rect.top, rect.width, rect.height) == expected
    assert view.intrinsics is view.depth_camera is view.depth_intrinsics is None


def test_letterbox_pads_with_the_image_s_edges() -> None:
    image = np.full((400, 100), 90, np.uint8)
    image[:, :50] = 30
    view = plan_view(None, (100, 400), NETWORK, 'letterbox')
    shown = Preprocessor(*NETWORK)(image, 'mono8', view)
    assert (shown[:, : view.content.left] == 30).all()
    assert (shown[:, view.content.left + view.content.width :] == 90).all()


def test_one_side_of_the_depth_s_size_follows_the_other() -> None:
    def size(**asked: tuple[int, int]) -> tuple[int, int]:
        return plan_view(None, (640, 480), NETWORK, 'letterbox', **asked).depth_size

    assert size() == (85, 64)
    assert size(depth_size=(170, 0)) == (170, 128)
    assert size(depth_size=(0, 32)) == (42, 32)
    assert size(depth_size=(50, 50)) == (50, 50)


@pytest.mark.parametrize(
    ('image', 'asked', 'size'),
    [
        ((16384, 1), (0, 480), (4096, 480)),
        ((1, 16384), (640, 0), (640, 4096)),
        ((16384, 1), (640, 0), (640, 7)),
        ((16384, 1), (10, 0), (10, 1)),
    ],
)
def test_the_side_that_follows_has_a_pixel_and_not_too_many(
    image: tuple[int, int], asked: tuple[int, int], size: tuple[int, int]
) -> None:
    assert plan_view(None, image, NETWORK, 'letterbox', depth_size=asked).depth_size == size


def test_colours_come_on_the_depth_s_pixels() -> None:
    image = np.zeros((480, 640, 3), np.uint8)
    image[:, 320:] = (200, 100, 50)
    for options in ({}, {'registered': True}, {'depth_size': (40, 30)}):
        view = plan_view(VGA, (640, 480), NETWORK, 'crop', **options)
        estimator = DepthEstimator.from_engine(TrueDepth(np.ones((64, 96), np.float32)))
        depth = estimator.estimate_view(image, view)
        rgb = estimator.rgb(view)
        assert rgb.shape == (*depth.shape, 3)
        middle, half, edge = rgb[rgb.shape[0] // 2], rgb.shape[1] // 2, rgb.shape[1] // 16
        assert (middle[: half - edge] == 0).all()
        assert (middle[half + edge :] == (200, 100, 50)).all()
