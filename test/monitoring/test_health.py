from __future__ import annotations

import re
from dataclasses import replace

import pytest

from fastdepth_ros.monitoring.camera_watch import Shown
from fastdepth_ros.monitoring.health import Health, Level, Running
from fastdepth_ros.monitoring.losses import Arrival
from fastdepth_ros.monitoring.statistics import NodeStatistics, Snapshot

RUNNING = Running(
    'active', '', '/camera/image_raw', 'calibrated', '', '', False, 0, {'engine': 'openvino'}
)
SHOWN = Shown('camera', 640, 480, 'rgb8')


@pytest.fixture
def good() -> Snapshot:
    statistics = NodeStatistics()
    statistics.snapshot(-1.0, 0.0)
    for i in range(30):
        statistics.arrived(i / 15, Arrival(i, i, i), SHOWN)
        statistics.published(i / 15 + 0.01, latency=0.02, inference=0.009, left_out=0.125)
    return statistics.snapshot(2.0, 0.6)


def test_a_node_that_works_says_so(good: Snapshot) -> None:
    report = Health().report(good, RUNNING)
    assert (report.level, report.message) == (Level.OK, 'publishing depth')
    assert report.values['input rate (Hz)'] == '15.0'
    assert report.values['latency p50 (ms)'] == '20.0'
    assert report.values['inference p50 (ms)'] == '9.0'
    assert report.values['pixels left out by max_error (%)'] == '12.5'
    assert report.values['CPU (cores)'] == '0.20'
    assert report.values['depth images'] == '30'
    assert report.values['engine'] == 'openvino'


@pytest.mark.parametrize(
    ('changes', 'level', 'message'),
    [
        ({'lost': 3, 'images': 45}, Level.WARN, '3 of 18 images lost in transport: .*fastdds_shm'),
        (
            {'skipped': 4, 'images': 41},
            Level.WARN,
            '4 of 15 images skipped while busy: set max_rate',
        ),
        ({'malformed': 1, 'malformed_reason': 'short'}, Level.WARN, 'malformed images: short'),
        ({'left_out': 0.95}, Level.WARN, 'max_error leaves out 95% of the pixels: raise it'),
        ({'clock_differs': True}, Level.WARN, "not of this machine's clock"),
        ({'camera_stale': True, 'camera_age': 4.21}, Level.ERROR, 'for 4.2 s: the camera has'),
        ({'camera_seen': False}, Level.ERROR, 'no image has come on /camera/image_raw'),
    ],
)
def test_what_is_wrong_is_said_with_the_remedy(
    good: Snapshot, changes: dict[str, object], level: Level, message: str
) -> None:
    health = Health()
    health.report(good, RUNNING)
    bad = replace(good, **changes)
    report = health.report(bad, RUNNING)
    assert report.level == level
    assert re.search(message, report.message)
    if not {'camera_stale', 'camera_seen', 'clock_differs', 'left_out'} & changes.keys():
        assert health.report(bad, RUNNING).level == Level.OK, 'it is over'


@pytest.mark.parametrize(
    'changes',
    [
        {'skipped': 1, 'images': 45},  # a hiccup
        {'skipped': 9, 'images': 45, 'limited': 3},  # there was time for those, and no wish
        {'skipped': 9, 'images': 45, 'over_budget': 3},
    ],
)
def test_what_was_skipped_as_asked_is_no_finding(
    good: Snapshot, changes: dict[str, object]
) -> None:
    health = Health()
    health.report(good, RUNNING)
    assert health.report(replace(good, **changes), RUNNING).level == Level.OK


def test_an_output_that_is_not_sent_is_said(good: Snapshot) -> None:
    running = replace(RUNNING, output_problem='no depth/scan: set scan_frame')
    report = Health().report(good, running)
    assert (report.level, report.message) == (Level.WARN, 'no depth/scan: set scan_frame')


