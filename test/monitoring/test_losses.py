from __future__ import annotations

import pytest

from fastdepth_ros.monitoring.losses import Arrival, FrameLosses

PERIOD = 33_000_000  # ns


def run(taken: list[int], done: dict[int, float], sequences: bool) -> FrameLosses:
    """Frames `taken` of a camera's; after frame i the node is busy for done[i] periods."""
    losses = FrameLosses()
    for i in taken:
        stamp = i * PERIOD
        losses.arrived(Arrival(stamp, stamp, i if sequences else None))
        losses.done(stamp + int(done.get(i, 0.2) * PERIOD))
    return losses


@pytest.mark.parametrize('sequences', [True, False])
def test_nothing_is_missing(sequences: bool) -> None:
    losses = run(list(range(30)), {}, sequences)
    assert (losses.skipped, losses.lost) == (0, 0)


@pytest.mark.parametrize('sequences', [True, False])
def test_what_came_while_busy_was_skipped_and_the_rest_was_lost(sequences: bool) -> None:
    taken = [*range(10), 13, 14, 15, 18, 19]
    losses = run(taken, {9: 2.5}, sequences)  # busy while 10 and 11 (and 12 not) were sent
    assert losses.skipped == 2 + 0
    assert losses.lost == 1 + 2


def test_two_cameras_on_one_topic_are_counted_apart() -> None:
    losses = FrameLosses()
    for i in range(20):
        losses.arrived(Arrival(i * PERIOD, i * PERIOD, i, b'a'))
        losses.arrived(Arrival(i * PERIOD + 5, i * PERIOD + 5, 100 + 2 * i, b'b'))
    assert (losses.skipped, losses.lost) == (0, 19)


def test_a_camera_that_stopped_or_went_back_lost_nothing() -> None:
    losses = FrameLosses()
    for stamp in (0, 1, 2, 3, 4, 5, 6, 500, 501, 2, 3, 4):
        losses.arrived(Arrival(stamp * PERIOD, stamp * PERIOD))
    assert (losses.skipped, losses.lost) == (0, 0)


@pytest.mark.parametrize('sequences', [True, False])
def test_what_is_sent_while_nobody_listens_is_not_lost(sequences: bool) -> None:
    losses = run(list(range(10)), {}, sequences)
    losses.forget()
    for i in range(20, 30):
        losses.arrived(Arrival(i * PERIOD, i * PERIOD, i if sequences else None))
    assert (losses.skipped, losses.lost) == (0, 0)


def test_a_restarted_publisher_begins_anew() -> None:
    losses = FrameLosses()
    for i in (50, 51, 1, 2):
        losses.arrived(Arrival(i * PERIOD, i * PERIOD, i, b'a'))
    assert losses.lost == 0
