"""The process that fuzzes one parser: by coverage where atheris is installed, else blindly."""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import hashlib
import os
import random
import resource
import sys
import time
import warnings
from pathlib import Path

from fuzz.mutation import mutated
from fuzz.status import Status

try:
    import atheris
except ImportError:
    atheris = None

# The parsers themselves. To follow PyYAML, tarfile, zipfile, json and pickletools as well took up
# to four fifths of the time, and more inputs found more.
INSTRUMENTED = ['fastdepth_ros', 'rosbags']
ADDRESS_SPACE = 3 << 30  # bytes beyond what is mapped at the start: more is a MemoryError
SLOW = 5.0  # s of CPU time
MUCH = 700 << 10  # KiB above the start
CHECK_EVERY = 100  # inputs between two looks at the clock


def main() -> None:
    args = parse_arguments()
    quiet()
    instrumented = contextlib.nullcontext()
    if atheris is not None:
        instrumented = atheris.instrument_imports(include=INSTRUMENTED)
    with instrumented:
        from fuzz.target import Target

        target = Target.load(args.target)
    worker = Worker(target, args.out)
    stack = (args.out / f'{args.target}.stack').open('w')
    faulthandler.enable(stack, all_threads=False)
    limit = mapped() + ADDRESS_SPACE
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    corpus = keep_seeds(target.inputs(), args.out / 'corpus' / args.target)
    if atheris is None:
        blindly(worker, corpus, args)
    else:
        by_coverage(worker, corpus, args)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument('target')
    parser.add_argument('--out', type=Path, required=True)
    parser.add_argument('--runs', type=int, required=True)
    parser.add_argument('--seconds', type=int, required=True)
    parser.add_argument('--seed', type=int, default=1)
    return parser.parse_args()


def quiet() -> None:
    """What parsers and libraries print of a million damaged files is of no use to anybody."""
    warnings.simplefilter('ignore')
    sink = os.open(os.devnull, os.O_WRONLY)
    os.dup2(sink, 1)
    if 'FUZZ_LOUD' not in os.environ:
        os.dup2(sink, 2)
    import cv2

    cv2.setNumThreads(1)


def mapped() -> int:
    """Bytes of address space in use."""
    return int(Path('/proc/self/statm').read_text().split()[0]) * resource.getpagesize()


def keep_seeds(seeds: list[bytes], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for data in seeds:
        (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)
    return folder


def by_coverage(worker: Worker, corpus: Path, args: argparse.Namespace) -> None:
    longest = max((path.stat().st_size for path in corpus.iterdir()), default=0)
    options = {
        'runs': args.runs,
        'max_total_time': args.seconds,
        'seed': args.seed,
        'max_len': min(1 << 16, max(4096, 2 * longest)),
        'rss_limit_mb': 0,
        'timeout': 3600,  # the parent looks after that
        'len_control': 20,
        'verbosity': 0,
        **{f'handle_{name}': 0 for name in ('segv', 'bus', 'abrt', 'ill', 'fpe')},
    }
    words = [f'-{name}={value}' for name, value in options.items()]
    atheris.Setup([sys.argv[0], *words, str(corpus)], worker.run)
    atheris.Fuzz()


def blindly(worker: Worker, corpus: Path, args: argparse.Namespace) -> None:
    inputs = [path.read_bytes() for path in sorted(corpus.iterdir())]
    rng, end = random.Random(args.seed), time.monotonic() + args.seconds
    for number in range(args.runs):
        if number % CHECK_EVERY == 0 and time.monotonic() > end:
            return
        worker.run(inputs[number] if number < len(inputs) else mutated(inputs, rng))


class Worker:
    """Runs inputs, counts what they come to, and keeps each new finding once."""

    def __init__(self, target: object, out: Path) -> None:
        from fuzz.target import Target

        assert isinstance(target, Target)
        self._target = target
        self._status = Status(out / f'{target.name}.status')
        self._findings = out / 'findings' / target.name
        self._start = peak()

    def run(self, data: bytes) -> None:
        from fuzz.target import REFUSED, RIGHT, Finding, outcome

        status = self._status
        status.data, status['busy'] = data, 1
        before, start = peak(), time.process_time()
        result = outcome(self._target, data)
        spent, grown = time.process_time() - start, peak() - before
        status['busy'] = 0
        status['inputs'] += 1
        status['worst_us'] = max(status['worst_us'], round(1e6 * spent))
        if grown:
            status['worst_kb'] = max(status['worst_kb'], peak() - self._start)
        if isinstance(result, str):
            status['right' if result == RIGHT else REFUSED] += 1
        else:
            self._keep(result, data)
        if spent > SLOW:
            self._keep(Finding('slow', f'{spent:.1f} s of CPU time'), data)
        if grown and peak() - self._start > MUCH:
            self._keep(Finding('memory', f'{peak() - self._start} KiB above the start'), data)
            self._start = peak()

    def _keep(self, finding: object, data: bytes) -> None:
        from fuzz.target import Finding

        assert isinstance(finding, Finding)
        name = hashlib.sha1(finding.kind.encode()).hexdigest()[:10]
        path = self._findings / name
        if path.with_suffix('.txt').exists() and path.stat().st_size <= len(data):
            return
        self._findings.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            self._status['findings'] += 1
        path.write_bytes(data)
        path.with_suffix('.txt').write_text(f'{finding.kind}\n{finding.text}\n')


def peak() -> int:
    """KiB of memory at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == '__main__':
    main()
