"""A script: trains in forked children that are killed where the caller says, and resumed.

Arguments: ROOT, OUT, a JSON list of [place, number] (the child's number-th call of that place ends
it by SIGKILL), and options of train. Forks, so that torch is imported once.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

import torch

from fastdepth_ros.__main__ import main
from fastdepth_ros.offline.training import run
from fastdepth_ros.offline.training.trainer import Trainer

PLACES = {
    'step': (Trainer, 'step'),  # in the middle of an epoch
    'rename': (Path, 'replace'),  # a file is written whole, but has not its name yet
    'validate': (run, 'validate'),
    'log': (run, 'write_log'),  # best and last are written, log and state are not
}


def kill_at(place: str, number: int) -> None:
    owner, name = PLACES[place]
    real, calls = getattr(owner, name), []

    def counted(*args: Any, **named: Any) -> Any:
        calls.append(name)
        if len(calls) == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **named)

    setattr(owner, name, counted)


def child(arguments: list[str], kill: tuple[str, int] | None) -> int:
    """The number of the signal that ended it, or 0."""
    pid = os.fork()
    if pid == 0:
        torch.set_num_threads(1)
        if kill:
            kill_at(*kill)
        os._exit(main(arguments))
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0, status
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


if __name__ == '__main__':
    root, out, kills, *options = sys.argv[1:]
    command = ['train', '--data', root, *options]
    assert child([*command, '--out', f'{out}/whole'], None) == 0
    ends = [
        child([*command, '--out', f'{out}/killed', '--resume'], tuple(kill))
        for kill in json.loads(kills)
    ]
    assert child(['train', '--data', root, '--out', f'{out}/killed', '--resume'], None) == 0
    print(json.dumps(ends))
