"""A script: ends training runs in every way, resumes them, and compares with undisturbed ones.

    make survive KILLS=200 SEED=1

Every run has faults (faults.py) until it is over: kills, a full disk, damaged states; with 0 or 1
workers, in one process, or in two that train together, of which one is met. In the end each file
must be that of the undisturbed run to the bit. Prints a table; exit code 1, and what was wrong, if
one is not. Forks, so that torch is imported once.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import socket
import sys
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import torch
from support import write_frame

from fastdepth_ros.network.config import NAMED_CONFIGS

# Small, so that states are; known before train reads what networks there are.
NAMED_CONFIGS['tiny'] = replace(
    NAMED_CONFIGS['fastdepth_log'], encoder_widths=(8,) * 14, decoder_widths=(8,) * 5
)

from faults import CLOCK, DAMAGES, FULL, KINDS, MOST, Fault, has_damaged_state, newest_state  # noqa: E402

from fastdepth_ros.__main__ import main as package  # noqa: E402
from fastdepth_ros.offline.training import processes, train  # noqa: E402, F401

FRAMES = 8  # to train on: four steps an epoch, or two of two processes
OPTIONS = '--network tiny --input-width 32 --input-height 32 --batch-size 2 --epochs 3'
OPTIONS += ' --optimizer adamw --ema 0.9 --transform full --lr 0.003 --loss silog=1,l1=0.1'
OPTIONS += ' --schedule cosine --threads 1 --device cpu --checkpoint-steps 1 --resume'
PATIENCE = 30  # s that one of two processes waits for the other
LIMIT = 120  # s that an attempt may take, on a busy machine too
DAMAGED = 0.3  # share of attempts that find their newer state damaged
RANKS = ('RANK', 'WORLD_SIZE', 'LOCAL_RANK', 'LOCAL_WORLD_SIZE')


@dataclass(frozen=True)
class End:
    """How one process ended: its exit code, negative for a signal, and its stderr."""

    code: int
    told: str

    @property
    def errors(self) -> list[str]:
        """The lines that tell of one."""
        return [line for line in self.told.splitlines() if line.startswith(('error:', 'Traceb'))]

    def met(self, fault: Fault | None) -> bool:
        """Whether the fault is what ended it, as it must."""
        if fault is None or self.code != fault.end:
            return False
        return fault.kind != FULL or self.is_one_error('error: cannot write ')

    def is_one_error(self, start: str) -> bool:
        """Whether it told one error, which begins like this."""
        return len(self.errors) == 1 and self.errors[0].startswith(start)


def attempt(
    command: list[str], logs: Path, world: int, victim: int, fault: Fault | None
) -> list[End]:
    """Trains in `world` processes, of which the `victim` meets the fault."""
    with socket.socket() as free:
        free.bind(('127.0.0.1', 0))
        address = {'MASTER_ADDR': '127.0.0.1', 'MASTER_PORT': str(free.getsockname()[1])}
    pids = []
    for rank in range(world):
        numbers = {name: str(value) for name, value in zip(RANKS, (rank, world) * 2, strict=True)}
        environment = {**address, **numbers} if world > 1 else {}
        own = fault if rank == victim else None
        pids.append(fork(command, environment, logs / f'stderr{rank}', own))
    if fault and fault.kind == CLOCK:
        time.sleep(fault.number / 1000)
        os.kill(pids[victim], signal.SIGKILL)
    codes = [wait(pid) for pid in pids]
    return [End(code, (logs / f'stderr{rank}').read_text()) for rank, code in enumerate(codes)]


def fork(command: list[str], environment: dict[str, str], log: Path, fault: Fault | None) -> int:
    """The id of a new process that runs the command."""
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        os.dup2(descriptor, 1)
        os.dup2(descriptor, 2)
        os.environ.update(environment)
        processes.PATIENCE = timedelta(seconds=PATIENCE)
        if fault:
            fault.arm()
        code = package(command)
    finally:
        if sys.exc_info()[0]:
            traceback.print_exc()
        sys.setprofile(None)
        os._exit(code)


def wait(pid: int) -> int:
    """Its exit code, negative for a signal; SIGALRM's for one that has not ended in time."""
    end = time.monotonic() + LIMIT
    while time.monotonic() < end:
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            return os.waitstatus_to_exitcode(status)
        time.sleep(0.005)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return -signal.SIGALRM


