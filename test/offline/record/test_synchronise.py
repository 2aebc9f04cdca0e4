from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from fastdepth_ros.offline.record.synchronise import nearest, pair, smallest_offset_ns

STAMPS = st.lists(st.integers(0, 10**6), min_size=1, max_size=30).map(
    lambda values: np.array(values, np.int64)
)


@given(STAMPS, STAMPS)
def test_nearest_is_nearest(stamps: np.ndarray, others: np.ndarray) -> None:
    distances = np.abs(stamps[:, None] - others[None])
    found = nearest(stamps, others)
    np.testing.assert_array_equal(distances[np.arange(len(stamps)), found], distances.min(1))
    assert smallest_offset_ns(stamps, others) == distances.min()


@given(STAMPS, STAMPS, st.integers(0, 10**5))
def test_pairs_are_near_ordered_and_use_nothing_twice(
    images: np.ndarray, depths: np.ndarray, limit: int
) -> None:
    pairs = pair(images, depths, limit)
    for column in (0, 1):
        assert len(set(pairs[:, column])) == len(pairs)
    assert (np.abs(images[pairs[:, 0]] - depths[pairs[:, 1]]) <= limit).all()
    assert (np.diff(images[pairs[:, 0]]) >= 0).all()
    if np.abs(images[:, None] - depths[None]).min() <= limit:
        assert len(pairs) > 0


def test_a_slower_depth_camera_takes_the_nearest_images() -> None:
    images = np.arange(0, 1000, 33)  # 30 Hz and 10 Hz, 5 ms apart
    depths = np.arange(5, 1000, 99)
    assert pair(images, depths, 20).tolist() == [[3 * i, i] for i in range(len(depths))]
    assert pair(images, depths, 4).tolist() == []


def test_order_in_the_bag_does_not_matter() -> None:
    images, depths = np.array([30, 10, 20]), np.array([21, 31, 11])
    assert pair(images, depths, 5).tolist() == [[1, 2], [2, 0], [0, 1]]


def test_nothing_has_no_pairs() -> None:
    none = np.array([], np.int64)
    assert len(pair(none, np.array([1]), 5)) == len(pair(np.array([1]), none, 5)) == 0
