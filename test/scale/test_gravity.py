from __future__ import annotations

import math
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from fastdepth_ros.errors import UserError
from fastdepth_ros.scale.gravity import G, Gravity


def imu(acceleration: Any = (0, 0, G), quaternion: Any = None) -> SimpleNamespace:
    return SimpleNamespace(
        orientation=SimpleNamespace(**dict(zip('xyzw', quaternion or (0, 0, 0, 0), strict=True))),
        orientation_covariance=[-1 if quaternion is None else 0, *[0] * 8],
        linear_acceleration=SimpleNamespace(**dict(zip('xyz', acceleration, strict=True))),
        linear_acceleration_covariance=[0] * 9,
    )


def test_an_orientation_tells_up_whatever_its_heading() -> None:
    pitch, yaw = 0.3, 1.0  # pitched down, then turned
    cp, sp, cy, sy = (f(a / 2) for a in (pitch, yaw) for f in (math.cos, math.sin))
    quaternion = (-sp * sy, sp * cy, cp * sy, cp * cy)
    up = Gravity().up(imu(quaternion=quaternion), 0)
    np.testing.assert_allclose(up, (-math.sin(pitch), 0, math.cos(pitch)), atol=1e-12)


def test_without_orientation_the_accelerometer_tells_up() -> None:
    leaning = np.array([0, math.sin(0.2), math.cos(0.2)])
    np.testing.assert_allclose(Gravity().up(imu(G * leaning), 0), leaning)


def test_a_shake_hardly_turns_up_and_a_ramp_does() -> None:
    gravity = Gravity(memory=1.0)
    gravity.up(imu(), 0)
    shaken = gravity.up(imu((5, 0, G)), 0.033)
    assert 0 < shaken[0] < 0.03
    ramp = G * np.array([math.sin(0.2), 0, math.cos(0.2)])
    for i in range(100):
        up = gravity.up(imu(ramp), 0.066 + i * 0.033)
    assert up[0] == pytest.approx(math.sin(0.2), abs=0.02)


def test_stamps_that_jump_back_start_anew() -> None:
    gravity = Gravity()
    gravity.up(imu(), 100)
    np.testing.assert_allclose(gravity.up(imu((G, 0, 0)), 1), (1, 0, 0))


def test_what_tells_nothing_says_why() -> None:
    with pytest.raises(UserError, match=r'is 0\.0 m/s\^2, not about 9\.81: it moves, or leaves'):
        Gravity().up(imu((0, 0, 0)), 0)
    with pytest.raises(UserError, match='not finite'):
        Gravity().up(imu((0, math.nan, G)), 0)
    with pytest.raises(UserError, match='no unit quaternion'):
        Gravity().up(imu(quaternion=(0, 0, 0, 0)), 0)
    without = imu()
    without.linear_acceleration_covariance[0] = -1
    with pytest.raises(UserError, match='neither orientation nor acceleration'):
        Gravity().up(without, 0)


def test_one_broken_message_does_not_stay() -> None:
    gravity = Gravity()
    gravity.up(imu(), 0)
    with pytest.raises(UserError):
        gravity.up(imu((math.inf, 0, 0)), 0.1)
    np.testing.assert_allclose(gravity.up(imu(), 0.2), (0, 0, 1))
