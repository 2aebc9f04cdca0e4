"""Stamps of messages, read without ROS."""

import struct
from types import SimpleNamespace

import pytest

from fastdepth_ros.stamps import serialised_stamp_ns, stamp_ns, stamp_seconds

SECONDS, NANOSECONDS = 1_700_000_000, 123_456_789
MESSAGE = SimpleNamespace(
    header=SimpleNamespace(stamp=SimpleNamespace(sec=SECONDS, nanosec=NANOSECONDS))
)


def test_a_message_has_its_stamp_to_the_nanosecond() -> None:
    assert stamp_ns(MESSAGE) == 1_700_000_000_123_456_789


def test_a_header_has_its_stamp_in_seconds() -> None:
    assert stamp_seconds(MESSAGE.header) == pytest.approx(1_700_000_000.123457, abs=1e-6)


@pytest.mark.parametrize('little', [True, False])
def test_the_stamp_of_a_serialised_message_is_read_in_its_byte_order(little: bool) -> None:
    stamp = struct.pack('<iI' if little else '>iI', SECONDS, NANOSECONDS)
    assert serialised_stamp_ns(bytes([0, little, 0, 0]) + stamp) == 1_700_000_000_123_456_789
