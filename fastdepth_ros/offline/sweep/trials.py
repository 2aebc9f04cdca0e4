"""Runs trials as processes of their own, some at a time, each on its device."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tqdm import tqdm

from fastdepth_ros.engines.cpu import available_cores
from fastdepth_ros.files import remove_unfinished, write_atomically
from fastdepth_ros.offline.sweep.plan import Trial
from fastdepth_ros.offline.training.folder_lock import in_use

LOG = 'train.log'
PATIENCE = 60.0  # s that a trial has to keep its state when the sweep is ended
POLL = 0.2  # s


@dataclass
class Running:
    """A trial's process, the slot of the device that it has, and where its output goes."""

    trial: Trial
    slot: int
    process: subprocess.Popen[bytes]
    log: TextIO


def run_trials(trials: list[Trial], out: Path, jobs: int, frames: Sequence[str]) -> dict[str, str]:
    """Trains each into out/NAME, `jobs` at a time; {name: reason} of those that failed.

    `frames`: the options of train that say what it learns from.
    """
    waiting, failed = list(trials), dict[str, str]()
    running: list[Running] = []
    gpus = gpu_names()
    with tqdm(total=len(trials), unit='trial', desc='sweep') as bar:
        try:
            while waiting or running:
                while waiting and len(running) < jobs:
                    slot = min(set(range(jobs)) - {item.slot for item in running})
                    running.append(start(waiting.pop(0), out, slot, jobs, gpus, frames))
                for item in [r for r in running if r.process.poll() is not None]:
                    running.remove(item)
                    item.log.close()
                    if item.process.returncode != 0:
                        failed[item.trial.name] = reason(out / item.trial.name / LOG, item)
                        tqdm.write(f'{item.trial.name}: {failed[item.trial.name]}', sys.stderr)
                    bar.update()
                time.sleep(POLL)
        finally:
            end(running)
    return failed


def wait_for_orphans(folders: list[Path]) -> None:
    """Trials of a sweep that was killed train on; returns when they are over."""
    for folder in folders:
        if in_use(folder):
            text = 'still trained by a process of an earlier sweep: waiting for it'
            print(f"'{folder}': {text}", file=sys.stderr)
        while in_use(folder):
            time.sleep(POLL)


def start(
    trial: Trial, out: Path, slot: int, jobs: int, gpus: list[str], frames: Sequence[str]
) -> Running:
    """`train --resume` in a session of its own: a Ctrl-C is the sweep's, which ends its trials."""
    folder = out / trial.name
    config = folder / 'trial.yaml'
    remove_unfinished(folder, config.name)
    write_atomically(config, trial.config.to_yaml().encode())
    command = [sys.executable, '-m', 'fastdepth_ros', 'train', '--resume']
    command += ['--config', str(config), '--out', str(folder), *frames]
    if not trial.config.threads:
        command += ['--threads', str(max(1, available_cores() // jobs))]
    environment = dict(os.environ)
    if gpus:
        environment['CUDA_VISIBLE_DEVICES'] = gpus[slot % len(gpus)]
    log = (folder / LOG).open('a')
    process = subprocess.Popen(
        command, stdout=log, stderr=log, env=environment, start_new_session=True
    )
    return Running(trial, slot, process, log)


def gpu_names() -> list[str]:
    """What CUDA_VISIBLE_DEVICES may be set to, one a GPU that this process may use."""
    import torch

    count = torch.cuda.device_count()
    allowed = [name for name in os.environ.get('CUDA_VISIBLE_DEVICES', '').split(',') if name]
    return allowed[:count] if allowed else [str(number) for number in range(count)]


def reason(log: Path, item: Running) -> str:
    """One line: what the trial said last, or the signal that ended it."""
    if item.process.returncode < 0:
        name = signal.Signals(-item.process.returncode).name
        return f'ended by {name}: the same command goes on with it'
    lines = [line for line in log.read_text(errors='replace').splitlines() if line.strip()]
    return lines[-1].removeprefix('error: ') if lines else f'see {log}'


def end(running: list[Running]) -> None:
    """SIGTERM, upon which a run keeps its state, and SIGKILL for those that take too long."""
    for item in running:
        item.process.terminate()
    for item in running:
        try:
            item.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            item.process.kill()
            item.process.wait()
        item.log.close()
