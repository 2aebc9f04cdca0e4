"""Whether a JPEG or PNG is all there: OpenCV fills up what is missing with grey."""

from __future__ import annotations

PNG, JPEG = b'\x89PNG\r\n\x1a\n', b'\xff\xd8'
END_OF_PNG, END_OF_JPEG = b'IEND', b'\xff\xd9'
CHUNK = 12  # bytes of a PNG's chunk beside its content: length, name, CRC
SCAN = b'\xff\xda'  # the marker after which a JPEG's pixels come (ITU-T T.81, annex B)


def is_cut_off(data: bytes) -> bool:
    """True for a PNG or JPEG without its end, wherever cameras append a little; else False."""
    if data.startswith(PNG):
        return not _png_ends(data)
    return data.startswith(JPEG) and data.find(END_OF_JPEG, first_scan(data)) < 0


def _png_ends(data: bytes) -> bool:
    """Whether its chunks lead to the last: OpenCV makes room for what a chunk says it has."""
    at = len(PNG)
    while at + CHUNK <= len(data):
        length = int.from_bytes(data[at : at + 4], 'big')
        if data[at + 4 : at + 8] == END_OF_PNG:
            return length == 0
        at += CHUNK + length
    return False


def first_scan(data: bytes) -> int:
    """Where the pixels of a JPEG begin, after what may have a thumbnail, with an end, in it."""
    at = len(JPEG)
    while data[at : at + 1] == b'\xff' and data[at : at + 2] not in (SCAN, END_OF_JPEG):
        at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], 'big'))
    return at
