"""The engine called as often as the camera sends, in a process without ROS."""

from __future__ import annotations

import multiprocessing as mp
import signal
import time
from dataclasses import dataclass
from multiprocessing.connection import Connection

import numpy as np

from fastdepth_ros.benchmark.node_setup import Setup
from fastdepth_ros.benchmark.workload import Step, random_image
from fastdepth_ros.engines.estimator import DepthEstimator
from fastdepth_ros.errors import UserError

# the network alone, on an input that is ready; and from a camera's image to metres
ENGINE, BARE = 'engine', 'bare'
IMAGES = 8  # in turns, as a camera's are: no image is in the cache from the last time
LOOK = 0.1  # s between two looks at whether to stop
WARM_UP = 1.0  # s


@dataclass(frozen=True)
class Paced:
    """What came of it."""

    frames: int
    cpu: float  # s of all threads
    said: dict[str, object]  # engine, precision and threads, as they run


def run_paced(kind: str, setup: Setup, seconds: float, received: list[int]) -> Paced:
    """In a process of its own; UserError where the model does not run.

    A signal that is noted in `received` ends it with a KeyboardInterrupt.
    """
    context = mp.get_context('spawn')
    connection, other = context.Pipe()
    process = context.Process(target=_serve, args=(kind, setup, seconds, other), daemon=True)
    process.start()
    other.close()
    try:
        while not connection.poll(LOOK):
            if received:
                raise KeyboardInterrupt
        answer = connection.recv()
    except EOFError:
        raise UserError(f"the process of '{kind}' has ended") from None
    finally:
        process.terminate()
        process.join()
    if isinstance(answer, str):
        raise UserError(answer)
    return answer


def _serve(kind: str, setup: Setup, seconds: float, connection: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's
    try:
        estimator = DepthEstimator(setup.model, num_threads=setup.threads)
    except UserError as error:
        connection.send(str(error))
        return
    engine = estimator.engine
    said = {'engine': engine.name, 'precision': engine.precision, 'threads': engine.num_threads}
    step = _step(kind, setup, estimator)
    _repeat(step, setup.rate, WARM_UP)
    used = time.process_time()
    frames = _repeat(step, setup.rate, seconds)
    connection.send(Paced(frames, time.process_time() - used, said))


def _step(kind: str, setup: Setup, estimator: DepthEstimator) -> Step:
    if kind == ENGINE:
        ready = random_image(*estimator.input_size)
        return lambda: estimator.engine.infer(ready)
    shape = (IMAGES, setup.size[1], setup.size[0], 3)
    images = np.random.default_rng(0).integers(0, 256, shape, np.uint8)
    turn = iter(range(10**9))
    return lambda: estimator.estimate(images[next(turn) % IMAGES])


def _repeat(step: Step, rate: float, seconds: float) -> int:
    """Calls `step` that often for that long; the number of calls."""
    begin = due = time.perf_counter()
    frames = 0
    end = begin + seconds - 0.5 / rate  # sums of 1 / rate may fall a little short
    while due < end:
        time.sleep(max(0.0, due - time.perf_counter()))
        step()
        frames += 1
        due = max(due + 1 / rate, time.perf_counter() - 1 / rate)  # nothing is caught up on
    return frames
