from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

pytest.importorskip('rosbags')

from bag_writer import cloud, scan

from fastdepth_ros.errors import UserError
from fastdepth_ros.messages.points import read_cloud, read_range, read_scan

POINTS = np.array([[1, 2, 3], [-4, 0.5, 6], [7, 8, -9]], np.float64)


def test_a_scan_has_x_forward_and_y_left() -> None:
    found = read_scan(scan(np.array([2.0, 3, 4]), -np.pi / 2, np.pi / 2, 0, 'laser'))
    np.testing.assert_allclose(found, [[0, -2, 0], [3, 0, 0], [0, 4, 0]], atol=1e-6)


def test_what_is_no_return_is_left_out() -> None:
    ranges = np.array([np.nan, np.inf, -np.inf, 0, 0.04, 31, 5])  # of 0.05 to 30 m
    np.testing.assert_allclose(read_scan(scan(ranges, 0, 0.0, 0, 'laser')), [[5, 0, 0]])


def test_a_cloud_comes_back_without_its_other_fields() -> None:
    np.testing.assert_allclose(read_cloud(cloud(POINTS, 0, 'lidar')), POINTS)


def test_points_that_are_not_finite_are_left_out_and_an_empty_cloud_is_empty() -> None:
    points = POINTS.copy()
    points[1, 2] = np.nan
    np.testing.assert_allclose(read_cloud(cloud(points, 0, 'lidar')), POINTS[[0, 2]])
    assert read_cloud(cloud(np.zeros((0, 3)), 0, 'lidar')).shape == (0, 3)


def test_float64_big_endian_rows_with_padding_and_fields_in_any_order() -> None:
    message = cloud(POINTS, 0, 'lidar')
    layout = np.dtype(
        {'names': ['z', 'x', 'y'], 'formats': ['>f8'] * 3, 'offsets': [4, 12, 20], 'itemsize': 30}
    )
    rows = np.zeros((3, 1), layout)
    for i, axis in enumerate('xyz'):
        rows[axis][:, 0] = POINTS[:, i]
    padded = np.concatenate([rows.view(np.uint8).reshape(3, 30), np.ones((3, 7), np.uint8)], 1)
    message.data, message.height, message.width = padded.ravel(), 3, 1
    message.point_step, message.row_step, message.is_bigendian = 30, 37, True
    for field in message.fields[:3]:
        field.datatype, field.offset = 8, layout.fields[field.name][1]
    np.testing.assert_allclose(read_cloud(message), POINTS)


@pytest.mark.parametrize(
    ('changes', 'reason'),
    [
        ({'width': 4}, 'do not fit its row_step of 48 bytes'),
        ({'height': 2}, '48 bytes of data where row_step x height = 96'),
        ({'width': 2**31, 'point_step': 0}, 'do not fit'),
        ({'point_step': 8}, 'within the 8 bytes of a point'),
        ({'fields': []}, 'x, y and z as float32 or float64'),
    ],
)
def test_a_malformed_cloud_says_what_is_wrong(changes: dict, reason: str) -> None:
    message = cloud(POINTS, 0, 'lidar')
    for name, value in changes.items():
        setattr(message, name, value)
    with pytest.raises(UserError, match=reason):
        read_cloud(message)


def test_of_a_large_cloud_some_points_are_taken_from_every_ring() -> None:
    rings, n = 16, 16 * 500
    points = np.stack([np.arange(n) % rings, np.arange(n), np.ones(n)], -1)
    found = read_cloud(cloud(points, 0, 'lidar'), most=500)
    assert found.shape == (500, 3)
    assert set(found[:, 0]) == set(range(rings))
    assert found[0, 1] == 0
    assert found[-1, 1] == n - 1


@pytest.mark.parametrize(
    ('metres', 'count'), [(1.5, 1), (0.01, 0), (9.0, 0), (np.inf, 0), (np.nan, 0), (-np.inf, 0)]
)
def test_a_range_is_one_point_ahead_or_none(metres: float, count: int) -> None:
    message = SimpleNamespace(range=metres, min_range=0.02, max_range=4.0)
    assert read_range(message).tolist() == [[metres, 0, 0]] * count


def test_a_point_of_gigabytes_is_one_error() -> None:
    message = cloud(POINTS, 0, 'lidar')
    message.height, message.row_step, message.point_step = 0, 2**32 - 1, 2**31
    message.data = message.data[:0]
    with pytest.raises(UserError, match='of 2147483648 bytes do not fit'):
        read_cloud(message)
