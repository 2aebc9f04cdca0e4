"""Fuzz the parsers of foreign bytes, each in a child process: make fuzz RUNS=1000000.

Every input is either right or one clear error; a traceback, a crash, a hang or much memory is a
finding. Findings are kept under OUT/findings/PARSER with what happened.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from fuzz.status import Status
from fuzz.target import NAMES, Target

NATIVE_SHARE = 10  # of parsers in C a tenth of the inputs
MOST_DEATHS = 20  # of one parser's workers
HANG = 20.0  # s of CPU time on one input
POLL = 0.5  # s


@dataclass
class Row:
    """What came of one parser."""

    parser: str
    inputs: int
    right: int
    refused: int
    findings: int  # different ones, deaths of the process among them
    deaths: int
    worst_mb: float  # of memory above the start
    worst_ms: float  # of CPU time
    seconds: float


def main() -> int:
    args = parse_arguments()
    args.out.mkdir(parents=True, exist_ok=True)
    if importlib.util.find_spec('atheris') is None:
        print('atheris is not installed: inputs are made blindly', file=sys.stderr)
    rows = []
    for name in args.targets or NAMES:
        print(f'fuzzing {name} ...', file=sys.stderr)
        rows.append(fuzz(name, args))
        (args.out / 'result.json').write_text(json.dumps([asdict(row) for row in rows], indent=2))
    print(json.dumps([asdict(row) for row in rows]) if args.json else table(rows))
    for path in sorted((args.out / 'findings').rglob('*.txt')):
        print(f'finding: {path.with_suffix("")}: {path.read_text().splitlines()[0]}')
    return 1 if any(row.findings for row in rows) else 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog='fuzz', description=__doc__)
    parser.add_argument('targets', nargs='*', metavar='PARSER', help=f'of {", ".join(NAMES)}')
    parser.add_argument('--runs', type=int, default=1_000_000, help='inputs for each parser')
    parser.add_argument('--seconds', type=int, default=600, help='at most, for each parser')
    parser.add_argument('--seed', type=int, default=1)
    parser.add_argument('--out', type=Path, default=Path('build/fuzz'))
    parser.add_argument('--json', action='store_true', help='JSON on stdout, not the table')
    args = parser.parse_args()
    if unknown := set(args.targets) - set(NAMES):
        parser.error(f'unknown {", ".join(sorted(unknown))}: choose of {", ".join(NAMES)}')
    return args


def fuzz(name: str, args: argparse.Namespace) -> Row:
    """Workers one after another, until the inputs or the time are used up."""
    (args.out / f'{name}.status').unlink(missing_ok=True)
    shutil.rmtree(args.out / 'findings' / name, ignore_errors=True)
    status, deaths = Status(args.out / f'{name}.status'), 0
    runs = args.runs // (NATIVE_SHARE if Target.load(name).native else 1)
    start = time.monotonic()
    while deaths < MOST_DEATHS:
        left = runs - status['inputs'], round(args.seconds - (time.monotonic() - start))
        if min(left) <= 0:
            break
        ended = work(name, args, *left, args.seed + deaths, status)
        if not ended:
            break
        deaths += 1
        stack = (args.out / f'{name}.stack').read_text()
        keep_death(args.out / 'findings' / name, f'{ended}\n{stack}', status)
    return Row(
        name,
        *(status[key] for key in ('inputs', 'right', 'refused', 'findings')),
        deaths,
        round(status['worst_kb'] / 1024, 1),
        round(status['worst_us'] / 1000, 1),
        round(time.monotonic() - start, 1),
    )


def work(
    name: str, args: argparse.Namespace, runs: int, seconds: int, seed: int, status: Status
) -> str:
    """One worker; why it ended, '' if as it should."""
    values = {'out': args.out, 'runs': runs, 'seconds': seconds, 'seed': seed}
    options = [f'--{option}={value}' for option, value in values.items()]
    process = subprocess.Popen([sys.executable, '-m', 'fuzz.worker', name, *options])
    watch = Watch(process.pid)
    while process.poll() is None:
        time.sleep(POLL)
        if watch.hangs(status):
            process.kill()
            process.wait()
            return f'hang: {HANG:.0f} s of CPU time'
    if process.returncode < 0:
        return f'death by {signal.Signals(-process.returncode).name}'
    return f'exit code {process.returncode}' if process.returncode and status['busy'] else ''


class Watch:
    """Tells when a process has spent too much on one input."""

    def __init__(self, pid: int) -> None:
        self._path, self._at, self._since = Path(f'/proc/{pid}/stat'), -1, 0.0

    def hangs(self, status: Status) -> bool:
        try:
            words = self._path.read_text().rpartition(')')[2].split()
        except OSError:
            return False
        spent = (int(words[11]) + int(words[12])) / os.sysconf('SC_CLK_TCK')
        if status['inputs'] != self._at or not status['busy']:
            self._at, self._since = status['inputs'], spent
        return spent - self._since > HANG


def keep_death(folder: Path, reason: str, status: Status) -> None:
    """The input that ended the worker."""
    folder.mkdir(parents=True, exist_ok=True)
    data = status.data
    path = folder / f'death-{hashlib.sha1(data).hexdigest()[:10]}'
    path.write_bytes(data)
    path.with_suffix('.txt').write_text(f'{reason}\n')
    status['inputs'] += 1
    status['findings'] += 1
    status['busy'] = 0


def table(rows: list[Row]) -> str:
    """Aligned columns."""
    lines = [[field.name for field in fields(Row)]]
    lines += [[str(value) for value in asdict(row).values()] for row in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return '\n'.join(
        '  '.join(
            word.ljust(width) if i == 0 else word.rjust(width)
            for i, (word, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in lines
    )


if __name__ == '__main__':
    sys.exit(main())
