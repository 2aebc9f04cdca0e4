"""Ending a command by SIGINT (Ctrl-C), SIGTERM or SIGHUP (the terminal was closed)."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def note_signals(numbers: Iterable[int] = ENDING) -> list[int]:
    """From now on these signals are noted in the list that is returned, and do nothing else.

    So that a loop ends where it can end, rather than anywhere with a traceback, and a second
    Ctrl-C does not interrupt the ending.
    """
    received: list[int] = []
    for number in numbers:
        signal.signal(number, lambda number, _: received.append(number))
    return received


@contextmanager
def noted_signals(numbers: Iterable[int] = ENDING) -> Iterator[list[int]]:
    """note_signals for a while; only Python's main thread can, in others nothing is noted."""
    if threading.current_thread() is not threading.main_thread():
        yield []
        return
    before = {number: signal.getsignal(number) for number in numbers}
    try:
        yield note_signals(before)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def ignore_signals(numbers: Iterable[int] = ENDING) -> None:
    """From now on these signals do nothing: for the time in which everything is being ended."""
    for number in numbers:
        signal.signal(number, signal.SIG_IGN)


def exit_on_signals(received: list[int]) -> None:
    """From now on the first of these signals, or one already noted, ends with exit code 0.

    For long work of our own, with nothing to be left behind; not for ROS's callbacks.
    """

    def leave(*_: object) -> None:
        ignore_signals()
        sys.exit(0)

    for number in ENDING:
        signal.signal(number, leave)
    if received:
        leave()
