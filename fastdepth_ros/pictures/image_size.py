"""The size of an image from its header, before anybody decodes it.

A hundred bytes may say that they are 30,000 x 30,000 pixels, and OpenCV then takes gigabytes.
Formats that are not known here are not decoded at all.
"""

from __future__ import annotations

import struct
from collections.abc import Callable

from fastdepth_ros.errors import UserError
from fastdepth_ros.pictures.image_checks import LARGEST
from fastdepth_ros.pictures.whole_image import (
    END_OF_JPEG,
    JPEG,
    PNG,
    SCAN,
    first_scan,
    is_cut_off,
)

MOST_PIXELS = 64_000_000  # a few bytes may ask for more memory than a robot has
DEFLATED = 1032  # bytes at most that a byte of deflate stands for
JPEG_PIXELS = 8 * 64  # at most that a byte stands for: a bit or more for each 8 x 8
PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # by colour type
MOST_SCANS = 64  # of a progressive JPEG, which has about 10; each goes over all pixels
# markers that start a frame and hold its size: SOF0 .. SOF15 but DHT, JPG and DAC
FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
STANDALONE = frozenset((0x01, *range(0xD0, 0xD8)))  # markers without a length

Size = tuple[int, int]  # (width, height)


def image_size(data: bytes, kinds: tuple[str, ...] = ()) -> Size:
    """(width, height) of a whole image of one of KINDS that may be decoded.

    UserError for what is damaged, too large, or of a kind that is not among `kinds` (all of them).
    """
    for kind, (starts, measure) in KINDS.items():
        if data.startswith(starts) and kind in (kinds or KINDS):
            if is_cut_off(data):
                raise UserError(f'its {kind} of {len(data)} bytes is cut off')
            try:
                width, height = measure(data)
            except (struct.error, LookupError, ValueError) as error:
                raise UserError(f'its {kind} of {len(data)} bytes has a damaged header') from error
            check_dimensions(width, height)
            _check_work(kind, data, width * height)
            return width, height
    raise UserError(f'it is none of {", ".join(kinds or KINDS)}')


def check_dimensions(width: int, height: int) -> None:
    """UserError for a size that a few bytes may claim and no camera has."""
    if not (0 < width <= LARGEST and 0 < height <= LARGEST and width * height <= MOST_PIXELS):
        raise UserError(
            f'it says that it is {width}x{height} pixels: allowed are 1 to {LARGEST} for each '
            f'side and {MOST_PIXELS} in all'
        )


def _check_work(kind: str, data: bytes, pixels: int) -> None:
    """UserError for more pixels, or rounds over them, than an encoder makes of so few bytes."""
    most = {'PNG': _most_of_png, 'JPEG': _most_of_jpeg}.get(kind, lambda _: pixels)(data)
    if pixels > most:
        raise UserError(
            f'its {kind} says that it has {pixels} pixels, in {len(data)} bytes: damaged'
        )
    if kind == 'JPEG':
        start = first_scan(data)
        end = data.find(END_OF_JPEG, start)  # what cameras append may be anything
        if data.count(SCAN, start, end) > MOST_SCANS:
            raise UserError(f'its JPEG has over {MOST_SCANS} scans: encoders make about 10')


def _most_of_png(data: bytes) -> int:
    depth, colour = data[24:26]
    if colour not in PNG_CHANNELS or depth not in (1, 2, 4, 8, 16):
        raise UserError(f'its PNG has colours of kind {colour} with {depth} bits: damaged')
    return 8 * DEFLATED * len(data) // (depth * PNG_CHANNELS[colour])


def _most_of_jpeg(data: bytes) -> int:
    return JPEG_PIXELS * len(data)


def _png(data: bytes) -> Size:
    if data[12:16] != b'IHDR' or len(data) < 26:
        raise ValueError('IHDR is not first')
    width, height = struct.unpack('>II', data[16:24])
    return width, height


def _jpeg(data: bytes) -> Size:
    """Of the first frame header (ITU-T T.81, annex B)."""
    at = len(JPEG)
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
        elif marker in STANDALONE:
            at += 2
        elif marker in FRAMES:
            height, width = struct.unpack('>HH', data[at + 5 : at + 9])
            return width, height
        else:
            at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], 'big'))
    raise UserError(f'its JPEG of {len(data)} bytes has no frame header')


def _bmp(data: bytes) -> Size:
    if struct.unpack('<I', data[14:18])[0] == 12:  # OS/2's
        return struct.unpack('<HH', data[18:22])
    width, height = struct.unpack('<ii', data[18:26])
    return width, abs(height)  # below 0: from the top


def _pnm(data: bytes) -> Size:
    """P5, P6 and their text forms: numbers apart by blanks, with comments."""
    lines = data[2:4096].split(b'\n')
    words = b' '.join(line.partition(b'#')[0] for line in lines).split()
    return int(words[0]), int(words[1])


def _webp(data: bytes) -> Size:
    kind = data[12:16]
    if data[8:12] != b'WEBP':
        raise ValueError(f'it is {data[8:12]!r}')
    if kind == b'VP8X':
        fields = data[24:27], data[27:30]
        width, height = (1 + int.from_bytes(field, 'little') for field in fields)
        return width, height
    if kind == b'VP8L':
        bits = struct.unpack('<I', data[21:25])[0]
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    width, height = struct.unpack('<HH', data[26:30])
    return width & 0x3FFF, height & 0x3FFF


def _tiff(data: bytes) -> Size:
    """Of its first picture: tags 256 and 257."""
    order = '<' if data.startswith(b'II') else '>'
    at = struct.unpack(f'{order}I', data[4:8])[0]
    count = struct.unpack(f'{order}H', data[at : at + 2])[0]
    found = {}
    for entry in range(at + 2, at + 2 + 12 * count, 12):
        tag, kind = struct.unpack(f'{order}HH', data[entry : entry + 4])
        value = data[entry + 8 : entry + 12]
        found[tag] = (
            struct.unpack(f'{order}H', value[:2])
            if kind == 3
            else (struct.unpack(f'{order}I', value))
        )
    return found[256][0], found[257][0]


KINDS: dict[str, tuple[bytes | tuple[bytes, ...], Callable[[bytes], Size]]] = {
    'PNG': (PNG, _png),
    'JPEG': (JPEG, _jpeg),
    'BMP': (b'BM', _bmp),
    'PPM': ((b'P2', b'P3', b'P5', b'P6'), _pnm),
    'TIFF': ((b'II*\0', b'MM\0*'), _tiff),
    'WebP': (b'RIFF', _webp),
}
CAMERAS = ('PNG', 'JPEG')  # what sensor_msgs/CompressedImage has