def test_a_picture_that_shows_nothing_is_said(good: Snapshot) -> None:
    running = replace(RUNNING, picture='mean 2, contrast 1', picture_problem='it is dark')
    report = Health().report(good, running)
    assert (report.level, report.message) == (Level.WARN, 'it is dark')
    assert report.values['picture'] == 'mean 2, contrast 1'


def test_a_picture_from_before_nobody_subscribed_is_no_finding(good: Snapshot) -> None:
    health, running = Health(), replace(RUNNING, picture_problem='it is dark')
    assert health.report(good, running).message == 'it is dark'
    unwanted = replace(good, images=31, idle=1)
    assert health.report(unwanted, running).message.startswith('nobody subscribes')


def test_a_slow_camera_s_depth_is_published_until_nobody_wants_it(good: Snapshot) -> None:
    slow = replace(good, output_rate=0.0)  # an image in six seconds makes no rate
    health = Health()
    assert health.report(slow, RUNNING).message == 'publishing depth'
    assert health.report(slow, RUNNING).message == 'publishing depth', 'no image since'
    unwanted = replace(slow, images=31, idle=1)
    assert health.report(unwanted, RUNNING).message.startswith('nobody subscribes')
    assert health.report(unwanted, RUNNING).message.startswith('nobody subscribes')
    wanted = replace(unwanted, images=32, processed=31)
    assert health.report(wanted, RUNNING).message == 'publishing depth'


def test_the_worst_comes_first(good: Snapshot) -> None:
    running = replace(RUNNING, camera_problem='no camera_info', qos_problem='not heard')
    report = Health().report(good, running)
    assert report.level == Level.ERROR
    assert report.message == 'not heard; no camera_info'


def test_an_inactive_node_complains_of_nothing(good: Snapshot) -> None:
    report = Health().report(replace(good, camera_seen=False), replace(RUNNING, state='inactive'))
    assert (report.level, report.message) == (Level.OK, 'inactive: waiting to be activated')


def test_a_node_that_could_not_start_says_why(good: Snapshot) -> None:
    running = replace(RUNNING, state='unconfigured', failure='cannot configure: no model')
    report = Health().report(good, running)
    assert (report.level, report.message) == (
        Level.ERROR,
        'unconfigured: cannot configure: no model',
    )


def test_a_node_that_was_shut_down_waits_for_nothing(good: Snapshot) -> None:
    report = Health().report(good, replace(RUNNING, state='finalized'))
    assert report.message.startswith('finalized: shut down for good')


def test_a_clock_that_differs_is_no_latency() -> None:
    statistics = NodeStatistics()
    statistics.published(1.0, latency=-3.0, inference=0.01)
    snapshot = statistics.snapshot(1.0, 0.0)
    assert snapshot.clock_differs
    assert snapshot.latency_p50 is None
    statistics.published(1.1, latency=0.02, inference=0.01)
    assert not statistics.snapshot(1.1, 0.0).clock_differs


def test_a_simulation_s_clock_may_be_behind_by_its_own_period() -> None:
    statistics = NodeStatistics()
    statistics.published(1.0, latency=-0.09, inference=0.01, simulated=True)
    snapshot = statistics.snapshot(1.0, 0.0)
    assert not snapshot.clock_differs
    assert snapshot.latency_p50 == 0
    statistics.published(1.1, latency=-0.11, inference=0.01, simulated=True)
    assert statistics.snapshot(1.1, 0.0).clock_differs
    statistics.published(1.2, latency=-0.09, inference=0.01)
    assert statistics.snapshot(1.2, 0.0).clock_differs


def test_a_node_that_stops_listening_loses_nothing() -> None:
    statistics = NodeStatistics()
    for i in (0, 1, 20, 21):
        if i == 20:
            statistics.forget()
        assert statistics.arrived(i / 10, Arrival(i * 10**8, i * 10**8, i), SHOWN) == []
    snapshot = statistics.snapshot(2.2, 0.0)
    assert (snapshot.lost, snapshot.skipped) == (0, 0)
