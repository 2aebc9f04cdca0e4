"""Fewer of many."""

import numpy as np
import pytest

from fastdepth_ros.thinning import evenly, thinned


@pytest.mark.parametrize(
    ('most', 'expected'),
    [(0, []), (1, [0]), (2, [0, 9]), (3, [0, 4, 9]), (4, [0, 3, 6, 9]), (99, list(range(10)))],
)
def test_items_are_taken_evenly_from_the_first_to_the_last(most: int, expected: list[int]) -> None:
    assert evenly(range(10), most) == expected


def test_nothing_is_taken_of_nothing() -> None:
    assert evenly([], 5) == []


@pytest.mark.parametrize(('most', 'expected'), [(10, 10), (9, 5), (5, 5), (4, 4), (1, 1)])
def test_an_array_is_thinned_to_no_more_without_a_copy(most: int, expected: int) -> None:
    items = np.arange(10)
    fewer = thinned(items, most)
    assert len(fewer) == expected
    assert np.shares_memory(items, fewer)