class Survival:
    """Runs and their faults; `wrong` has what did not go as it must."""

    def __init__(self, root: Path, seed: int) -> None:
        self._root, self._random = root, random.Random(seed)
        self.armed: Counter[str] = Counter()
        self.met: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.attempts = self.runs = 0
        for i in range(FRAMES):
            write_frame(root / f'data/train/room{i % 2}/0001{i}.h5', i)
        write_frame(root / 'data/val/official/00000.h5')

    def survive(self, faults: int, world: int) -> None:
        """Runs until so many faults were met; each is compared with the undisturbed one."""
        if not faults:
            return
        whole, folder = self._root / f'whole{world}', self._root / f'run{world}'
        goal = self.met.total() + faults
        self._attempt(whole, world)
        while self.met.total() < goal and not self.wrong:
            shutil.rmtree(folder, ignore_errors=True)
            for _ in range(self._random.randint(3, 9)):
                if not (folder / 'result.json').exists():
                    damage = self._damage(folder)
                    self._attempt(folder, world, self._next_fault(world), damage)
            self._attempt(folder, world, None, self._damage(folder))
            self.runs += 1
            self.wrong += differences(folder, whole)

    def _next_fault(self, world: int) -> Fault:
        """Each kind in turn."""
        kind = KINDS[sum(self.armed[kind] for kind in KINDS) % len(KINDS)]
        self.armed[kind] += 1
        most = self._random.randint(
            1, max(1, MOST[kind] // world)
        )  # early ones are met more often
        return Fault(kind, self._random.randint(1, most))

    def _damage(self, folder: Path) -> str:
        """How the newer of two states was damaged, '' if it was not."""
        newest = newest_state(folder)
        if not newest or self._random.random() > DAMAGED:
            return ''
        how, data = self._random.choice(list(DAMAGES)), newest.read_bytes()
        newest.write_bytes(DAMAGES[how](data, self._random.randrange(len(data))))
        self.armed[how] += 1
        return how

    def _attempt(
        self, folder: Path, world: int, fault: Fault | None = None, damage: str = ''
    ) -> None:
        victim = self._random.randrange(world)
        began = any(folder.glob('state/?.safetensors'))
        damaged = has_damaged_state(folder)  # now, or before an attempt that did not come to it
        command = ['train', '--data', f'{self._root}/data', '--out', str(folder)]
        # What a run began with is in its files.
        workers = self._random.randint(0, 1) if began else 0
        command += [*OPTIONS.split(), '--workers', str(workers)]
        ends = attempt(command, self._root, world, victim, fault)
        self.attempts += 1
        print(f'{self.attempts}: {fault or "none"}: {[end.code for end in ends]}', file=sys.stderr)
        met = ends[victim].met(fault)
        self.met[fault.kind if fault else ''] += met
        lost = [met and end.code == 2 and end.is_one_error('error: process ') for end in ends]
        for rank, end in enumerate(ends):
            if not (rank == victim and met) and not lost[rank] and (end.code or end.errors):
                self.wrong.append(f'{fault}, process {rank}: exit code {end.code}\n{end.told}')
        self._judge_start(ends[0].told, began, damaged)
        self.met[damage] += bool(damage) and 'resuming ' in ends[0].told

    def _judge_start(self, told: str, began: bool, damaged: bool) -> None:
        """It went on where it was, from the other state where the newer one was damaged."""
        fell_back = ' is damaged (' in told and 'going on from the other one' in told
        if fell_back != damaged and 'resuming ' in told:
            self.wrong.append(f'state damaged: {damaged}, but told:\n{told}')
        if began and 'no state in' in told:
            self.wrong.append(f'began anew:\n{told}')


def differences(folder: Path, whole: Path) -> list[str]:
    """Files that are not those of the undisturbed run, to the bit."""
    found = {path.name: path for path in folder.rglob('*')}
    expected = {path.name: path for path in whole.rglob('*')}
    wrong = [f'{name} is there in one run only' for name in sorted(found.keys() ^ expected.keys())]
    for name in sorted(found.keys() & expected.keys()):
        if name != 'config.yaml' and found[name].read_bytes() != expected[name].read_bytes():
            wrong.append(f'{name} is another than that of the undisturbed run')
    return wrong


def table(survival: Survival) -> str:
    """How often each fault came, and met a process that was still at work."""
    lines = [f'{kind:<18}{survival.armed[kind]:>8}{survival.met[kind]:>6}'
             for kind in (*KINDS, *DAMAGES)]  # fmt: skip
    return '\n'.join([f'{"fault":<18}{"armed":>8}{"met":>6}', *lines])


def main() -> int:
    """Everything, in a temporary folder."""
    parser = argparse.ArgumentParser(description=(__doc__ or '').splitlines()[0])
    parser.add_argument('--kills', type=int, default=200, help='faults in one process')
    parser.add_argument('--rank-kills', type=int, default=40, help='faults in one of two')
    parser.add_argument('--seed', type=int, default=1, help='of every random choice')
    args = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as root:
        survival = Survival(Path(root), args.seed)
        survival.survive(args.kills, 1)
        survival.survive(args.rank_kills, 2)
    print(table(survival))
    for text in survival.wrong:
        print(f'WRONG: {text}')
    told = 'wrong' if survival.wrong else 'every file that of the undisturbed run to the bit'
    print(f'{survival.runs} runs in {survival.attempts} attempts, {survival.met.total()} faults '
          f'met: {told}')  # fmt: skip
    return int(bool(survival.wrong))


if __name__ == '__main__':
    sys.exit(main())
