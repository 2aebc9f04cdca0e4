"""A webcam, until it is stopped."""

from __future__ import annotations

import itertools
import time
from collections.abc import Generator
from fractions import Fraction

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.pictures.frames import RATE, webcam
from fastdepth_ros.predict.sources.source import Sample, Source


class WebcamSource(Source):
    """The camera's images as they come, with the times at which they came."""

    moving = True
    rate = Fraction(RATE)

    def __init__(self, index: int) -> None:
        self.label = f'/dev/video{index}'
        self.name = self.folder = f'video{index}'
        self._frames = webcam(index)
        self._first = next(self._frames)

    def samples(self, _: BadFrames) -> Generator[Sample, None, None]:
        """Without end."""
        start = time.monotonic_ns()
        for index, frame in enumerate(itertools.chain([self._first], self._frames)):
            seconds = Fraction(time.monotonic_ns() - start, 10**9)
            yield Sample(f'{index:06d}', seconds, frame.rgb)
