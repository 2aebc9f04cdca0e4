"""What is no floor must not set the scale, whatever the camera's pose."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support import examples

from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.geometry.projection import pinhole_rays
from fastdepth_ros.scale.ground import GroundScale
from fastdepth_ros.scale.measurement import ScaleMeasurement

CAMERA = Intrinsics.from_hfov(112, 112, 65.0)
CERTAIN = 0.1  # RunningScale takes nothing less certain


def room(height: float, wall: float, pitch_deg: float) -> tuple[np.ndarray, np.ndarray]:
    """(depth of a floor up to a wall across the view, up); the camera looks down by the pitch."""
    pitch = math.radians(pitch_deg)
    up = np.array([0.0, -math.cos(pitch), -math.sin(pitch)], np.float32)
    below = pinhole_rays(CAMERA) @ -up
    floor = np.where(below > 1e-6, height / np.maximum(below, 1e-6), np.inf)
    return np.minimum(floor, wall).astype(np.float32), up


def noisy(depth: np.ndarray, noise: float) -> np.ndarray:
    """With relative noise of each pixel."""
    draw = np.random.default_rng(0).standard_normal(depth.shape)
    return (depth * np.exp(noise * draw)).astype(np.float32)


@pytest.mark.parametrize('noise', [0.0, 0.03, 0.08])
@pytest.mark.parametrize('pitch', [-25, -15, -5, 0, 10, 20])
@pytest.mark.parametrize('wall', [0.5, 2.0])
def test_a_wall_that_fills_the_view_is_no_floor(noise: float, pitch: int, wall: float) -> None:
    depth, up = room(100.0, wall, pitch)
    found = GroundScale(1.0).measure(noisy(depth, noise), CAMERA, up)
    assert not (isinstance(found, ScaleMeasurement) and found.confidence >= CERTAIN)


@settings(max_examples=examples(60), deadline=None)
@given(
    factor=st.floats(0.3, 3.0),
    height=st.floats(0.2, 1.0),
    pitch=st.floats(-5.0, 20.0),
    noise=st.floats(0.0, 0.08),
)
def test_any_true_factor_is_recovered(
    factor: float, height: float, pitch: float, noise: float
) -> None:
    depth, up = room(height, 6.0, pitch)
    found = GroundScale(height * factor).measure(noisy(depth, noise), CAMERA, up)
    assert isinstance(found, ScaleMeasurement)
    assert found.factor == pytest.approx(factor, rel=0.05)
