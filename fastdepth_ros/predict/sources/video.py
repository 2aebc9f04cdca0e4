"""A video file, by PyAV: every frame with its time, turned upright."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.errors import UserError
from fastdepth_ros.pictures.frames import RATE
from fastdepth_ros.pictures.image_size import check_dimensions
from fastdepth_ros.predict.sources.source import TIME_BASE, Sample, Source

SHORT = 0.5  # s that may lack at the end before a file counts as cut off


class VideoSource(Source):
    """The first video stream of a file."""

    moving = True

    def __init__(self, path: Path) -> None:
        self._path, self.paths = path, (path,)
        self.label = str(path)
        self.name = self.folder = path.stem
        with self._open() as (container, stream):
            rate = stream.average_rate or stream.guessed_rate or Fraction(RATE)
            self.rate = Fraction(rate)
            self.time_base = stream.time_base or TIME_BASE
            self._frames = stream.frames
            self._duration = seconds_of(container, stream)
        self.count = self._frames or round(self._duration * self.rate) or None

    @contextmanager
    def _open(self) -> Iterator[tuple[InputContainer, VideoStream]]:
        try:
            container = av.open(str(self._path))
        except (av.error.FFmpegError, OSError) as error:
            reason = error.strerror or 'it is no video'
            raise UserError(f"'{self._path}' cannot be played: {reason}") from error
        with container:
            if not container.streams.video:
                raise UserError(f"'{self._path}' cannot be played: it has no video stream")
            stream = container.streams.video[0]
            try:
                check_dimensions(stream.width or 1, stream.height or 1)
            except UserError as error:
                raise UserError(f"'{self._path}' cannot be played: {error}") from error
            stream.thread_type = 'AUTO'
            yield container, stream

    def samples(self, bad: BadFrames) -> Generator[Sample, None, None]:
        """Every frame that can be decoded; a file that is cut off goes to `bad` at its end."""
        clock, index = Clock(self.rate), 0
        for index, frame in enumerate(self._decode(bad, clock), 1):
            yield Sample(f'{index - 1:06d}', clock.time_of(frame), upright(frame))
        if not index:
            raise UserError(f"'{self._path}' cannot be played: no frame of it can be decoded")
        self._check_end(index, float(clock.time), bad)

    def _check_end(self, count: int, last: float, bad: BadFrames) -> None:
        """Files say how long they are; a download that broke off is shorter."""
        lacks = self._duration - last - 1 / float(self.rate)
        if lacks > SHORT and (not self._frames or count < self._frames):
            bad.handle(
                UserError(
                    f"video '{self._path}' is cut off: it ends after {last:.1f} of "
                    f'{self._duration:.1f} s; what came before is written'
                )
            )

    def _decode(self, bad: BadFrames, clock: Clock) -> Iterator[VideoFrame]:
        with self._open() as (container, stream):
            packets = container.demux(stream)
            while True:
                try:
                    packet = next(packets, None)
                    frames = packet.decode() if packet else stream.codec_context.decode(None)
                except av.error.EOFError:
                    return
                except av.error.FFmpegError as error:
                    bad.handle(self._damaged(clock, error.strerror or str(error)))
                    continue
                for frame in frames:
                    if frame.is_corrupt:  # made up from its neighbours
                        bad.handle(self._damaged(clock, 'a picture cannot be decoded'))
                    elif isinstance(frame, VideoFrame):
                        yield frame
                if packet is None:
                    return

    def _damaged(self, clock: Clock, reason: str) -> UserError:
        return UserError(
            f"video '{self._path}' is damaged after {float(clock.time):.1f} s: {reason}"
        )


def seconds_of(container: InputContainer, stream: VideoStream) -> float:
    """How long the video says that it is; 0 where it does not say."""
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    alone = len(container.streams) == 1  # else it may be the sound that is so long
    return (container.duration or 0) / av.time_base if alone else 0.0


class Clock:
    """Seconds since the first frame, by the file's time stamps; steady where it has none."""

    def __init__(self, rate: Fraction) -> None:
        self._rate = rate
        self._start: Fraction | None = None
        self.time = Fraction(0)  # of the last frame

    def time_of(self, frame: VideoFrame) -> Fraction:
        """Of the next frame."""
        if frame.pts is None or not frame.time_base:
            self.time += 0 if self._start is None else 1 / self._rate
            self._start = self._start or Fraction(0)
        else:
            stamp = frame.pts * frame.time_base
            self._start = stamp if self._start is None else self._start
            self.time = stamp - self._start
        return self.time


def upright(frame: VideoFrame) -> np.ndarray:
    """(H, W, 3) uint8 RGB, turned as the file says (a telephone held upright)."""
    rgb = frame.to_ndarray(format='rgb24')
    turns = round(frame.rotation / 90) % 4  # counterclockwise
    return np.ascontiguousarray(np.rot90(rgb, turns)) if turns else rgb
