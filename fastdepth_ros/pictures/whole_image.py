"""Whether a JPEG or PNG is all there: OpenCV fills up what is missing with grey."""

from __future__ import annotations

PNG, JPEG = b'\x89PNG\r\n\x1a\n', b'\xff\xd8'
END_OF_PNG, END_OF_JPEG = b'IEND', b'\xff\xd9'
SCAN = b'\xff\xda'  # the marker after which a JPEG's pixels come (ITU-T T.81, annex B)


def is_cut_off(data: bytes) -> bool:
    """True for a PNG or JPEG without its end, wherever cameras append a little; else False."""
    if data.startswith(PNG):
        return END_OF_PNG not in data
    if not data.startswith(JPEG):
        return False
    at = len(JPEG)
    while data[at : at + 1] == b'\xff' and data[at : at + 2] not in (SCAN, END_OF_JPEG):
        at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], 'big'))  # a thumbnail ends, too
    return data.find(END_OF_JPEG, at) < 0
