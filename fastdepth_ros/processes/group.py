"""Processes of which none may end before it is told to."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from fastdepth_ros.errors import UserError
from fastdepth_ros.processes.child import ChildProcess


class ProcessEndedError(UserError):
    """One of them has; the line says which, how, and what it said last."""


class ProcessGroup:
    """Those that run at the moment."""

    def __init__(self) -> None:
        self._children: list[ChildProcess] = []

    @contextlib.contextmanager
    def running(self, child: ChildProcess) -> Iterator[ChildProcess]:
        """The child, which ends with the context."""
        self._children.append(child)
        try:
            yield child
        finally:
            self._children.remove(child)
            child.end()

    def check(self) -> bool:
        """False; ProcessEndedError if one has ended."""
        for child in self._children:
            code = child.exit_code()
            if code is not None:
                child.end()  # reads its last words
                last = child.last_lines[-1] if child.last_lines else 'it said nothing'
                raise ProcessEndedError(f'{child.name} ended with exit code {code}: {last}')
        return False
