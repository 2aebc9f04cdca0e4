"""Depth of one sensor as the depth image of another camera: deproject, transform, project."""

from __future__ import annotations

import math

import cv2
import numpy as np

from fastdepth_ros.geometry.camera_info import CameraModel
from fastdepth_ros.geometry.distortion import FISHEYE, check_distortion
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.rays import Rays

BEHIND = 1.1  # times as far as what is before it: not seen
EXACT = 0.05  # pixels between rays beyond a whole number that leave no gap worth closing
UNDISTORT = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 100, 1e-9)


def pinhole_rays(intrinsics: Intrinsics) -> np.ndarray:
    """(h, w, 3) float32: where each pixel looks, with z = 1."""
    rays = Rays(intrinsics)
    ones = np.ones(rays.length.shape, np.float32)
    return np.stack([rays.x * ones, rays.y * ones, ones], -1)


def distorted_rays(camera: CameraModel) -> np.ndarray:
    """(h, w, 3) float32: where each pixel of the raw, distorted image looks, with z = 1.

    UserError for a distortion that is not known.
    """
    check_distortion(camera)
    k, d = np.array(camera.k, np.float64).reshape(3, 3), np.array(camera.d, np.float64)
    u, v = np.meshgrid(np.arange(camera.width), np.arange(camera.height))
    pixels = np.stack([u, v], -1).reshape(-1, 1, 2).astype(np.float64)
    fisheye = camera.distortion_model in FISHEYE
    if fisheye:
        xy = cv2.fisheye.undistortPoints(pixels, k, d)  # to 1e-8; Humble's takes no criteria
    else:
        xy = cv2.undistortPointsIter(pixels, k, d, np.eye(3), np.eye(3), UNDISTORT)
    xy = xy.reshape(camera.height, camera.width, 2)
    return np.dstack([xy, np.ones(xy.shape[:2])]).astype(np.float32)


def transform_points(points: np.ndarray, transform: np.ndarray) -> np.ndarray:
    """(n, 3) points through a (4, 4) transform."""
    return points @ transform[:3, :3].T + transform[:3, 3]


def project_points(points: np.ndarray, camera: Intrinsics) -> np.ndarray:
    """(h, w) float32: z of the nearest of (n, 3) points at each pixel of `camera`, 0 = none.

    Points are in the camera's optical frame, metres. Those behind it, not finite or beside the
    image are left out.
    """
    points = points[np.isfinite(points).all(axis=1) & (points[:, 2] > 0)]
    z = points[:, 2]
    with np.errstate(over='ignore'):
        u = np.rint(points[:, 0] / z * camera.fx + camera.cx)
        v = np.rint(points[:, 1] / z * camera.fy + camera.cy)
    inside = (u >= 0) & (u < camera.width) & (v >= 0) & (v < camera.height)
    at = v[inside].astype(np.intp) * camera.width + u[inside].astype(np.intp)
    nearest = np.full(camera.width * camera.height, np.inf, np.float32)
    np.minimum.at(nearest, at, z[inside].astype(np.float32))
    nearest[np.isinf(nearest)] = 0
    return nearest.reshape(camera.height, camera.width)


def project_depth(
    depth: np.ndarray, rays: np.ndarray, transform: np.ndarray, camera: Intrinsics
) -> np.ndarray:
    """(H, W) float32 metres of `camera` from another's (h, w) depth, 0 = none in both.

    `rays` are the other's, `transform` is (4, 4) from its optical frame to that of `camera`.
    Pixels that no depth falls on stay 0. Where `camera` is the finer of the two, far depth shows
    through the gaps between near pixels: what lies behind others within a gap is taken out.
    """
    valid = depth > 0
    points = rays[valid] * depth[valid][:, None]
    found = project_points(transform_points(points, transform), camera)
    # pixels of `camera` from one ray to the next
    between = float(np.median(np.diff(rays[:, :, 0], axis=1))) * camera.fx
    gap = math.ceil(between - EXACT)
    return without_hidden(found, gap) if gap > 1 else found


def without_hidden(depth: np.ndarray, gap: int) -> np.ndarray:
    """The depth without what is BEHIND other depth within `gap` pixels; 0 = none."""
    far = np.where(depth > 0, depth, np.float32(np.inf))
    kernel = np.ones((2 * gap - 1, 2 * gap - 1), np.uint8)
    return np.where(depth / BEHIND > cv2.erode(far, kernel), np.float32(0), depth)
