"""What holds training up, the network or the loading of its frames, with and without a cache.

`network` steps on one batch that is kept in memory, `loader` makes batches that nobody learns
from, `training` does both as `train` does. They run in turns, each from a start of its own, so
that nothing loads while the network is timed alone. The cache is filled before, in a temporary
folder, as a first epoch fills it.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice, repeat
from pathlib import Path
from statistics import median
from typing import Any

import torch
from tqdm import tqdm

from fastdepth_ros.bad_frames import BadFrames
from fastdepth_ros.engines.cpu import available_cores
from fastdepth_ros.errors import UserError
from fastdepth_ros.offline.data.frames import list_frames
from fastdepth_ros.offline.training.loading import Batch, loader_workers, training_batches
from fastdepth_ros.offline.training.run_config import RunConfig
from fastdepth_ros.offline.training.train import start
from fastdepth_ros.offline.training.trainer import Trainer, choose_device

MADE_AHEAD = 2  # batches a worker, as torch's loader has it


@dataclass(frozen=True)
class Way:
    """What runs: batches are loaded, the network steps, or both; with or without the cache."""

    name: str
    loads: bool
    learns: bool
    cached: bool = False


NETWORK = Way('network', loads=False, learns=True)
WAYS = (
    NETWORK,
    Way('loader', loads=True, learns=False),
    Way('training', loads=True, learns=True),
    Way('loader', loads=True, learns=False, cached=True),
    Way('training', loads=True, learns=True, cached=True),
)


@dataclass(frozen=True)
class Burst:
    """Some steps: images, seconds, and seconds of those spent waiting for a batch."""

    images: int
    seconds: float
    waited: float


class TrainingBench:
    """A configuration's network and frames, and bursts of steps on them."""

    def __init__(self, data: Path, config: RunConfig, steps: int, cache: Path) -> None:
        """For bursts of `steps` steps. UserError where the data or the config are no good."""
        torch.manual_seed(config.seed)
        torch.set_num_threads(config.threads or available_cores())
        self.device = choose_device(config.device)
        self.workers = loader_workers(config.workers, self.device)
        # Steps that are not timed: the workers' start, and using up what they have made since.
        self._steps, self._warm_up = steps, 1 + MADE_AHEAD * self.workers
        self._config, self._cache, self._bad = config, cache, BadFrames(config.skip_bad)
        paths = list_frames(data, 'train')
        frames = (steps + self._warm_up) * config.batch_size
        self.paths = paths[:: max(1, len(paths) // frames)][:frames]  # of all scenes
        network, self.metadata = start(config)
        batches = training_batches(config, self.metadata, self.paths, self.device)
        self._trainer = Trainer(config, network, self.metadata, batches, self._bad)
        with closing(self._loaded(cached=False)) as loaded:
            self._kept = next(loaded)

    def fill_cache(self) -> float:
        """Seconds that one pass over the frames takes the loader while it fills the cache."""
        begin = time.perf_counter()
        with closing(self._loaded(cached=True)) as batches:
            for _ in islice(batches, max(1, len(self.paths) // self._config.batch_size)):
                pass
        return time.perf_counter() - begin

    def burst(self, way: Way) -> Burst:
        """Steps that are not timed, then those that are."""
        if not way.loads:
            return self._timed(repeat(self._kept), way.learns)
        with closing(self._loaded(way.cached)) as batches:
            return self._timed(batches, way.learns)

    def _timed(self, batches: Iterator[Batch], learns: bool) -> Burst:
        self._run(batches, learns, self._warm_up)
        return self._run(batches, learns, self._steps)

    def _run(self, batches: Iterator[Batch], learns: bool, steps: int) -> Burst:
        images, waited, begin = 0, 0.0, time.perf_counter()
        for _ in range(steps):
            asked = time.perf_counter()
            batch = next(batches)
            waited += time.perf_counter() - asked
            images += len(batch.images)
            if learns:
                self._trainer.step(batch)
        if self.device.type == 'cuda':
            torch.cuda.synchronize()
        return Burst(images, time.perf_counter() - begin, waited)

    def _loaded(self, cached: bool) -> Generator[Batch, None, None]:
        """Epochs without end; the loader's processes end with the iterator."""
        cache = self._cache if cached else None
        loader = training_batches(self._config, self.metadata, self.paths, self.device, cache)
        while True:
            images = 0
            for batch in loader:
                for error in batch.bad:
                    self._bad.handle(error)
                images += len(batch.images)
                if len(batch.images):
                    yield batch
            if not images:
                raise UserError('no training frame could be read: there is nothing to time')


def measure_training(
    data: Path, config: RunConfig, steps: int = 10, rounds: int = 3
) -> dict[str, Any]:
    """JSON-ready figures: medians over `rounds` turns of `steps` steps of each way.

    `rows` has for each way `what`, `cache`, `images_per_s`, `step_s`, `loader_share` (of the time:
    waiting for a batch) and `ratio_to_network` (its time a step over that of the network alone,
    in the same turn). UserError where the data or the configuration are no good.
    """
    if steps < 1 or rounds < 1:
        raise UserError(f'{steps} steps in {rounds} rounds: at least 1 of each is needed')
    with tempfile.TemporaryDirectory(prefix='fastdepth_cache_') as folder:
        bench = TrainingBench(data, config, steps, Path(folder))
        filling = bench.fill_cache()
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
        turns = [
            {way: bench.burst(way) for way in WAYS}
            for _ in tqdm(range(rounds), desc='timing', unit='round', leave=False)
        ]
    return {
        'network': config.network,
        'input': [bench.metadata.input_width, bench.metadata.input_height],
        'transform': config.transform,
        'precision': config.precision,
        'batch_size': config.batch_size,
        'device': bench.device.type,
        'threads': torch.get_num_threads(),
        'workers': bench.workers,
        'frames': len(bench.paths),
        'steps': steps,
        'rounds': rounds,
        'cache': {'seconds_to_fill': filling, 'bytes_a_frame': size / len(bench.paths)},
        'rows': [_row(way, turns, steps) for way in WAYS],
    }


def _row(way: Way, turns: Sequence[dict[Way, Burst]], steps: int) -> dict[str, Any]:
    bursts = [turn[way] for turn in turns]
    return {
        'what': way.name,
        'cache': way.cached,
        'images_per_s': median(b.images / b.seconds for b in bursts),
        'step_s': median(b.seconds / steps for b in bursts),
        'loader_share': median(b.waited / b.seconds for b in bursts),
        'ratio_to_network': median(t[way].seconds / t[NETWORK].seconds for t in turns),
    }


def training_table(result: dict[str, Any]) -> str:
    """The figures as lines of text."""
    width, height = result['input']
    lines = [
        f'{result["network"]} {width} x {height}, batch {result["batch_size"]}, '
        f'{result["precision"]}, {result["transform"]} transform; {result["device"]}, '
        f'{result["threads"]} threads, {result["workers"]} loading; {result["frames"]} frames',
        f'{"":16} {"images/s":>9} {"s/step":>8} {"waiting":>8} {"/ network":>10}',
    ]
    for row in result['rows']:
        name = row['what'] + (', cache' if row['cache'] else '')
        lines.append(
            f'{name:16} {row["images_per_s"]:9.1f} {row["step_s"]:8.3f} '
            f'{row["loader_share"]:8.1%} {row["ratio_to_network"]:10.2f}'
        )
    cache = result['cache']
    lines.append(
        f'cache: filled in {cache["seconds_to_fill"]:.1f} s, '
        f'{cache["bytes_a_frame"] / 1e3:.0f} kB a frame'
    )
    return '\n'.join(lines)
