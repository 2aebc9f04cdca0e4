"""The stamp in a ROS message's header, of any ROS client's messages; no ROS is needed."""

from __future__ import annotations

import struct
from typing import Any


def stamp_ns(message: Any) -> int:
    """The time in the header of a message, ns."""
    stamp = message.header.stamp
    return int(stamp.sec) * 10**9 + int(stamp.nanosec)


def serialised_stamp_ns(data: bytes) -> int:
    """Of a serialised message that begins with a Header, ns; CDR's second byte tells the order."""
    seconds, nanoseconds = struct.unpack_from('<iI' if data[1] & 1 else '>iI', data, 4)
    return int(seconds) * 10**9 + int(nanoseconds)


def stamp_seconds(header: Any) -> float:
    """The time in a header, s: to a microsecond in this century."""
    return float(header.stamp.sec + 1e-9 * header.stamp.nanosec)
