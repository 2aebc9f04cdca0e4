"""The loop of `predict`: every picture of every source to depth, and to its writers."""

from __future__ import annotations

import itertools
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tqdm import tqdm

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.pictures.depth_picture import DepthPicture
from fastdepth_ros.predict.prediction import Predictor, need_intrinsics
from fastdepth_ros.predict.sources.source import Sample, Source
from fastdepth_ros.predict.summary import Summary
from fastdepth_ros.predict.writers import kinds_of, open_writer, target
from fastdepth_ros.predict.writers.writer import Writer


@dataclass(frozen=True)
class Wishes:
    """What is to be made of every source."""

    out: Path
    kinds: Sequence[str]  # empty: as the source suggests
    picture: DepthPicture
    skip_bad: bool = False
    every: int = 1  # every n-th picture
    max_frames: int | None = None  # of a source
    edge_threshold: float = 0.0  # of point clouds


class Session:
    """Works through sources; `summaries` say how far it came, whatever ended it."""

    def __init__(self, predictor: Predictor, wishes: Wishes, received: list[int]) -> None:
        """A signal noted in `received` ends the work after the picture at hand."""
        self._predict, self._wishes, self._received = predictor, wishes, received
        self.summaries: list[Summary] = []

    def run(self, sources: Sequence[Source]) -> None:
        """One after the other; UserError where one cannot be read or written."""
        for source in sources:
            if self._received:
                return
            self._work_through(source)

    def _work_through(self, source: Source) -> None:
        summary = Summary(source.label)
        self.summaries.append(summary)
        bad, start = BadFrames(self._wishes.skip_bad), time.monotonic()
        try:
            with (
                self._writers(source, summary) as writers,
                self._samples(source, bad) as samples,
            ):
                for sample in samples:
                    self._write(sample, writers, summary)
                    if source.moving:
                        summary.video_seconds = float(sample.time + 1 / source.rate)
        finally:
            summary.skipped, summary.seconds = len(bad.seen), time.monotonic() - start

    def _write(self, sample: Sample, writers: dict[str, Writer], summary: Summary) -> None:
        prediction = self._predict(sample)
        if 'ply' in writers:  # before anything of this picture is written
            need_intrinsics(prediction)
        for writer in writers.values():
            writer.write(prediction)
        summary.add(prediction.depth, prediction.intrinsics is not None)

    @contextmanager
    def _writers(self, source: Source, summary: Summary) -> Iterator[dict[str, Writer]]:
        """Closed in any case, so that what was written stays; each then says where that is."""
        wishes = self._wishes
        kinds = kinds_of(source, wishes.kinds)
        with ExitStack() as stack:
            writers = {}
            for kind in kinds:
                writer = open_writer(
                    kind, wishes.out, source, wishes.picture, wishes.edge_threshold
                )
                writers[kind] = stack.enter_context(closing(writer))
            try:
                yield writers
            finally:
                for kind, writer in writers.items():
                    if writer.written:
                        summary.written[kind] = str(target(wishes.out, kind, source))

    @contextmanager
    def _samples(self, source: Source, bad: BadFrames) -> Iterator[Iterator[Sample]]:
        """As many as are wished for, with a progress bar, until a signal comes."""
        every, most = self._wishes.every, self._wishes.max_frames
        total = source.count and -(-source.count // every)
        total = min(filter(None, (total, most)), default=None)
        with closing(source.samples(bad)) as all_samples:
            chosen = itertools.islice(all_samples, 0, most and (most - 1) * every + 1, every)
            wanted = itertools.takewhile(lambda _: not self._received, chosen)
            with tqdm(
                wanted, source.label, total, leave=False, unit='picture', disable=None
            ) as progress:
                yield iter(progress)
