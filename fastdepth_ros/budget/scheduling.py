"""Cores and priority of every thread of this process, those of the engines included."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable
from pathlib import Path

from fastdepth_ros.errors import UserError

# cores at the start: what '' goes back to
ALLOWED = frozenset(os.sched_getaffinity(0))


def parse_cores(text: str) -> frozenset[int]:
    """The cores of a list such as '2,3' or '0-1,3'; '' is all that the process may use."""
    cores: set[int] = set()
    for part in filter(None, text.replace(' ', '').split(',')):
        match = re.fullmatch(r'(\d{1,4})(?:-(\d{1,4}))?', part)
        if not match:
            raise UserError(f"cpu_affinity is '{text}': a list of cores such as 2,3 or 0-1 is due")
        cores.update(range(int(match[1]), int(match[2] or match[1]) + 1))
    wrong = sorted(cores - ALLOWED)
    if wrong or (text.strip() and not cores):
        raise UserError(
            f"cpu_affinity is '{text}': the cores that this process may use are "
            f'{", ".join(map(str, sorted(ALLOWED)))}'
        )
    return frozenset(cores) or ALLOWED


def set_affinity(cores: frozenset[int]) -> None:
    """Binds every thread to these cores; those made later inherit it."""
    _for_each_thread(lambda thread: os.sched_setaffinity(thread, cores))


def set_nice(value: int) -> None:
    """Sets the nice value of every thread; UserError where it may not be lowered again."""
    try:
        _for_each_thread(lambda thread: os.setpriority(os.PRIO_PROCESS, thread, value))
    except PermissionError as error:
        current = os.getpriority(os.PRIO_PROCESS, 0)
        raise UserError(
            f'nice is {value}: only root may go below the present {current}; start the node anew'
        ) from error


def _for_each_thread(change: Callable[[int], None]) -> None:
    for task in Path('/proc/self/task').iterdir():
        with contextlib.suppress(ProcessLookupError):  # it ended meanwhile
            change(int(task.name))
