"""A folder of frames as the training transform needs them: decoded once, smaller, uncompressed.

A file a frame, filled as frames are first read. It is named after the frame's key and what
shrank it, and starts with a CRC-32 of the rest: arrays in NumPy's format, one after another. One
that is damaged, or whose sources have changed since in size or time, is made anew.
"""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import sys
import tempfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from fastdepth_ros.arrays import read_array
from fastdepth_ros.errors import UserError
from fastdepth_ros.geometry.intrinsics import Intrinsics
from fastdepth_ros.offline.data.frames import Frame, FrameRef, read_frame

FORMAT = 1
CRC_BYTES = 4


class CacheError(UserError):
    """The cache cannot be written; nothing is wrong with the frames."""

    skippable = False


class FrameCache:
    """Frames through `shrink`, read from `folder` where they are there; for worker processes, too.

    `shrink` must be the same function of the frame each time, with a repr that says what it does.
    """

    def __init__(self, folder: Path, shrink: Callable[[Frame], Frame]) -> None:
        """Makes the folder; a CacheError if that cannot be."""
        self._folder, self._shrink = folder, shrink
        self._rebuilt = multiprocessing.Value('L', 0)  # shared with the workers
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise CacheError(f"cannot use the cache '{folder}': {error.strerror}") from error

    @property
    def rebuilt(self) -> int:
        """How many frames were stored but stale or damaged."""
        return self._rebuilt.value

    def file(self, ref: FrameRef) -> Path:
        """Where the frame is kept."""
        key = f'{FORMAT} {self._shrink!r} {ref.key}'
        return self._folder / f'{hashlib.sha1(key.encode()).hexdigest()}.frame'

    def read(self, ref: FrameRef) -> Frame:
        """The shrunk frame; a UserError if it is damaged, a CacheError if it cannot be stored."""
        stamp, file = _stamp(ref), self.file(ref)
        known = file.exists()  # before it is read: another process may store it meanwhile
        stored = _stored(file, stamp, ref)
        if stored is not None:
            return stored
        if known:
            self._tell_once(ref)
        frame = self._shrink(read_frame(ref))
        _store(file, _encode(stamp, frame))
        return frame

    def _tell_once(self, ref: FrameRef) -> None:
        with self._rebuilt.get_lock():
            self._rebuilt.value += 1
            first = self._rebuilt.value == 1
        if first:
            text = f"cache '{self._folder}': rebuilding what is stale or damaged, first '{ref}'"
            print(text, file=sys.stderr)


def _stamp(ref: FrameRef) -> np.ndarray:
    """(2 x files,) size in bytes and time of the last change in ns, of each file."""
    try:
        states = [file.stat() for file in ref.files]
    except OSError as error:
        raise UserError(f"cannot read '{error.filename}': {error.strerror}") from error
    return np.array([n for state in states for n in (state.st_size, state.st_mtime_ns)])


def _whole(file: Path) -> memoryview | None:
    """What a stored file holds after its CRC, or None where it is absent or damaged."""
    try:
        data = memoryview(file.read_bytes())
    except OSError:
        return None
    crc = int.from_bytes(data[:CRC_BYTES], 'little')
    whole = len(data) > CRC_BYTES and zlib.crc32(data[CRC_BYTES:]) == crc
    return data[CRC_BYTES:] if whole else None


def _stored(file: Path, stamp: np.ndarray, ref: FrameRef) -> Frame | None:
    """The frame in a file, or None where it is absent, damaged or of another stamp."""
    data = _whole(file)
    if data is None:
        return None
    try:
        kept, frame = _decode(data, ref)
    except ValueError:
        return None
    return frame if np.array_equal(kept, stamp) else None


def _encode(stamp: np.ndarray, frame: Frame) -> bytes:
    camera = frame.intrinsics
    numbers = [camera.fx, camera.fy, camera.cx, camera.cy] if camera else []
    buffer = io.BytesIO()
    for item in (stamp, np.array(numbers, np.float64), frame.scene, frame.rgb, frame.depth):
        np.save(buffer, np.asarray(item), allow_pickle=False)
    return zlib.crc32(buffer.getbuffer()).to_bytes(CRC_BYTES, 'little') + buffer.getvalue()


def _decode(data: memoryview, ref: FrameRef) -> tuple[np.ndarray, Frame]:
    buffer = io.BytesIO(data)
    stamp, numbers, scene, rgb, depth = (read_array(buffer, len(data)) for _ in range(5))
    height, width = depth.shape
    if scene.dtype.kind != 'U' or scene.shape:
        raise ValueError(f'its scene is {scene.dtype} {scene.shape}')
    camera = None
    if numbers.size:
        fx, fy, cx, cy = map(float, numbers.ravel())
        camera = Intrinsics(fx, fy, cx, cy, width, height)
    return stamp, Frame(rgb, depth, camera, str(scene), ref)


def _store(file: Path, data: bytes) -> None:
    """Atomic, but not forced to the disk as write_atomically does: the CRC tells a torn file."""
    try:
        with tempfile.NamedTemporaryFile(dir=file.parent, suffix='.part', delete=False) as part:
            try:
                part.write(data)
                part.flush()
                Path(part.name).replace(file)
            except BaseException:
                Path(part.name).unlink()
                raise
    except OSError as error:
        raise CacheError(
            f"cannot write the cache '{file.parent}': {error.strerror}: choose another --cache, "
            f'or none ({len(data) / 1e6:.1f} MB a frame)'
        ) from error
